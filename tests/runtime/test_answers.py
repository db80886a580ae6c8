"""What is answered follows what is approved, in every process, while the old engine serves."""

import dataclasses
import threading
import time
from pathlib import Path

import pytest

from bots.answering import versions
from bots.answering.living import overlaid
from bots.beside import CutOff
from bots.engine import Engine, lesson_of
from bots.model import Context, Heard
from bots.outside import lines as outside
from bots.unanswered import deciding
from db import runs
from runtime.answers import LEARNING, Answers
from tests import learnt
from tests.bots.answering.writing import TOPIC, WORDS, changed, live, now_said, people, shipped
from tests.conftest import NOW

ASKED = "EPS Hàn Quốc là gì"
NEW_QUESTION = "qua bển mần xưởng theo diện nhà nước"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return learnt.kept_in(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def process(db, cache):
    """Another process on the same database, which looks every time it is asked."""
    return lambda: Answers(db, cache, look_seconds=0.0)


def said(answers, text=ASKED):
    return answers.engine.respond(Heard(text, context=Context(greeted=True))).reply


def until(what, seconds=60.0):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_two_processes_follow_without_a_restart_and_go_back(db, process, monkeypatch):
    first, second = process(), process()
    before = said(first), said(second)
    assert before[0] == before[1] == now_said().answer.chat
    monkeypatch.setattr(Engine, "train", lambda *_, **__: pytest.fail("other words need no new training"))
    author, approver, _ = people(db)
    version_id = live(db, author, approver)
    assert (said(first), said(second)) == (WORDS, WORDS)
    versions.withdraw(db, version_id, note="x", by=approver, now=NOW)
    assert (said(first), said(second)) == before


def test_it_looks_now_and_then_only(db, cache):
    moment = [100.0]
    answers = Answers(db, cache, look_seconds=2.0, uptime=lambda: moment[0])
    assert answers.book is answers.shipped
    author, approver, _ = people(db)
    live(db, author, approver)
    moment[0] += 1.9
    assert answers.book is answers.shipped
    moment[0] += 0.2
    assert answers.book.answer(TOPIC, "vi").chat == WORDS


def test_new_questions_are_learnt_while_the_old_engine_serves(sqlite_db, cache, monkeypatch):
    db, answers = sqlite_db, Answers(sqlite_db, cache, look_seconds=0.0)
    old, go_on, train = answers.engine, threading.Event(), Engine.train

    def slowly(*given, **more):
        assert go_on.wait(20)
        return train(*given, **more)

    monkeypatch.setattr(Engine, "train", slowly)
    author, approver, _ = people(db)
    live(db, author, approver, chat=WORDS, questions=(*now_said().answer.questions, NEW_QUESTION))
    assert said(answers) == WORDS  # the new words at once
    assert answers.engine.router is old.router
    assert old.router.route(NEW_QUESTION).topics[:1] != (TOPIC,)
    go_on.set()
    until(lambda: answers.engine.router is not old.router)
    assert answers.engine.router.route(NEW_QUESTION).topics[0] == TOPIC
    assert not answers.trouble


def test_what_cannot_be_learnt_keeps_the_old_engine_and_says_so(db, process, monkeypatch):
    answers = process()
    old = answers.engine

    def broken(*_, **__):
        raise ArithmeticError("no convergence")

    monkeypatch.setattr(Engine, "train", broken)
    author, approver, _ = people(db)
    live(db, author, approver, title="Một tiêu đề khác")
    assert answers.engine.router is old.router
    until(lambda: answers.trouble)
    until(lambda: any(run["name"] == LEARNING and run["error"] == "ArithmeticError" for run in runs.newest(db)))
    assert said(answers) == now_said().answer.chat
    assert answers.engine.router is old.router


def test_a_topic_that_is_gone_is_not_asked_of_the_new_book(db, process):
    """What was learnt knows a topic that was withdrawn: until it has learnt anew, the old book answers."""
    answers = process()
    left = {name: topic for name, topic in answers.book.topics.items() if name != TOPIC}
    smaller = dataclasses.replace(answers.book, topics=left)
    engine = answers.engine
    assert not engine.knows(smaller)
    with pytest.raises(ValueError, match="not in the book"):
        engine.with_book(smaller)


def test_what_is_learnt_depends_on_questions_and_titles_alone():
    other = changed(chat="Lời khác", sms="Khác", expires=now_said().answer.reviewed)
    assert lesson_of(overlaid(shipped(), {(TOPIC, "vi"): other})) == lesson_of(shipped())
    for parts in ({"title": "Khác"}, {"questions": ("một câu",)}):
        assert lesson_of(overlaid(shipped(), {(TOPIC, "vi"): changed(**parts)})) != lesson_of(shipped())


def test_learning_is_let_go_when_the_process_ends(db, tmp_path):
    """Who waits for the bot waits no longer, and no process is left behind that learns on."""
    answers, heard = Answers(db, tmp_path), []

    def ask():
        try:
            heard.append(answers.engine)
        except CutOff as why:
            heard.append(why)

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: learners() or heard)
    answers.close()
    asking.join(5)
    assert [type(each) for each in heard] == [CutOff]
    until(lambda: not learners(), 2)


def learners() -> list[str]:
    """The processes beside this one that learn."""
    children = Path("/proc/self/task").glob("*/children")
    ids = [pid for listed in children for pid in listed.read_text().split()]
    lines = (Path("/proc", pid, "cmdline") for pid in ids)
    return [line for path in lines if path.exists() and "bots.beside" in (line := path.read_text())]


def test_an_approved_outside_line_is_learnt_in_every_process_without_a_restart(db, process, monkeypatch):
    first, second = process(), process()
    assert first.engine.book.outside == second.engine.book.outside == ()
    learnt_from = []

    def quick(book, *_, **__):
        learnt_from.append(book.outside)
        return first.engine.with_book(book) if not book.outside else Engine(book, old.router, old.alarm)

    old = first.engine
    monkeypatch.setattr(Engine, "train", quick)
    author, approver, _ = people(db)
    with db.transaction() as c:
        outside.submit(c, ["cách nấu phở bò"], language="vi", group_id=None, by=author, now=NOW)
    assert first.engine.book.outside == (), "nothing before approval"
    [line] = outside.waiting(db)
    deciding.approve_outside(db, first.engine, [line.id], by=approver, now=NOW)
    for answers in (first, second):
        until(lambda answers=answers: answers.engine.book.outside == ("cách nấu phở bò",) and not answers._learner)
        assert answers._lesson == lesson_of(answers.book)
    assert learnt_from == [("cách nấu phở bò",)] * 2
    deciding.withdraw_outside(db, [line.id], by=approver, now=NOW)
    until(lambda: first.book.outside == ())
