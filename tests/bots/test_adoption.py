"""Shipped answers are desk research: outside they are said only once this installation has adopted them."""

import dataclasses
from datetime import timedelta
from types import MappingProxyType

import pytest

from bots import adoption, desk, inbox, silence, wordings
from bots.help_lines import lines_of
from bots.model import NOT_ADOPTED, Context, Heard, OpenCase, phrase_key
from messages.errors import Mistake
from staff import accounts, audit
from tests import make
from tests.adopting import adopt_groups, call_lines

NUMBER = "+84912345678"
PASSPORT, RED = "lam ho chieu o dau", "cứu em với, em bị nhốt trong nhà ở Anh, nó đánh em"


def outside(platform, gateway):
    return True


def inside(platform, gateway):
    return False


def ask(db, engine, now, text, leaves=outside, platform="sms", address=NUMBER):
    """What is replied, through the inbox as a task would answer it."""
    turn = inbox.receive(db, platform=platform, address=address, text=text, provider_id=None, now=now)
    return inbox.answer(db, engine, turn, now, leaves).said


def officer(db, now, role="officer"):
    token = accounts.add(db, email=f"{role}@example.vn", role=role, now=now)
    return accounts.redeem(db, token=token, now=now).id


def changed(book, topic, **texts):
    """The book with another text in the Vietnamese answer of `topic`, as a new release would bring it."""
    was = book.topics[topic]
    answers = {**was.answers, "vi": dataclasses.replace(was.answers["vi"], **texts)}
    topics = {**book.topics, topic: dataclasses.replace(was, answers=MappingProxyType(answers))}
    return dataclasses.replace(book, topics=MappingProxyType(topics))


def speaking(engine, book):
    return type(engine)(book, engine.router, engine.alarm)


# -- the walk --------------------------------------------------------------------------------------------------------


def test_not_adopted_then_adopted_then_changed(db, now, engine):
    book = engine.book
    said = ask(db, engine, now, PASSPORT)
    assert said.reply == book.phrase("not_adopted", "vi", "sms")
    assert [(case.danger, case.reason) for case in make.open_cases(db)] == [("none", NOT_ADOPTED)]

    adopt_groups(db, book, "papers", now=now)
    said = ask(db, engine, now, PASSPORT)
    assert said.reply == book.answer("passport-apply", "vi").sms_unaccented
    assert not said.withheld

    after = speaking(engine, changed(book, "passport-apply", chat="Hỏi công an.", sms="Hỏi.", sms_unaccented="Hoi."))
    now += timedelta(hours=2)  # by SMS the same words get no third answer within an hour
    assert ask(db, after, now, PASSPORT).reply == book.phrase("not_adopted", "vi", "sms")
    state = adoption.state(db, after.book)["papers"]
    assert (state.state, state.open) == ("changed", ("passport-apply",))

    adopt_groups(db, after.book, "papers", now=now)
    assert ask(db, after, now, PASSPORT).reply == "Hoi."


def test_on_the_doors_of_this_machine_everything_is_said(db, now, engine):
    assert ask(db, engine, now, PASSPORT, leaves=inside).topic == "passport-apply"
    assert make.open_cases(db) == []


def test_who_names_no_door_says_nothing_that_is_not_adopted(db, now, engine):
    turn = inbox.receive(db, platform="web", address="x", text=PASSPORT, provider_id=None, now=now)
    assert inbox.answer(db, engine, turn, now).said.withheld


def test_the_desk_sees_what_was_asked_and_the_page_shows_no_source_under_the_reply(db, now, engine):
    ask(db, engine, now, PASSPORT, platform="web", address="x")
    asked, replied = desk.conversation_of(db, platform="web", address="x")
    assert (asked.topic, replied.topic) == ("passport-apply", None)
    assert NOT_ADOPTED in asked.why


@pytest.mark.parametrize("phrases", [False, True], ids=["nothing adopted", "phrases adopted"])
def test_a_cry_for_help_is_answered_whatever_is_adopted(db, now, engine, phrases):
    if phrases:
        adopt_groups(db, engine.book, "phrases", now=now)
    said = ask(db, engine, now, RED)
    assert said.reply in (engine.book.phrase("red_uk", "vi", form) for form in ("sms", "sms-accented"))
    assert "999" in said.reply
    assert [case.danger for case in make.open_cases(db)] == ["red"]


def test_stop_is_confirmed_whatever_is_adopted(db, now, engine):
    assert ask(db, engine, now, "TU CHOI").reply == engine.book.phrase("opted_out", "vi", "sms")


def test_a_flood_is_met_with_silence_where_its_sentence_is_not_adopted(db, now, engine):
    replies = [ask(db, engine, now, f"{PASSPORT} {n}").reply for n in range(silence.FLOOD_MESSAGES + 2)]
    assert replies[-2:] == ["", ""]
    adopt_groups(db, engine.book, "phrases", now=now)
    later = now + timedelta(hours=1)
    replies = [ask(db, engine, later, f"{PASSPORT} {n}").reply for n in range(silence.FLOOD_MESSAGES + 1)]
    assert replies[-1] == engine.book.phrase("slow_down", "vi", "sms")


# -- the engine with part of the book --------------------------------------------------------------------------------


def names(book, *groups):
    found = wordings.groups(book)
    return frozenset(name for group in groups for name in found[group])


def say(engine, text, may_say, **heard):
    context = heard.pop("context", Context(greeted=True))
    return engine.respond(Heard(text, context=context, may_say=may_say, **heard))


SOME = [
    PASSPORT, "alo", "deposit", "giá lợn hơi hôm nay", "gặp cán bộ", "english please", "😀", "x" * 2000, "phí", RED,
    "chủ giữ hộ chiếu của em không cho về", "đi hàn quốc làm việc thì cần những gì\nlàm hộ chiếu ở đâu vậy ạ",
    "is it dangerous to cross the channel in a small boat", "còn Hàn Quốc?", "ai đang nhắn đấy", "Bonjour monsieur",
    "THEM", "Tuyển gấp đi Úc làm nông trại lương 120 triệu, không cần tiếng, cọc giữ chỗ 30 triệu, zalo 0912345678",
]  # fmt: skip


@pytest.mark.parametrize("text", SOME)
@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_with_nothing_adopted_nothing_but_the_exceptions_is_said(engine, text, channel):
    """Every paragraph is one of the phrases that are always said."""
    said = say(engine, text, frozenset(), channel=channel, context=Context())
    form = {"chat": ("chat",), "sms": ("sms", "sms-accented")}[channel]
    always = [name for name in engine.book.phrases["vi"]
              if name in ("opted_out", "opted_in", "not_adopted") or name.startswith("red_")]
    allowed = {engine.book.phrase(name, language, one) for name in always for language in ("vi", "en") for one in form}
    assert said.reply in allowed
    assert said.choices == ()
    assert said.context.offered == ()
    assert any(isinstance(effect, OpenCase) for effect in said.effects)


@pytest.mark.parametrize("text", SOME)
def test_with_everything_adopted_all_is_as_on_this_machine(engine, text):
    everything = names(engine.book, *wordings.groups(engine.book))
    assert say(engine, text, everything) == say(engine, text, None)


def test_nothing_is_offered_that_would_not_be_answered(engine):
    offered = say(engine, PASSPORT, None).context.offered
    may_say = names(engine.book, "phrases", "papers")
    said = say(engine, PASSPORT, may_say)
    assert said.reply == engine.book.answer("passport-apply", "vi").chat
    assert said.context.offered == tuple(topic for topic in offered if topic in may_say)
    assert len(said.choices) == len(said.context.offered) < len(offered)


def test_of_two_questions_the_adopted_one_is_answered(engine):
    text = "Làm hộ chiếu ở đâu vậy ạ?\nĐi xuồng qua Anh có nguy hiểm không?"
    assert engine.book.phrase("two_questions", "vi", "chat") in say(engine, text, None).reply
    said = say(engine, text, names(engine.book, "phrases", "papers"))
    assert engine.book.answer("passport-apply", "vi").chat in said.reply
    assert said.reply.endswith(engine.book.phrase("not_adopted", "vi", "chat"))
    assert [effect.reason for effect in said.effects] == [NOT_ADOPTED]


def test_of_two_questions_by_sms_only_what_may_be_said_is_offered(engine):
    text, menu = "Làm hộ chiếu ở đâu vậy ạ?\nĐi xuồng qua Anh có nguy hiểm không?", "Nhan so de chon"
    assert menu in say(engine, text, None, channel="sms").reply
    said = say(engine, text, names(engine.book, "phrases", "risk"), channel="sms")
    assert said.reply.startswith(engine.book.answer("small-boat-risk", "vi").sms_unaccented)
    assert menu not in said.reply
    assert [effect.reason for effect in said.effects] == [NOT_ADOPTED]


def test_a_machine_that_may_not_introduce_itself_yet_does_so_later(engine):
    said = say(engine, PASSPORT, names(engine.book, "papers"), context=Context())
    assert said.reply == engine.book.answer("passport-apply", "vi").chat
    assert not said.context.greeted
    later = say(engine, PASSPORT, names(engine.book, "papers", "phrases"), context=said.context)
    assert later.reply.startswith(engine.book.phrase("first_message", "vi", "chat"))


def test_a_warning_that_may_not_be_said_calls_a_person(engine):
    text = "tuần sau em đi chui sang Anh, đã cọc cho đường dây 50 triệu rồi"
    warned = say(engine, text, None)
    assert warned.danger == "amber"
    said = say(engine, text, names(engine.book, *wordings.groups(engine.book)) - {phrase_key("amber")})
    assert [effect.danger for effect in said.effects if isinstance(effect, OpenCase)] == ["amber"]
    assert engine.book.phrase("amber", "vi", "chat") not in said.reply


# -- help lines ------------------------------------------------------------------------------------------------------


def test_every_number_of_a_group_is_found_with_its_fact_and_where_it_is_said(book):
    found = {line.number: line for line in lines_of(book, "phrases")}
    assert {"111", "999", "08000 121 700", "112", "+84 981 84 84 84"} <= found.keys()
    assert "uk-modern-slavery-line" in found["08000 121 700"].facts
    assert phrase_key("red_uk") in found["08000 121 700"].said_in
    assert {number for number, line in found.items() if line.emergency} == {"112", "999"}


def test_every_number_said_anywhere_rests_on_a_fact(book):
    lines = [line for group in wordings.groups(book) for line in lines_of(book, group)]
    assert [line.number for line in lines if not line.facts] == []


@pytest.mark.parametrize("spelling", ["+84981848484", "0084 981 84 84 84", "0981-848-484"])
def test_a_number_is_ticked_off_in_any_spelling(db, now, book, spelling):
    line = adoption.check_line(db, book, number=spelling, outcome="answered", by=None, now=now)
    assert line.number == "+84 981 84 84 84"


@pytest.mark.parametrize("number", ["0912345678", "", "abc", "1", "<script>"])
def test_a_number_nobody_says_is_no_help_line(db, now, book, number):
    with pytest.raises(Mistake, match="line-unknown"):
        adoption.check_line(db, book, number=number, outcome="answered", by=None, now=now)


def test_a_call_has_one_of_three_outcomes(db, now, book):
    with pytest.raises(Mistake, match="line-outcome-wrong"):
        adoption.check_line(db, book, number="111", outcome="fine", by=None, now=now)


@pytest.mark.parametrize(
    ("calls", "refused"),
    [
        ([], True),
        ([("answered", 0)], False),
        ([("answered", adoption.CALL_HOLDS.days)], False),
        ([("answered", adoption.CALL_HOLDS.days + 1)], True),
        ([("unanswered", 0)], True),
        ([("answered", 2), ("wrong", 1)], True),
        ([("wrong", 2), ("answered", 1)], False),
    ],
    ids=["never called", "today", "just in time", "too long ago", "nobody there", "since found wrong", "mended"],
)
def test_a_group_is_adopted_only_after_its_help_lines_were_reached(db, now, book, calls, refused):
    for outcome, days in calls:
        call_lines(db, book, "law", now - timedelta(days=days), outcome)
    assert bool(adoption.state(db, book)["law"].untested(now)) is refused
    if refused:
        with pytest.raises(Mistake, match="answers-lines-untested") as caught:
            adoption.adopt(db, book, "law", by=None, now=now)
        assert "111" in caught.value.sentence("en")
        assert adoption.state(db, book)["law"].state == "not adopted"
    else:
        adoption.adopt(db, book, "law", by=None, now=now)
        assert adoption.state(db, book)["law"].state == "adopted"


def test_the_lines_of_red_messages_are_told_until_they_were_called(db, now, book):
    assert "08000 121 700" in adoption.untested(db, book, now)
    call_lines(db, book, "phrases", now)
    assert adoption.untested(db, book, now) == ()
    assert adoption.untested(db, book, now + adoption.CALL_HOLDS + timedelta(days=1)) != ()


# -- who, what, when -------------------------------------------------------------------------------------------------


def test_who_adopted_what_is_kept_and_audited_with_its_digest(db, now, book):
    by = officer(db, now)
    call_lines(db, book, "law", now)
    before = adoption.state(db, book)["law"]
    adoption.adopt(db, book, "law", by=by, now=now, note="  họp ngày 30/11  ", read=before.digest)
    state = adoption.state(db, book)["law"]
    assert (state.who, state.when, state.note) == (by, now, "họp ngày 30/11")
    [row] = audit.latest(db, 1, about="answers:law")
    assert (row.actor, row.action) == (f"staff:{by}", "answers.adopt")
    assert before.digest in row.detail
    [row] = audit.latest(db, 1, about="line:111")
    assert (row.actor, row.action) == ("machine", "answers.call")


@pytest.mark.parametrize("role", ["staff", "safeguard"])
def test_only_an_approver_adopts_or_notes_a_call(db, now, book, role):
    by = officer(db, now, role)
    call_lines(db, book, "law", now)
    with pytest.raises(Mistake, match="answers-not-approver"):
        adoption.adopt(db, book, "law", by=by, now=now)
    with pytest.raises(Mistake, match="answers-not-approver"):
        adoption.check_line(db, book, number="111", outcome="answered", by=by, now=now)


def test_what_changed_while_it_was_read_is_not_adopted(db, now, book):
    call_lines(db, book, "papers", now)
    read = adoption.state(db, book)["papers"].digest
    after = changed(book, "passport-apply", sms_unaccented="Hoi cong an.")
    with pytest.raises(Mistake, match="answers-moved"):
        adoption.adopt(db, after, "papers", by=None, now=now, read=read)


def test_a_group_that_does_not_exist(db, now, book):
    with pytest.raises(Mistake, match="answers-group-unknown"):
        adoption.adopt(db, book, "weather", by=None, now=now)


@pytest.mark.parametrize(
    ("texts", "open_after"),
    [
        ({"chat": "Khác."}, ("passport-apply",)),
        ({"title": "Khác"}, ("passport-apply",)),
        ({"sources": ("hotline-111",)}, ("passport-apply",)),
        ({"questions": ("câu hỏi khác",)}, ()),
    ],
    ids=["text", "title", "sources", "example questions are not said"],
)
def test_what_counts_as_a_change(db, now, book, texts, open_after):
    adopt_groups(db, book, "papers", now=now)
    assert adoption.state(db, changed(book, "passport-apply", **texts))["papers"].open == open_after


def test_a_phrase_that_changed_falls_out_by_itself(db, now, book):
    adopt_groups(db, book, "phrases", now=now)
    phrases = {language: dict(those) for language, those in book.phrases.items()}
    phrases["en"]["abstain"] = dataclasses.replace(phrases["en"]["abstain"], chat="Other words.")
    after = dataclasses.replace(book, phrases=phrases)
    assert adoption.state(db, after)["phrases"].open == (phrase_key("abstain"),)
    assert names(book, "phrases") - adoption.may_say(db, after) == {phrase_key("abstain")}


def test_every_topic_phrase_and_sign_is_in_one_group(book):
    found = [name for group in wordings.groups(book).values() for name in group]
    assert len(found) == len(set(found)) == len(book.topics) + len(book.phrases["vi"]) + len(book.flags["vi"])


# -- cheap -----------------------------------------------------------------------------------------------------------


def test_what_may_be_said_is_worked_out_anew_only_when_something_was_adopted(db, now, book, monkeypatch):
    worked_out = []
    digests = wordings.digests
    monkeypatch.setattr(wordings, "digests", lambda *args: worked_out.append(1) or digests(*args))
    assert adoption.may_say(db, book) == adoption.may_say(db, book) == frozenset()
    assert len(worked_out) == 1
    adopt_groups(db, book, "law", now=now)
    worked_out.clear()
    assert adoption.may_say(db, book) == adoption.may_say(db, book) == names(book, "law")
    assert len(worked_out) == 1
