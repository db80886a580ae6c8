"""Orders to stop in the families people write them in (dialect, teencode, rude, polite, abroad…), and their doubles."""

import time
import tomllib
from pathlib import Path

import pytest

from messages import catalog
from sms.optout import intent

CASES = tomllib.loads((Path(__file__).with_name("optout_cases.toml")).read_text("utf-8"))


def cases(kind: str) -> list:
    return [
        pytest.param(text, id=f"{family}: {text}") for family, texts in CASES[kind].items() for text in texts
    ]


@pytest.mark.parametrize("text", cases("stop"))
def test_it_asks_to_stop(text):
    assert intent(text) == "stop"


@pytest.mark.parametrize("text", cases("start"))
def test_it_asks_to_start(text):
    assert intent(text) == "start"


@pytest.mark.parametrize("text", cases("neither"))
def test_it_is_no_order(text):
    assert intent(text) is None


@pytest.mark.parametrize("text", cases("missed"))
def test_what_is_missed_is_at_least_not_turned_round(text):
    """Nobody who asks for peace is signed up; what is understood by now belongs among the others."""
    assert intent(text) is None


@pytest.mark.parametrize("text", ["khong muon nhan tin " * 12, "he " * 300 + "told", "no " * 400, "stop " * 300])
def test_many_words_are_read_at_once(text):
    """No pattern may take ever longer: whoever sends us such a text would hold up everybody's answers."""
    began = time.thread_time()
    intent(text)
    assert time.thread_time() - began < 1.0


def test_no_question_about_anything_else_is_an_order():
    """Eleven thousand ways to ask about work, papers, debts and danger."""
    topics = catalog.load(catalog.SHIPPED).topics
    asked = [
        question
        for name, topic in topics.items()
        if name not in ("opt-out", "opt-in")
        for answer in topic.answers.values()
        for question in answer.questions
    ]
    assert len(asked) > 10_000
    assert [question for question in asked if intent(question) == "stop"] == []
