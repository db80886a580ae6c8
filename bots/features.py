"""From messages to vectors: every view counted, weighted by rarity, brought to length one and laid side by side."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from scipy import sparse

from bots.normalise import Plain
from bots.spelling import Speller
from bots.views import VIEWS, Sight

Rows = sparse.csr_array
#: How much each view counts in the length of a vector (squared shares; they need not add up to one).
WEIGHTS: Mapping[str, float] = {
    "word": 1.0,
    "pair": 0.8,
    "letters": 1.5,
    "accent": 0.3,
    "sound": 0.3,
    "meaning": 0.6,
}


class Features:
    """What a set of training lines taught: the features that exist, how rare each is, and the words for mending."""

    def __init__(self, names: Sequence[str], rarity: np.ndarray, speller: Speller, weights: Mapping[str, float]):
        self.names = names
        self.rarity = rarity
        self.speller = speller
        self.weights = dict(weights)
        self._views = list(weights)
        self._weights = np.array(list(weights.values()), np.float32)
        self._columns = {name: column for column, name in enumerate(names)}
        places = {view: place for place, view in enumerate(self._views)}
        #: The row of one message, remembered for the moment: router and alarm look at the same one.
        self.row = lru_cache(maxsize=64)(lambda line: self.of([line]))
        self._view_of = np.array([places[name.split(":", 1)[0]] for name in names], np.int64)

    @classmethod
    def learn(cls, lines: Sequence[Plain], weights: Mapping[str, float] = WEIGHTS) -> tuple["Features", Rows]:
        """The features of `lines`, and their rows. Rarity is the smoothed inverse document frequency."""
        speller = Speller.learn(line.folded for line in lines)
        columns = _Growing()
        counted = _count((Counter(_names(line, speller, weights)) for line in lines), columns)
        often = np.bincount(counted.columns, minlength=len(columns))
        rarity = np.log((1 + len(lines)) / (1 + often)) + 1
        features = cls(list(columns), rarity.astype(np.float32), speller, weights)
        return features, features._rows(counted)

    def of(self, lines: Iterable[Plain]) -> Rows:
        """One row of length one (or empty) for each of `lines`; unknown features are left out."""
        return self._rows(_count(map(self._known_in, lines), self._columns))

    def _known_in(self, line: Plain) -> dict[str, int]:
        named = Counter(_names(line, self.speller, self._views))
        return {name: count for name, count in named.items() if name in self._columns}

    def column(self, name: str) -> int | None:
        return self._columns.get(name)

    def _rows(self, counted: "_Counted") -> Rows:
        values = (1 + np.log(counted.counts)) * self.rarity[counted.columns]
        rows = np.repeat(np.arange(len(counted.ends) - 1), np.diff(counted.ends))
        values = self._to_length_one(values, rows, counted.columns)
        return sparse.csr_array((values, counted.columns, counted.ends),
                                shape=(len(counted.ends) - 1, len(self.names)))

    def _to_length_one(self, values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Each view of a row to the root of its weight, then the row to one."""
        if not len(values):
            return values
        view = self._view_of[columns]
        group = rows * len(self._views) + view
        lengths = np.sqrt(np.bincount(group, values**2))
        values = values / lengths[group] * np.sqrt(self._weights[view])
        return (values / np.sqrt(np.bincount(rows, values**2))[rows]).astype(np.float32)


@dataclass(frozen=True)
class _Counted:
    """How often which feature occurs, line after line; line i ends before place ends[i + 1]."""

    columns: np.ndarray
    counts: np.ndarray
    ends: np.ndarray


class _Growing(dict):
    """Gives every new name the next column."""

    def __missing__(self, name: str) -> int:
        self[name] = column = len(self)
        return column


def _count(lines: Iterable[Mapping[str, int]], column_of: Mapping[str, int]) -> _Counted:
    columns, counts, ends = array("i"), array("f"), array("i", [0])
    for named in lines:
        columns.extend(map(column_of.__getitem__, named))
        counts.extend(named.values())
        ends.append(len(columns))
    return _Counted(*(np.array(numbers) for numbers in (columns, counts, ends)))


def _names(line: Plain, speller: Speller, views: Iterable[str]) -> Iterable[str]:
    """Every feature of a line, as often as it occurs."""
    vietnamese = line.writing.language != "en"
    sight = Sight(line, [speller.mend(word, vietnamese) for word in line.folded])
    return chain.from_iterable(VIEWS[view](sight) for view in views)
