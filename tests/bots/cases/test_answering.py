"""Staff write to the person: only whoever has the case, never unknowingly after a colleague, never as the machine."""

import threading
import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import select

from bots import sending
from bots.cases import answering, queue, work
from bots.platform import ChatTraits
from campaigns import consent
from db.tables import turns
from messages.errors import Mistake
from tests.bots.cases.people import NUMBER, change_talk, claimed, handed_over, machine_says, minutes, talk_of, writes
from tests.bots.cases.test_work import refused

HOURS = 8
SPEAKS = "Cán bộ An Lộ đang trả lời bạn:"
SPEAKS_UNACCENTED = "Can bo An Lo dang tra loi ban:"


@pytest.fixture
def say(db, now, book):
    def say(case, officer, text="Bạn đang ở đâu?", *, at=now, seen=10_000, traits=None):
        return answering.reply(db, case.id, by=officer.id, text=text, seen=seen, now=at, silent_hours=HOURS, book=book,
                               traits=traits)
    return say


def written(db, turn_id):
    with db.reading() as c:
        row = c.execute(select(turns).where(turns.c.id == turn_id)).one()
    return row, db.seal.open(row.text_sealed, "turns.text")


def test_the_first_reply_says_that_a_person_speaks_and_the_next_only_what_was_written(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    _, first = written(db, say(case, desk.lan))
    row, second = written(db, say(case, desk.lan, "Có ai cạnh bạn không?", at=now + minutes(2)))
    assert (first, second) == (f"{SPEAKS}\n\nBạn đang ở đâu?", "Có ai cạnh bạn không?")
    assert (row.direction, row.status, row.written_by, row.topic, row.language) == (
        "out", "to-send", desk.lan.id, None, "vi")
    assert [event.kind for event in queue.events(db, case.id)][-2:] == ["replied", "replied"]


def test_the_machine_is_silent_from_now_and_the_case_is_answered(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    say(case, desk.lan)
    say(case, desk.lan, "Alo?", at=now + minutes(30))
    case = queue.show(db, desk.lan, case.id)
    assert (case.answered_at, case.attended_by) == (now, desk.lan.id)
    assert case.attended_until == now + minutes(30) + timedelta(hours=HOURS)


def test_after_the_machine_spoke_again_a_person_says_again_who_speaks(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    say(case, desk.lan)
    _, text = written(db, say(case, desk.lan, "Alo?", at=now + timedelta(hours=HOURS, minutes=1)))
    assert text == f"{SPEAKS}\n\nAlo?"


def test_a_persons_words_end_the_machines_announcement_that_it_is_back(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    change_talk(db, case, bot_returns=True)
    say(case, desk.lan)
    assert talk_of(db, case).bot_returns is False


@pytest.mark.parametrize("platform, status, sent", [
    ("zalo", "to-send", False), ("sms", "to-send", False), ("web", "sent", True), ("terminal", "sent", True),
])  # fmt: skip
def test_where_people_fetch_what_was_said_it_is_said_at_once(db, now, desk, say, platform, status, sent):
    case = claimed(db, now, desk.lan, platform=platform, who=NUMBER if platform == "sms" else "a")
    row, _ = written(db, say(case, desk.lan))
    assert (row.status, row.sent_at) == (status, now if sent else None)


@pytest.mark.parametrize("language, text, goes_out", [
    ("vi", "Ban o dau?", f"{SPEAKS_UNACCENTED} Ban o dau?"),
    ("vi", "Bạn ở đâu?", f"{SPEAKS} Bạn ở đâu?"),
    ("en", "Where are you?", "A person at An Lo is answering you now: Where are you?"),
    (None, "Ban o dau?", f"{SPEAKS_UNACCENTED} Ban o dau?"),
])  # fmt: skip
def test_by_sms_the_line_brings_no_accents_that_the_writer_left_out(db, now, desk, say, book, language, text, goes_out):
    case = claimed(db, now, desk.lan, platform="sms", who=NUMBER, language=language)
    draft = answering.draft(case, text, book=book, now=now)
    assert (draft.text, draft.count.segments) == (goes_out, 1)
    assert written(db, say(case, desk.lan, text))[1] == goes_out


def test_a_draft_in_a_chat_counts_no_sms(db, now, desk, book):
    case = claimed(db, now, desk.lan)
    assert answering.draft(case, " Chào bạn\r\n", book=book, now=now) == answering.Draft(f"{SPEAKS}\n\nChào bạn")


def test_what_is_written_goes_out_as_written_but_for_how_letters_are_stored(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    say(case, desk.lan)
    loose = unicodedata.normalize("NFD", "  Bạn ở đâu?\r\nNhà   nào?  ")
    assert written(db, say(case, desk.lan, loose))[1] == "Bạn ở đâu?\nNhà   nào?"


def test_too_much_and_nothing_are_refused(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    refused("case-reply-empty", say, case, desk.lan, " \n ")
    traits = ChatTraits(longest_text=100)
    fits = 100 - len(f"{SPEAKS}\n\n")
    mistake = refused("case-reply-too-long", say, case, desk.lan, "a" * (fits + 1), traits=traits)
    assert mistake.values == {"n": 101, "most": 100}
    say(case, desk.lan, "a" * fits, traits=traits)


def test_an_sms_of_too_many_parts_is_refused(db, now, desk, say):
    case = claimed(db, now, desk.lan, platform="sms", who=NUMBER)
    most = 153 * answering.MOST_SEGMENTS - len(f"{SPEAKS_UNACCENTED} ")
    mistake = refused("case-sms-too-long", say, case, desk.lan, "a" * (most + 1))
    assert mistake.values == {"n": answering.MOST_SEGMENTS + 1, "most": answering.MOST_SEGMENTS}
    say(case, desk.lan, "a" * most)


def test_only_whoever_has_the_case_writes(db, now, desk, say):
    case_id = handed_over(db, now)
    case = queue.show(db, desk.lan, case_id)
    refused("case-not-yours", say, case, desk.lan)
    work.claim(db, case_id, by=desk.lan.id, version=0, now=now)
    assert refused("case-taken", say, case, desk.minh).values == {"name": "Lan"}
    refused("case-not-allowed", say, case, desk.reader)
    work.close(db, case_id, by=desk.lan.id, outcome="helped", version=1, now=now)
    for officer in (desk.lan, desk.minh):
        refused("case-closed", say, case, officer)
    assert len(queue.said(db, desk.lan, case_id, now=now)) == 1


def test_who_lost_the_case_to_a_colleague_is_told_before_anything_goes_out(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    work.take_over(db, case.id, by=desk.minh.id, version=case.version, now=now)
    refused("case-moved-on", say, case, desk.lan)
    of_minh = say(case, desk.minh)
    [*_, heard, answer] = queue.said(db, desk.minh, case.id, now=now)
    assert (heard.direction, answer.id, answer.written_by) == ("in", of_minh, desk.minh.id)


def test_nobody_answers_after_a_colleague_without_having_read_it(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    seen = queue.said(db, desk.lan, case.id, now=now)[-1].id
    of_lan = say(case, desk.lan, seen=seen)
    work.take_over(db, case.id, by=desk.minh.id, version=case.version, now=now)
    assert refused("case-answered-meanwhile", say, case, desk.minh, seen=seen).values == {"name": "Lan"}
    say(case, desk.minh, seen=of_lan)


def test_words_that_end_an_earlier_reply_are_another_reply(db, now, desk, say):
    """From a page gone back to: "seen" is older than one's own last words."""
    case = claimed(db, now, desk.lan)
    first = say(case, desk.lan, "Chúng tôi đang tới, ở yên đó", seen=0)
    second = say(case, desk.lan, "ở yên đó", seen=0, at=now + minutes(1))
    assert second != first
    assert say(case, desk.lan, "Chúng tôi đang tới, ở yên đó", seen=0, at=now + minutes(2)) == first
    assert say(case, desk.lan, " ở yên đó\r\n", seen=0, at=now + minutes(2)) == second


def test_the_machine_and_ones_own_words_are_in_nobodys_way(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    seen = queue.said(db, desk.lan, case.id, now=now)[-1].id
    machine_says(db, case.conversation_id, now, "Gọi 111")
    writes(db, now, "alo")
    mine = [say(case, desk.lan, text, seen=seen) for text in ("Chị Lan đây", "Em ở đâu?")]
    assert [turn.id for turn in queue.said(db, desk.lan, case.id, now=now)][-2:] == mine


def test_two_presses_at_once_of_two_who_think_it_theirs_send_one_reply(db, now, desk, say):
    """One takes over while the other sends: whatever comes first, no second answer goes out unread."""
    case = claimed(db, now, desk.lan)
    seen = queue.said(db, desk.lan, case.id, now=now)[-1].id
    both = threading.Barrier(2, timeout=20)
    codes = []

    def attempt(*steps):
        both.wait()
        try:
            for step in steps:
                step()
        except Mistake as mistake:
            codes.append(mistake.code)

    threads = [
        threading.Thread(target=attempt, args=(lambda: say(case, desk.lan, seen=seen),)),
        threading.Thread(target=attempt, args=(
            lambda: work.take_over(db, case.id, by=desk.minh.id, version=case.version, now=now),
            lambda: say(case, desk.minh, seen=seen),
        )),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert codes in (["case-moved-on"], ["case-answered-meanwhile"])
    assert [turn.direction for turn in queue.said(db, desk.hoa, case.id, now=now)] == ["in", "out"]


def test_who_left_and_who_is_silent_too_long_cannot_be_written_to(db, now, desk, say):
    case = claimed(db, now, desk.lan)
    traits = ChatTraits(window=timedelta(days=7))
    say(case, desk.lan, at=now + timedelta(days=7), traits=traits)
    late = now + timedelta(days=7, seconds=1)
    assert refused("case-window-closed", say, case, desk.lan, at=late, traits=traits).values == {"days": 7}
    say(case, desk.lan, at=late, traits=ChatTraits(window=None))
    change_talk(db, case, gone_at=now)
    refused("case-person-gone", say, case, desk.lan)


def test_who_wants_no_messages_but_asked_is_answered(db, now, desk, say):
    case = claimed(db, now, desk.lan, platform="sms", who=NUMBER)
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index(NUMBER), channel="sms", reason="asked", now=now)
    turn_id = say(case, desk.lan)
    assert turn_id in [reply.turn_id for reply in sending.claim_replies(db, "me", 10, now)]


def test_a_reply_to_somebody_in_danger_leaves_before_others(db, now, desk, say):
    calm = claimed(db, now, desk.lan, who="a", danger="none", reason="asked for a person")
    danger = claimed(db, now, desk.lan, who="b", danger="red")
    later = [say(calm, desk.lan), say(danger, desk.lan)][::-1]
    assert [reply.turn_id for reply in sending.claim_replies(db, "me", 10, now)] == later


# -- approved answers


@pytest.mark.parametrize("words", ["đặt cọc", "dat coc", "ĐẶT  CỌC", "coc dat"])
def test_an_approved_answer_is_found_with_or_without_accents(book, words):
    found = answering.canned(book, "vi", "chat", words)
    assert found[0].topic == "deposit"
    assert found[0].title == book.answer("deposit", "vi").title
    assert len(found) == 8


def test_the_text_is_that_of_the_platform(book):
    answer = book.answer("deposit", "vi")
    forms = {channel: answering.canned(book, "vi", channel, answer.title, 1)[0].text for channel in (
        "chat", "sms", "sms-accented")}
    assert forms == {"chat": answer.chat.strip(), "sms": answer.sms_unaccented, "sms-accented": answer.sms}


def test_only_what_may_be_said_there_is_offered(book):
    found = answering.canned(book, "vi", "chat", "dat coc", may_say=frozenset({"agency-fees"}))
    assert [each.topic for each in found] == ["agency-fees"]


def test_no_words_are_every_answer_and_unknown_ones_none(book):
    assert len(answering.canned(book, "en", "chat", " ", limit=10_000)) == len(book.topics)
    assert answering.canned(book, "vi", "chat", "xyzzy") == []
