"""A server that still learns answers a cry for help at once; everything else waits until the bot has learnt."""

import threading

import pytest
from sqlalchemy import select

from bots import inbox
from bots.first_aid import FirstAid
from bots.model import Heard, StillLearning
from db.tables import cases, turns
from runtime.answers import Answers
from tests import learnt
from tests.bots.talking import hear, here
from tests.learnt import kept_in

CRY = "cứu em với, em bị nhốt ở Campuchia"


@pytest.fixture(scope="module")
def engine():
    return learnt.engine()


@pytest.fixture(scope="module")
def first_aid(engine):
    return FirstAid(engine.book)


@pytest.mark.parametrize(
    "text", [CRY, "cuu em voi em bi nhot o Campuchia", "help me, I am locked in a house in London", "em muốn chết quá"]
)
@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_a_plain_cry_gets_the_words_of_the_bot(engine, first_aid, text, channel):
    heard = Heard(text, channel=channel)
    said, learnt_said = first_aid.respond(heard), engine.respond(heard)
    assert said.danger == "red" and said.effects == learnt_said.effects
    assert learnt_said.reply.startswith(said.reply)  # below it the bot may answer the question too


@pytest.mark.parametrize("text", ["xin chào", "làm hộ chiếu ở đâu", "STOP", "", "gặp cán bộ", "1"])
def test_everything_else_waits(first_aid, text):
    with pytest.raises(StillLearning):
        first_aid.respond(Heard(text))


def test_a_cry_waits_for_nothing_that_was_said_before(db, engine, first_aid, now):
    question, cry = hear(db, now, "làm hộ chiếu ở đâu"), hear(db, now, CRY)
    with pytest.raises(StillLearning):
        inbox.answer(db, first_aid, question, now, here)
    assert inbox.answer(db, first_aid, cry, now, here).said.danger == "red"
    with db.reading() as c:
        assert c.execute(select(cases.c.danger)).scalar_one() == "red"
        assert c.execute(select(turns.c.status).where(turns.c.id == question)).scalar_one() == "waiting"
    assert inbox.answer(db, engine, question, now, here).said.reply  # and the bot answers it when it has learnt


def test_only_while_the_bot_gets_ready(sqlite_db, tmp_path):
    answers = Answers(sqlite_db, kept_in(tmp_path / "cache"))
    goes_on, train, seen = threading.Event(), answers.train, []

    def slowly(book):
        seen.append(answers.at_hand)
        goes_on.wait(30)
        return train(book)

    answers.train = slowly
    thread = threading.Thread(target=answers.get_ready)
    thread.start()
    goes_on.set()
    thread.join(120)
    assert [type(one).__name__ for one in seen] == ["FirstAid"]
    assert answers.at_hand is answers.engine
