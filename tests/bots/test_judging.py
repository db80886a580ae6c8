"""Whether an answer helped: by a button or by words, the last word counts."""

import pytest
from sqlalchemy import select

from bots import inbox, judgeable, judging
from db.tables import turns
from tests.bots.talking import hear, here


def ask(db, engine, now, text, platform="zalo", address="u1"):
    return inbox.answer(db, engine, hear(db, now, text, platform=platform, address=address), now, here)


def helpful(db, turn_id):
    with db.reading() as c:
        return c.execute(select(turns.c.helpful).where(turns.c.id == turn_id)).scalar_one()


def judge(db, now, turn_id, word, address="u1", platform="zalo"):
    return judging.judge(db, platform=platform, address=address, turn_id=turn_id, helpful=word, now=now)


def test_who_got_the_answer_says_whether_it_helped(db, engine, now):
    answer = ask(db, engine, now, "làm hộ chiếu ở đâu").turn_id
    assert helpful(db, answer) is None
    assert judge(db, now, answer, True)
    assert judge(db, now, answer, False)
    assert helpful(db, answer) is False


def test_nobody_judges_what_another_was_told_nor_their_own_words(db, engine, now):
    answer = ask(db, engine, now, "làm hộ chiếu ở đâu").turn_id
    assert not judge(db, now, answer, True, address="another")
    assert not judge(db, now, answer - 1, True)
    assert not judge(db, now, answer + 100, True)
    assert helpful(db, answer) is None


def test_words_judge_the_last_answer(db, engine, now):
    answer = ask(db, engine, now, "làm hộ chiếu ở đâu").turn_id
    said = ask(db, engine, now, "không hữu ích").said
    assert said.topic == "not-helpful"
    assert helpful(db, answer) is False
    assert ask(db, engine, now, "hữu ích").said.reply == engine.book.phrase("judged_thanks", "vi", "chat")


@pytest.mark.parametrize(
    ("text", "judged"),
    [("làm hộ chiếu ở đâu", True), ("xin chào", False), ("cảm ơn", False), ("từ chối", False),
     ("cứu em với, em bị nhốt ở Vinh không cho ra ngoài", False),],
)
def test_only_answers_are_asked_about(db, engine, now, text, judged):
    answered = ask(db, engine, now, text)
    with db.reading() as c:
        row = c.execute(select(turns).where(turns.c.id == answered.turn_id)).one()
    assert judgeable.may_be_judged(engine.book, row, answered.said.reply) is judged
    assert not judgeable.may_be_judged(engine.book, row, "Bạn muốn hỏi điều nào dưới đây?")
