"""Answers on the desk: found, read with all they rest on, changed by one person and approved by another."""

from datetime import timedelta

import pytest

from bots import inbox
from bots.answering import replays, versions
from bots.answering.content import form_of
from bots.answering.replay import Difference, Outcome
from scheduler import tasks
from tests.bots.answering.writing import TOPIC, WORDS, changed, now_said, shipped
from tests.conftest import NOW
from tests.web.conftest import STOP
from tests.web.doors import press, signed_in, words

EDIT = f"/answers/{TOPIC}/vi/edit"


def filled(browser, path=EDIT, **parts):
    """The form as it stands on the page, some boxes changed."""
    form = {**form_of(now_said()), **parts}
    return press(browser, path, on=EDIT, **{"began": now_said().digest, "version": "", "note": "", **form})


def version_id(answer):
    return int(answer.location.rpartition("/")[2])


@pytest.fixture
def draft(officer):
    answer = filled(officer, chat=WORDS)
    assert answer.status_code == 303
    return version_id(answer)


def reading(browser, number):
    page = browser.get(f"/answers/versions/{number}").get_data(as_text=True)
    return page.partition('name="digest" value="')[2][:64]


def approved(officer, second_officer, number):
    press(officer, f"/answers/versions/{number}/submit")
    return press(second_officer, f"/answers/versions/{number}/approve", digest=reading(second_officer, number))


@pytest.mark.parametrize("find", ["tien coc", "tiền cọc", "TIỀN CỌC"])
def test_found_with_accents_or_none(officer, find):
    said = words(officer.get("/answers", query_string={"find": find}))
    assert shipped().answer("deposit", "vi").title in said
    assert shipped().answer("goodbye", "vi").title not in said


def test_nothing_found_says_so(officer):
    assert "zzzz" not in words(officer.get("/answers?find=zzzz")).replace('value="zzzz"', "")


def test_one_answer_shows_all_it_says_and_rests_on(officer):
    said = words(officer.get(f"/answers/{TOPIC}"))
    for language in ("vi", "en"):
        answer = shipped().answer(TOPIC, language)
        assert answer.title in said
        assert " ".join(answer.sms_unaccented.split()) in said
    fact = shipped().facts[shipped().answer(TOPIC, "vi").sources[0]]
    assert " ".join(fact.claim_vi.split()) in said
    assert fact.source_date.startswith("undated"), "the fact of this story says no date"
    assert fact.source_date.replace("undated", "không ghi ngày") in said and "undated" not in said


def test_why_is_told(officer):
    answer = press(officer, "/answers/try", question="phí đi hàn quốc EPS hết bao nhiêu", topic=TOPIC)
    assert answer.status_code == 200
    assert "like:" in words(answer)


def test_the_walk(officer, second_officer, rt, app):
    """Draft, submitted, not approved by its author, approved by another: the bot says it, then the old words again."""
    number = version_id(filled(officer, chat=WORDS))
    assert press(officer, f"/answers/versions/{number}/submit").status_code == 303
    own = press(officer, f"/answers/versions/{number}/approve", digest=reading(second_officer, number))
    assert own.status_code == 422
    assert press(second_officer, f"/answers/versions/{number}/approve", digest="0" * 64).status_code == 422
    rt.answers._next_look = 0.0
    assert asked(rt, "eps hàn quốc là gì") != WORDS
    done = press(second_officer, f"/answers/versions/{number}/approve", digest=reading(second_officer, number))
    assert done.status_code == 303
    rt.answers._next_look = 0.0
    assert WORDS in asked(rt, "eps hàn quốc là gì")
    gone = press(second_officer, f"/answers/versions/{number}/withdraw", note="Sở báo đổi")
    assert gone.status_code == 303
    rt.answers._next_look = 0.0
    assert now_said().answer.chat in asked(rt, "eps hàn quốc là gì")


def asked(rt, text):
    """What somebody in the terminal is told."""
    turn_id = inbox.receive(rt.db, platform="terminal", address="a", text=text, provider_id=None, now=NOW)
    return inbox.answer(rt.db, rt.engine, turn_id, NOW, rt.leaves).said.reply


def test_two_writers_see_each_other_and_lose_nothing(officer, second_officer, draft):
    late = filled(second_officer, chat="Lời của người thứ hai.")
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert "Lời của người thứ hai." in page
    assert WORDS.split(".")[0] in page
    assert f'name="version" value="{draft}"' in page
    again = filled(second_officer, chat="Lời của người thứ hai.", version=str(draft), began=changed().digest)
    assert version_id(again) == draft


def test_what_cannot_be_read_stays_in_its_box(officer):
    answer = filled(officer, expires="ngày mai", chat="Lời đang viết dở")
    assert answer.status_code == 422
    assert "Lời đang viết dở" in answer.get_data(as_text=True)
    assert "ngày mai" in answer.get_data(as_text=True)


def test_checking_keeps_nothing(officer, rt):
    answer = filled(officer, chat="Gọi 0909 123 456", do="look")
    assert answer.status_code == 200
    assert "0909 123 456" in words(answer)
    assert versions.history(rt.db, TOPIC) == []


def test_a_draft_with_faults_is_kept_but_cannot_be_submitted(officer):
    number = version_id(filled(officer, chat="Gọi 0909 123 456"))
    assert press(officer, f"/answers/versions/{number}/submit").status_code == 422


def test_a_new_topic(officer, second_officer, rt):
    assert press(officer, "/answers/new", topic="Có dấu", group="help").status_code == 422
    assert press(officer, "/answers/new", topic=TOPIC, group="help").status_code == 422
    answer = press(officer, "/answers/new", topic="new-thing", group="help")
    assert answer.location.endswith("/answers/new-thing/vi/edit?group=help")
    page = officer.get(answer.location)
    assert page.status_code == 200
    parts = {"title": "Chủ đề mới", "questions": "chu de moi tinh\nhoi ve chu de moi", "group": "help"}
    number = version_id(filled(officer, answer.location, began="", **parts))
    assert words(officer.get(f"/answers/versions/{number}")).count("Chủ đề mới")
    assert officer.get("/answers/new-thing").status_code == 200
    assert approved(officer, second_officer, number).status_code == 303
    rt.answers._next_look = 0.0
    assert "new-thing" not in rt.book.topics


def test_returned_with_a_note(officer, second_officer, draft):
    press(officer, f"/answers/versions/{draft}/submit")
    assert press(second_officer, f"/answers/versions/{draft}/return", note="").status_code == 422
    assert press(second_officer, f"/answers/versions/{draft}/return", note="Thiếu giờ gọi").status_code == 303
    assert "Thiếu giờ gọi" in words(officer.get(f"/answers/versions/{draft}"))


@pytest.mark.parametrize("step", ["submit", "approve", "return", "withdraw", "replay"])
def test_who_only_reads_changes_nothing(app, rt, officer, draft, step):
    reader = signed_in(app, rt, "hoa@anlo.example")
    assert press(reader, f"/answers/versions/{draft}/{step}", note="x").status_code == 403
    assert reader.get(EDIT).status_code == 403
    assert reader.get(f"/answers/versions/{draft}").status_code == 200


@pytest.mark.parametrize("path", ["no such", "nowhere", "versions/999", "NEW/vi/edit"])
def test_what_is_not_there(officer, path):
    assert officer.get(f"/answers/{path}").status_code == 404


def test_a_replay_is_worked_out_and_shown(officer, app, rt, monkeypatch):
    monkeypatch.setattr(replays, "measuring", lambda: ())
    turn_id = inbox.receive(rt.db, platform="web", address="x", text="eps hàn quốc là gì 0912345678", provider_id=None,
                            now=NOW)  # fmt: skip
    inbox.answer(rt.db, rt.engine, turn_id, NOW, lambda *_: False)
    moved = version_id(filled(officer, chat=WORDS, title="Một tiêu đề khác"))
    assert press(officer, f"/answers/versions/{moved}/replay").status_code == 303
    assert "data-poll" in officer.get(f"/answers/versions/{moved}").get_data(as_text=True)
    assert tasks.replay_answers(rt, STOP)["replays"] == 1
    page = words(officer.get(f"/answers/versions/{moved}/replay"))
    assert "0912345678" not in page
    replay = replays.newest(rt.db, versions.history(rt.db, TOPIC)[0])
    assert (replay.status, replay.current, replay.result.asked) == ("done", True, 1)


def test_what_people_asked_is_for_who_may_read_conversations(app, officer, rt):
    secret = "chuyện riêng của người hỏi 0912345678"
    found = [Difference(secret, "asked", "", Outcome("korea-eps", "answer"), Outcome("deposit", "answer"))]
    number = version_id(filled(officer, chat=WORDS))
    replays.ask(rt.db, number, by=None, now=NOW)
    result = replays.Result(1, 0, tuple(found))
    with rt.db.transaction() as c:
        row = replays.store.claim_replay(c, "w", NOW, NOW)
        replays.store.end_replay(c, row["id"], "w", status="done", done_at=NOW,
                                 result_sealed=replays._sealed(rt.db, result))  # fmt: skip
    path = f"/answers/versions/{number}"
    assert "chuyện riêng" not in words(officer.get(path))
    seen = words(signed_in(app, rt, "hoa@anlo.example").get(path))
    assert "chuyện riêng của người hỏi" in seen
    assert "0912345678" not in seen


def test_the_list_of_what_grows_old(officer):
    said = words(officer.get("/answers/due"))
    assert "uk-temp-shortage-list" in said


def test_home_warns_before_answers_expire(app, rt):
    soonest = min(answer.expires for topic in shipped().topics.values() for answer in topic.answers.values())
    for days, warned in ((31, False), (30, True), (-1, True)):
        day = soonest - timedelta(days=days)
        object.__setattr__(rt, "clock", lambda day=day: NOW.replace(year=day.year, month=day.month, day=day.day))
        page = signed_in(app, rt, "lan@anlo.example").get("/").get_data(as_text=True)
        assert ("/answers/due" in page) is warned
