"""The questions to measure with stay unseen: nothing the bot learns from equals one of them."""

import json

from bots import tables
from bots.answering.replay import MEASURED, OUTSIDE, measuring
from bots.engine import questions
from messages import catalog
from messages.folding import fold

#: Greetings and single words are said alike by everybody; a measuring line of so few letters proves no copying.
SHORT = 16


def test_the_lines_are_whole():
    rows = [json.loads(line) for line in MEASURED.read_text(encoding="utf-8").splitlines()]
    topics = {*catalog.load(catalog.SHIPPED).topics, OUTSIDE}
    assert len(rows) == len(measuring()) > 900
    assert {row["topic"] for row in rows} <= topics
    assert {row["danger"] for row in rows} <= {"none", "amber", "red"}


def test_nothing_learnt_equals_a_measuring_line():
    lines = {fold(line.text) for line in measuring() if len(line.text) >= SHORT}
    kinds = ("red", "amber", "lookalike")
    learnt = [
        *(text for text, _topic in questions(catalog.load(catalog.SHIPPED))),
        *tables.background(),
        *(text for kind in kinds for text in tables.alarm_lines(kind)),
    ]
    assert [text for text in learnt if fold(text) in lines] == []
