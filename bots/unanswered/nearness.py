"""Which example questions a line comes near. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.unanswered.choosing import questions
from bots.unanswered.likeness import Likeness, Rarity
from messages.book import Book
from messages.folding import fold

_COMPARED, _SHOWN = 200, 3


@dataclass(frozen=True)
class Alike:
    """An example question of ours that a line comes near; `alike` 0..1."""

    question: str
    topic: str
    alike: float


def likeness_of(book: Book) -> Likeness:
    """By the questions of `book`: a word that none of them has is rare."""
    return _made(tuple(questions(book))).likeness


def nearest(book: Book, text: str) -> list[Alike]:
    """The example questions most like a line: people who ask those might be sent away if it were learnt as outside."""
    return _made(tuple(questions(book))).nearest(text)


@lru_cache(maxsize=2)
def _made(questions: tuple[tuple[str, str], ...]) -> "_Examples":
    return _Examples(questions)


class _Examples:
    """The questions of a Book, found by their words first: to compare with all of them takes seconds."""

    def __init__(self, questions: Sequence[tuple[str, str]]):
        self._questions = questions
        self._rarity = Rarity.among(question for question, _ in questions)
        self.likeness = Likeness(self._rarity)
        self._with_word: dict[str, list[int]] = defaultdict(list)
        for at, (question, _) in enumerate(questions):
            for word in set(fold(question).split()):
                self._with_word[word].append(at)

    def nearest(self, text: str) -> list[Alike]:
        weight: Counter[int] = Counter()
        for word in set(fold(text).split()):
            for at in self._with_word.get(word, ()):
                weight[at] += self._rarity[word]
        compared = [self._questions[at] for at, _ in weight.most_common(_COMPARED)]
        if not compared:
            return []
        alike = self.likeness.alike(text, [question for question, _ in compared])
        ranked = sorted(zip(alike, compared, strict=True), reverse=True)[:_SHOWN]
        return [Alike(question, topic, float(score)) for score, (question, topic) in ranked]
