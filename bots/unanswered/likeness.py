"""How alike two questions are: shared words, neighbours, letters and meanings, each as heavy as its word is rare. Pure.

Apart from the engine, which knows only the words it was taught: what nobody has taught it is what these questions are
about.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from scipy import sparse

from bots import letters
from bots.normalise import normalise
from bots.views import meanings

#: How much each view counts in the length of a vector (squared shares).
WEIGHTS = {"word": 1.0, "pair": 0.8, "letters": 1.5, "meaning": 0.6}
#: Features are told apart by a number below this.
COLUMNS = 2**20
#: Letters of a message that are looked at.
LONGEST = 600
_LETTERS = 3
#: What a word weighs that stands in every question.
_LEAST = 0.05


@dataclass(frozen=True)
class Rarity:
    """How seldom words are in questions that are known; what is not among them is the rarest."""

    of: Mapping[str, float]
    most: float

    @classmethod
    def among(cls, texts: Iterable[str]) -> "Rarity":
        often, lines = Counter(), 1
        for text in texts:
            lines += 1
            often.update({letters.fold(word) for word in letters.tokens(letters.clean(text))})
        return cls({word: math.log(lines / n) + _LEAST for word, n in often.items()}, math.log(lines) + _LEAST)

    def __getitem__(self, word: str) -> float:
        return self.of.get(word, self.most)


@dataclass(frozen=True)
class Vector:
    """Sorted columns, and values of length one; empty where there are no words."""

    columns: np.ndarray
    values: np.ndarray


class Likeness:
    """Makes vectors; remembers those it made, as the same questions are compared again and again."""

    def __init__(self, rarity: Rarity):
        self._rarity = rarity
        self.vector = lru_cache(maxsize=20_000)(self._vector)

    def rows(self, texts: Iterable[str]) -> sparse.csr_array:
        """One row a text; the cosine of two is their product."""
        found = [self.vector(text) for text in texts]
        ends = np.cumsum([0, *(len(each.columns) for each in found)])
        columns = np.concatenate([array("i"), *(each.columns for each in found)]).astype(np.int32)
        values = np.concatenate([array("f"), *(each.values for each in found)])
        return sparse.csr_array((values, columns, ends), shape=(len(found), COLUMNS))

    def alike(self, text: str, others: Sequence[str]) -> np.ndarray:
        """The cosine of `text` and each of `others`."""
        message, vector = np.zeros(COLUMNS, np.float32), self.vector(text)
        message[vector.columns] = vector.values
        return self.rows(others) @ message

    def _vector(self, text: str) -> Vector:
        words = normalise(text[:LONGEST]).folded
        held: dict[int, float] = {}
        for name, features in _views(words, self._rarity).items():
            length = math.sqrt(sum(weight**2 for weight in features.values())) or 1.0
            share = math.sqrt(WEIGHTS[name]) / length
            for feature, weight in features.items():
                column = crc32(f"{name} {feature}".encode()) % COLUMNS
                held[column] = held.get(column, 0.0) + weight * share
        length = math.sqrt(sum(value**2 for value in held.values())) or 1.0
        columns = sorted(held)
        return Vector(np.array(columns, np.int32), np.array([held[at] / length for at in columns], np.float32))


def _views(words: tuple[str, ...], rarity: Rarity) -> dict[str, dict[str, float]]:
    return {
        "word": {word: rarity[word] for word in words},
        "pair": {f"{one} {two}": (rarity[one] + rarity[two]) / 2 for one, two in pairwise(words)},
        "letters": {group: rarity[word] for word in words for group in _groups(word)},
        "meaning": dict.fromkeys(meanings(words), 1.0),
    }


@lru_cache(maxsize=20_000)
def _groups(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(framed[at : at + _LETTERS] for at in range(len(framed) - _LETTERS + 1))
