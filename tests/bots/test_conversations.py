"""The golden conversations are held as they stand; conversations.py says how to read and change them."""

import pytest

from bots.engine import questions
from bots.model import Context, OpenCase, Said
from sms import segments
from tests.bots.approved import Approved
from tests.bots.conversations import conversations, differences, replies

ALL = conversations()


@pytest.fixture(scope="module")
def approved(book):
    return Approved(book)


@pytest.mark.parametrize("conversation", ALL, ids=[conversation.file.stem for conversation in ALL])
def test_conversation(engine, approved, conversation):
    for turn, said in replies(engine, conversation):
        assert differences(engine, turn, said) == [], turn["person"]
        assert approved.left_over(said.reply, turn["person"]) == ""
        if conversation.channel == "sms":
            assert segments.count(said.reply).segments <= 2
        if said.danger == "red":
            assert said.reply.startswith(_help(engine, said))


def _help(engine, said):
    forms = ("chat", "sms", "sms-accented")
    calls = [name for name in engine.book.phrases[said.language] if name.startswith("red_")]
    return tuple(engine.book.phrase(call, said.language, form) for call in calls for form in forms)


def test_both_languages_and_both_channels_are_there():
    assert len(ALL) >= 64
    assert {conversation.channel for conversation in ALL} == {"chat", "sms"}
    assert {turn["language"] for conversation in ALL for turn in conversation.turns} == {"vi", "en"}


def test_nobody_says_what_the_bot_has_learnt(book):
    """Else they would only show that it remembers. Two or three words are everybody's."""
    learnt = {question.casefold().strip(" ?.") for question, _ in questions(book)}
    said = [turn["person"] for conversation in ALL for turn in conversation.turns]
    assert [text for text in said if text.casefold().strip(" ?.") in learnt and len(text.split()) > 3] == []


# -- the yardstick itself --------------------------------------------------------------------------------------------


def _said(engine, topic, **changes):
    reply = engine.book.answer(topic, "vi").text("chat")
    return Said(**{"topic": topic, "confidence": 0.9, "danger": "none", "language": "vi", "reply": reply, **changes})


@pytest.mark.parametrize(
    ("turn", "changes", "broken"),
    [
        ({"answered": "Làm hộ chiếu"}, {}, []),
        ({"answered": ["Tiền môi giới", "Làm hộ chiếu"]}, {}, []),
        ({"answered": "Tiền môi giới"}, {}, ["answered"]),
        ({"answered": "—"}, {}, ["answered"]),
        ({"answered": "Làm hộ chiếu"}, {"danger": "red"}, ["danger"]),
        ({"answered": "Làm hộ chiếu", "danger": "red"}, {}, ["danger"]),
        ({"answered": "Làm hộ chiếu", "danger": "red", "numbers": ["999"]}, {"danger": "red", "reply": "111, 999"},
         ["numbers"]),
        ({"answered": "Làm hộ chiếu", "danger": "red", "numbers": ["999"]}, {"danger": "red", "reply": "999, 111"}, []),
        ({"answered": "Làm hộ chiếu"}, {"effects": (OpenCase("none", "x"),)}, ["does"]),
        ({"answered": "Làm hộ chiếu", "says": ["amber"]}, {}, ["says"]),
        ({"answered": "Làm hộ chiếu", "language": "en"}, {}, ["language"]),
    ],
)
def test_a_change_that_does_harm_is_seen_and_a_moved_score_is_not(engine, turn, changes, broken):
    found = differences(engine, turn, _said(engine, "passport-apply", **changes))
    assert [difference.split(":")[0] for difference in found] == broken
    assert differences(engine, turn, _said(engine, "passport-apply", **changes, confidence=0.5)) == found


def test_asking_back_is_right_when_the_answer_is_offered(engine):
    back = engine.book.phrase("did_you_mean", "vi", "chat", choices="1. Tiền môi giới\n2. Làm hộ chiếu")
    said = _said(engine, "broker-fee", reply=back, context=Context(offered=("broker-fee", "passport-apply")))
    assert differences(engine, {"answered": "Làm hộ chiếu"}, said) == []
    assert differences(engine, {"answered": "Đại sứ quán, bảo hộ công dân"}, said) != []
