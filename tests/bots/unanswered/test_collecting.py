"""What was not answered is taken in once, masked and sealed; nothing else is."""

import re
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select, update
from sqlalchemy import text as text_of

from bots.unanswered import collecting, deciding, recounting, showing, store
from bots.unanswered.model import week_of
from db.tables import turns
from scheduler import tasks
from tests import make
from tests.bots.answering.writing import shipped
from tests.bots.unanswered.asking import BANK, LICENCE, Deaf, ask, came_by, collect, judge, kept, many
from tests.conftest import NOW
from tests.scheduler.make_rt import a_runtime

DEAF = Deaf(shipped(), phí="deposit")


def test_five_wordings_are_one_group(db):
    for person, text in enumerate([*LICENCE, *BANK]):
        ask(db, DEAF, text, person=f"p{person}")
    assert collect(db, shipped()) == {"questions": 10}
    first, second = showing.groups(db, now=NOW)
    assert (first.asked, first.people, first.weeks[-1]) == (5, 5, 5)
    assert {group for group, *_ in kept(db)} == {first.id, second.id}
    texts = {each.text for each in showing.wordings(db, first.id)}
    assert texts in ({*LICENCE}, {*BANK})


def test_what_is_taken_in_once_is_not_taken_again(db):
    ask(db, DEAF, LICENCE[0])
    assert collect(db, shipped()) == {"questions": 1}
    assert collect(db, shipped()) == {}
    ask(db, DEAF, LICENCE[1])
    assert collect(db, shipped()) == {"questions": 1}
    assert len({group for group, *_ in kept(db)}) == 1


def test_limited_it_goes_on_where_it_stopped(db):
    for person, text in enumerate(LICENCE):
        ask(db, DEAF, text, person=f"p{person}")
    assert [collect(db, shipped(), limit=2) for _ in range(4)] == [
        {"questions": 2}, {"questions": 2}, {"questions": 1}, {}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["cứu em với em bị nhốt", "phí bao nhiêu", "0912 345 678", "?", "我想去英国工作可以吗", "xin " * 200, "ok"],
    ids=["danger", "answered", "a number", "no words", "another language", "a pasted page", "one word"],
)
def test_not_taken_in(db, text):
    ask(db, DEAF, text)
    assert collect(db, shipped()) == {}
    assert kept(db) == []


def test_the_terminal_is_not_people(db):
    ask(db, DEAF, LICENCE[0], platform="terminal")
    collect(db, shipped())
    assert kept(db) == []


def test_a_picture_asks_nothing(db):
    ask(db, DEAF, LICENCE[0])
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.direction == "in").values(kind="image"))
    collect(db, shipped())
    assert kept(db) == []


def test_what_a_person_answered_is_theirs(db):
    """While somebody of the staff answers the machine says nothing, and has failed at nothing."""
    reply = ask(db, DEAF, LICENCE[0])
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == reply).values(written_by=1))
    collect(db, shipped())
    assert kept(db) == []


def test_an_answer_judged_unhelpful(db):
    good, bad = ask(db, DEAF, "phí đi hàn hết bao nhiêu"), ask(db, DEAF, "phí môi giới có đòi lại được không")
    judge(db, good, True)
    collect(db, shipped())
    judge(db, bad, False)
    assert collect(db, shipped()) == {"questions": 1}
    assert [(why, text) for _, why, text, *_ in kept(db)] == [("not-helpful", "phí môi giới có đòi lại được không")]


def test_a_complaint_is_about_the_question_before(db):
    ask(db, DEAF, "phí đi hàn hết bao nhiêu")
    ask(db, DEAF, "không đúng ý tôi")
    ask(db, DEAF, "không đúng ý tôi")
    assert collect(db, shipped()) == {"questions": 1}
    assert [(why, text) for _, why, text, *_ in kept(db)] == [("not-helpful", "phí đi hàn hết bao nhiêu")]


def test_a_complaint_about_no_answer_adds_nothing(db):
    ask(db, DEAF, LICENCE[0])
    ask(db, DEAF, "không đúng ý tôi")
    assert collect(db, shipped()) == {"questions": 1}
    assert [why for _, why, *_ in kept(db)] == ["abstained"]


def test_nothing_personal_lies_in_the_database(sqlite_db, tmp_path):
    said = "tên em là Nguyễn Văn Hùng 0912 345 678 zalo: hungvip bằng lái đổi ở anh được không phí 50.000.000đ"
    ask(sqlite_db, DEAF, said)
    collect(sqlite_db, shipped())
    assert [text for *_, text, _, _ in kept(sqlite_db)] == [
        "tên em là … … zalo: … bằng lái đổi ở anh được không phí 50.000.000đ"
    ]
    with sqlite_db.transaction() as c:
        c.exec_driver_sql("PRAGMA user_version")
    found = b"".join(path.read_bytes() for path in tmp_path.glob("an-lo.db*"))
    for part in ("Hùng", "0912", "hungvip", "bằng lái", "345 678"):
        assert part.encode() not in found, part


def test_where_and_when(db):
    make.area(db, "40001", "Yên Thành")
    make.people(db, 1, first=7, area="40001")
    ask(db, DEAF, LICENCE[0], platform="sms", person=make.number(7))
    began = ask(db, DEAF, LICENCE[1], person="by-poster")
    came_by(db, began, "40001")
    came_by(db, ask(db, DEAF, LICENCE[2], person="by-nothing"), "no-such-place")
    collect(db, shipped())
    assert [(area, week) for *_, area, week in kept(db)] == [("40001", "2026-11-30")] * 2 + [(None, "2026-11-30")]
    assert showing.groups(db, now=NOW, area="40001")[0].asked == 2
    assert showing.groups(db, now=NOW, week="2026-11-23") == []
    assert showing.areas(db) == ["40001"]


def test_the_week_is_that_of_vietnam():
    monday_in_vinh = NOW.replace(day=6, hour=17)  # Sunday 17:00 UTC
    assert week_of(monday_in_vinh) == "2026-12-07"
    assert week_of(monday_in_vinh - timedelta(minutes=1)) == "2026-11-30"


def test_made_up_people_teach_nothing(db):
    make.people(db, 1, first=8, made_up=True)
    ask(db, DEAF, LICENCE[0], platform="sms", person=make.number(8))
    collect(db, shipped())
    assert kept(db) == []


def test_what_waits_holds_the_place(db):
    """A message that is answered late is not passed over."""
    late = ask(db, DEAF, LICENCE[0], person="late")
    ask(db, DEAF, LICENCE[1], person="quick")
    with db.transaction() as c:
        first = c.execute(select(turns.c.reply_to).where(turns.c.id == late)).scalar_one()
        c.execute(update(turns).where(turns.c.id == first).values(status="waiting"))
    collect(db, shipped())
    assert kept(db) == []
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == first).values(status="answered"))
    assert collect(db, shipped()) == {"questions": 2}


def test_too_fresh_waits_a_minute(db):
    ask(db, DEAF, LICENCE[0])
    assert collect(db, shipped(), after=timedelta(seconds=59)) == {}
    assert collect(db, shipped(), after=timedelta(seconds=61)) == {"questions": 1}


def test_two_workers_at_once_take_it_in_once(db, monkeypatch):
    ask(db, DEAF, LICENCE[0])
    placed = collecting._placed

    def while_another_does_it(*given):
        monkeypatch.setattr(collecting, "_placed", placed)
        assert collect(db, shipped()) == {"questions": 1}
        return placed(*given)

    monkeypatch.setattr(collecting, "_placed", while_another_does_it)
    assert collect(db, shipped()) == {}
    assert len(kept(db)) == 1


def test_languages_do_not_mix(db):
    ask(db, DEAF, "can I use my Vietnamese driving licence in the UK", person="en", language="en")
    ask(db, DEAF, LICENCE[0], person="vi")
    collect(db, shipped())
    assert sorted(group.language for group in showing.groups(db, now=NOW)) == ["en", "vi"]


def test_many_at_once(sqlite_db):
    many(sqlite_db, [f"câu hỏi lạ số{n} về chuyện{n} chưa ai dạy{n}" for n in range(300)])
    assert collect(sqlite_db, shipped()) == {"questions": 300}


def test_one_person_who_asks_a_hundred_times_does_not_stand_before_the_others(db):
    for _ in range(10):
        ask(db, DEAF, BANK[0], person="loud")
    for person, text in enumerate(LICENCE):
        ask(db, DEAF, text, person=f"p{person}")
    collect(db, shipped())
    first, second = showing.groups(db, now=NOW)
    assert [(first.people, first.asked), (second.people, second.asked)] == [(5, 5), (1, 10)]
    told = [(each.id, each.line, each.people) for each in showing.most_asked(db, limit=8)]
    assert told == [(group.id, group.line, group.people) for group in (first, second)]
    assert [each.id for each in showing.most_asked(db, limit=1)] == [first.id]


def test_people_are_counted_once_a_group_and_counting_anew_says_the_same(db):
    for person, text in [("a", LICENCE[0]), ("a", LICENCE[1]), ("b", LICENCE[2]), ("a", BANK[0])]:
        ask(db, DEAF, text, person=person)
    collect(db, shipped(), limit=2)
    collect(db, shipped())
    groups = {group.id: (group.asked, group.people) for group in showing.groups(db, now=NOW)}
    assert sorted(groups.values()) == [(1, 1), (3, 2)]
    assert {each.id: each.people for each in showing.most_asked(db, limit=9)} == {
        group: people for group, (_, people) in groups.items()
    }
    assert recounting.recount(db) == {}
    wrong = max(groups, key=groups.get)
    with db.transaction() as c:
        store.count(c, wrong, asked=7, people=1)
    assert recounting.recount(db) == {("question_groups", "asked", wrong): (7, 3),
                                      ("question_groups", "people", wrong): (1, 2)}  # fmt: skip
    assert recounting.recount(db) == {}


def test_an_answer_of_long_ago_is_not_looked_at_again(db):
    judge(db, ask(db, DEAF, "phí đi hàn hết bao nhiêu", at=NOW - timedelta(days=31)), False)
    judge(db, ask(db, DEAF, "phí môi giới có đòi lại được không", at=NOW - timedelta(days=3)), False)
    collect(db, shipped())
    assert [text for _, _, text, *_ in kept(db)] == ["phí môi giới có đòi lại được không"]


def test_what_did_not_help_is_found_without_reading_every_turn(db):
    """Every 30 seconds, for years."""
    judge(db, ask(db, DEAF, "phí đi hàn hết bao nhiêu"), False)
    seen = []

    def note(conn, cursor, statement, parameters, context, many):
        seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    with db.reading() as c:
        store.unhelped(c, NOW - timedelta(days=30), 10)
    event.remove(db.engine, "before_cursor_execute", note)
    [(statement, values)] = [each for each in seen if "helpful" in each[0]]
    with db.reading() as c:
        if db.dialect == "postgresql":  # with so few rows it would read them all, whatever indexes there are
            c.execute(text_of("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if db.dialect == "sqlite" else "EXPLAIN "
        plan = "\n".join(" ".join(map(str, row)) for row in c.exec_driver_sql(explain + statement, values))
    assert "ix_turns_unhelpful" in plan
    assert not re.search(r"SCAN turns\b(?! AS reply)(?! USING)", plan), plan


def test_the_task_collects_and_sees_what_became_of_it(db):
    rt = a_runtime(db, {}, clock=lambda: NOW + timedelta(minutes=5))
    object.__setattr__(rt, "answers", SimpleNamespace(book=shipped()))
    ask(db, DEAF, LICENCE[0])
    assert tasks.collect_unanswered(rt, threading.Event()) == {"questions": 1}
    assert tasks.collect_unanswered(rt, threading.Event()) == {}
    [group] = showing.groups(db, now=NOW)
    deciding.drafted(db, group.id, topic="deposit", by=1, now=NOW)
    assert tasks.collect_unanswered(rt, threading.Event()) == {"lapsed": 1}, "the draft was given up"
    assert "collect_unanswered" in {task.name for task in tasks.TASKS}
