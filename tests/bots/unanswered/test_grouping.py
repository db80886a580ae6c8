"""Questions that mean the same come together; how well is measured, not hoped."""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from bots.language import detect
from bots.unanswered.grouping import Gathered
from bots.unanswered.likeness import Likeness, Rarity
from bots.unanswered.nearness import likeness_of, nearest
from tests.bots.unanswered.asking import BANK, LICENCE

HANDS = Path(__file__).parent.parent / "hands" / "questions.jsonl"


@pytest.fixture(scope="module")
def likeness(book):
    return likeness_of(book)


def grouped(likeness, texts):
    """The group of each text, placed one after the other."""
    gathered, found = Gathered(likeness, ()), []
    for number, text in enumerate(texts):
        group = gathered.place(text)
        found.append(number if group is None else group)
        gathered.add(found[-1], text)
    return found


def test_ten_wordings_of_two_questions_are_two_groups(likeness):
    texts = [*LICENCE, *BANK]
    random.Random(5).shuffle(texts)
    groups = dict(zip(texts, grouped(likeness, texts), strict=True))
    assert len({groups[text] for text in LICENCE}) == 1
    assert len({groups[text] for text in BANK}) == 1
    assert groups[LICENCE[0]] != groups[BANK[0]]


def test_what_shares_only_small_words_stays_apart(likeness):
    one, other = "cho em hỏi mang thuốc lá qua anh được không", "cho em hỏi học phí trường nghề được không"
    assert len(set(grouped(likeness, [one, other]))) == 2


def test_an_empty_text_is_like_nothing(likeness):
    assert Gathered(likeness, [(1, ""), (2, LICENCE[0])]).place("") is None
    assert Gathered(likeness, ()).place(LICENCE[0]) is None


def test_a_group_of_two_is_judged_by_both(likeness):
    """One odd member does not pull in whatever is like it alone."""
    held = Gathered(likeness, [(1, LICENCE[0]), (1, LICENCE[1]), (2, BANK[0])])
    assert held.place(LICENCE[2]) == 1
    assert held.place(BANK[1]) == 2


def test_measured(likeness):
    """What the comment at ALIKE says, on questions written to be unlike each other."""
    lines = [json.loads(line) for line in HANDS.read_text(encoding="utf-8").splitlines()]
    random.Random(1).shuffle(lines)
    right, whole, alone = [], [], []
    for english in (False, True):
        mine = [line for line in lines if (detect(line["text"]).language == "en") == english]
        groups = grouped(likeness, [line["text"] for line in mine])
        topics = Counter(line["topic"] for line in mine)
        held = Counter((group, line["topic"]) for group, line in zip(groups, mine, strict=True))
        sizes = Counter(groups)
        for group, line in zip(groups, mine, strict=True):
            if line["topic"] != "out-of-scope":
                right.append(held[group, line["topic"]] / sizes[group])
                whole.append(held[group, line["topic"]] / topics[line["topic"]])
                alone.append(1 / topics[line["topic"]])
    precision, recall = sum(right) / len(right), sum(whole) / len(whole)
    assert 0.82 <= precision <= 0.88, precision
    assert sum(alone) / len(alone) + 0.01 <= recall, recall


def test_ten_thousand_questions_are_no_burden(likeness):
    words = [f"từ{n}" for n in range(3000)]
    chance = random.Random(3)
    texts = [" ".join(chance.choices(words, k=8)) for _ in range(10_000)]
    held = Gathered(likeness, list(enumerate(texts)))
    began = time.process_time()
    for text in texts[:50]:
        held.place(text)
    assert (time.process_time() - began) / 50 < 0.05


def test_rare_words_weigh_more():
    rarity = Rarity.among(["em muốn đi anh", "em muốn hỏi", "em đi được không", "em hỏi"])
    assert rarity["bang"] > rarity["di"] > rarity["em"], "words are looked up without accents"
    likeness = Likeness(rarity)
    near, far = likeness.alike("em thi bằng lái", ["bằng lái", "em muốn đi anh"])
    assert near > 0.3 > far, (near, far)


def test_the_example_questions_a_line_comes_near(book):
    question = book.answer("deposit", "vi").questions[0] if "deposit" in book.topics else ""
    found = nearest(book, question)
    assert found[0].question == question
    assert found[0].topic == "deposit"
    assert found[0].alike == pytest.approx(1, abs=0.01)
    assert nearest(book, "") == []
