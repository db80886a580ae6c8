"""What a draft would change is told before it is live, without anybody's words lying about in the open."""

import dataclasses
from types import MappingProxyType

import pytest
from sqlalchemy import select

from bots import inbox
from bots.answering import replays, versions
from bots.answering.content import Content
from bots.answering.replay import Difference, Outcome, Question, measuring, replay
from bots.model import Said
from db.tables import answer_replays
from messages.errors import Mistake
from tests.conftest import NOW

FEES = "how much are the fees"


class Parrot:
    """An engine that answers the topic whose name stands in the question: what is played is told from how it thinks."""

    in_order = True

    def __init__(self, book):
        self.book = book

    def respond(self, heard):
        topic = next((name for name in self.book.topics if name in heard.text), None)
        reply = self.book.answer(topic, "vi").chat if topic else "I do not know"
        return Said(topic, 1.0, "none", "vi", reply)


@pytest.fixture
def before(small_book):
    return Parrot(small_book)


def reworded(book, **parts):
    topic = book.topics["fees"]
    answers = {**topic.answers, "vi": dataclasses.replace(topic.answers["vi"], **parts)}
    return dataclasses.replace(book, topics={**book.topics, "fees": dataclasses.replace(topic, answers=answers)})


def test_other_words_are_told_from_another_way(before, small_book):
    after = Parrot(reworded(small_book, chat="Lời mới"))
    found = replay(before, after, [Question(FEES), Question("is the boat safe")])
    assert [(each.text, each.reworded, each.verdict) for each in found] == [(FEES, True, "")]


def test_a_question_that_goes_elsewhere(before, small_book):
    without = {name: topic for name, topic in small_book.topics.items() if name != "fees"}
    after = Parrot(dataclasses.replace(small_book, topics=MappingProxyType(without)))
    [found] = replay(before, after, [Question(FEES, "measured", "fees")])
    assert found.before == Outcome("fees", "answer")
    assert found.verdict == "worse"
    assert not found.reworded


@pytest.mark.parametrize(
    "before, after, right, verdict",
    [
        ("a", "b", "b", "better"),
        ("b", "a", "b", "worse"),
        ("a", "c", "b", ""),
        ("a", "b", "", ""),
        ("a", None, "out-of-scope", "better"),
        (None, "a", "out-of-scope", "worse"),
        (None, "a", "a", "better"),
    ],
)
def test_better_or_worse(before, after, right, verdict):
    assert Difference("x", "measured", right, Outcome(before, "answer"), Outcome(after, "answer")).verdict == verdict


@pytest.mark.parametrize(
    "before, after, danger, verdict",
    [("red", "answer", "red", "worse"), ("answer", "red", "red", "better"), ("red", "answer", "none", "better"),
     ("answer", "red", "none", "worse"), ("answer", "red", "amber", "worse")],
)  # fmt: skip
def test_a_cry_for_help_that_is_not_heard_any_more_is_worse(before, after, danger, verdict):
    """Whatever the topic: in danger help comes first."""
    found = Difference("x", "measured", "a", Outcome("a", before), Outcome("a", after), danger)
    assert found.verdict == verdict


def test_nothing_differs_from_itself(before):
    assert replay(before, before, measuring()[:20]) == []


@pytest.fixture
def asked(db, before, small_book, monkeypatch):
    """One person asked about fees; a draft answers it in other words."""
    monkeypatch.setattr(replays, "measuring", lambda: (Question(FEES, "measured", "fees"),))
    turn_id = inbox.receive(db, platform="web", address="x", text=f"{FEES} bí mật", provider_id=None, now=NOW)
    inbox.answer(db, before, turn_id, NOW, lambda *_: False)
    now = Content("risk", small_book.answer("fees", "vi"))
    content = Content("risk", dataclasses.replace(now.answer, chat="Lời mới"))
    values = {"topic": "fees", "language": "vi", "content": content, "base": now.digest}
    return versions.draft(db, small_book, **values, by=None, now=NOW)


@pytest.fixture
def work(db, small_book):
    def run(worker="w", train=None, **more):
        return replays.work(db, small_book, train=train or Parrot, worker=worker, clock=lambda: NOW, **more)

    return run


def newest(db):
    [version] = versions.under_way(db)
    return replays.newest(db, version)


def test_a_replay_is_asked_for_worked_out_and_kept(db, asked, work):
    assert newest(db) is None
    first = replays.ask(db, asked, by=None, now=NOW)
    assert replays.ask(db, asked, by=None, now=NOW) == first
    assert newest(db).status == "waiting"
    assert work() == {"replays": 1, "differences": 2}
    assert work() == {}
    kept = newest(db)
    assert (kept.status, kept.current, kept.result.asked, kept.result.measured) == ("done", True, 1, 1)
    assert {each.origin for each in kept.result.differences} == {"asked", "measured"}


def test_what_people_asked_lies_sealed(db, asked, work):
    replays.ask(db, asked, by=None, now=NOW)
    work()
    with db.reading() as c:
        sealed = c.execute(select(answer_replays.c.result_sealed)).scalar_one()
    assert "bí mật".encode() not in sealed
    assert "bí mật" in "".join(each.text for each in newest(db).result.differences)


def test_a_version_changed_since_is_told(db, asked, work):
    replays.ask(db, asked, by=None, now=NOW)
    work()
    [version] = versions.under_way(db)
    content = Content("risk", dataclasses.replace(version.content.answer, chat="Lời khác nữa"))
    versions.edit(db, asked, content=content, expected=version.content.digest, by=None, now=NOW)
    assert newest(db).current is False


def test_what_cannot_be_learnt_is_told(db, asked, work):
    replays.ask(db, asked, by=None, now=NOW)

    def broken(book):
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        work(train=broken)
    assert newest(db).status == "failed"


def test_cut_off_it_waits_again_and_another_takes_it(db, asked, work):
    replays.ask(db, asked, by=None, now=NOW)
    assert work(stop=lambda: True) == {}
    assert newest(db).status == "waiting"
    with db.transaction() as c:
        assert replays.store.claim_replay(c, "dead", NOW - 2 * replays.GONE_AFTER, NOW) is not None
    assert work("second") == {"replays": 1, "differences": 2}


def test_no_such_version(db):
    with pytest.raises(Mistake, match="answer-version-unknown"):
        replays.ask(db, 99, by=None, now=NOW)
