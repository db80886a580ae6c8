"""Which questions belong together. Pure: texts and the groups they are in go in, a group comes out."""

from collections.abc import Iterable

import numpy as np

from bots.unanswered.likeness import COLUMNS, Likeness, Vector

#: A question joins the group whose two most similar questions are, on average, as alike as this.
#:
#: Measured on tests/bots/hands/questions.jsonl (979 questions to 86 topics, written to be unlike each other) as they
#: come in one by one: of those that share a group with one, 85 % are about its topic; a question finds 21 % of its
#: topic's in its own group (each alone: 19 %). At 0.25 it is 68 % and 24 %, at 0.35 95 % and 20 %. People who ask the
#: same thing in other words are far more alike: of ten wordings of two questions that no answer covers, both groups
#: come out whole (tests/bots/unanswered/test_grouping.py holds both).
ALIKE = 0.30


class Gathered:
    """The groups of one language as they stand; questions may be added."""

    def __init__(self, likeness: Likeness, members: Iterable[tuple[int, str]]):
        """`members`: (group, text) of the questions that are in groups already."""
        members = list(members)
        self._likeness = likeness
        self._rows = likeness.rows(text for _, text in members)
        self._groups = np.array([group for group, _ in members], np.int64)
        self._fresh: list[tuple[int, Vector]] = []
        self._message = np.zeros(COLUMNS, np.float32)

    def add(self, group: int, text: str) -> None:
        """From now on `text` is in `group`."""
        self._fresh.append((group, self._likeness.vector(text)))

    def place(self, text: str) -> int | None:
        """The group that `text` belongs to; None when it is like none."""
        groups, alike = self._compared(text)
        if not len(groups):
            return None
        names, places = np.unique(groups, return_inverse=True)
        first, second = _two_best(places, alike, len(names))
        score = np.where(second < 0, first, (first + second) / 2)
        best = int(score.argmax())
        return int(names[best]) if score[best] >= ALIKE else None

    def _compared(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The group of every question, and how alike `text` is to it."""
        vector = self._likeness.vector(text)
        self._message[vector.columns] = vector.values
        held = self._rows @ self._message
        fresh = [float(self._message[each.columns] @ each.values) for _, each in self._fresh]
        self._message[vector.columns] = 0.0
        groups = np.concatenate([self._groups, np.array([group for group, _ in self._fresh], np.int64)])
        return groups, np.concatenate([held, np.array(fresh, np.float32)])


def _two_best(places: np.ndarray, alike: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The best and the second best of every group; -1 where it has but one."""
    order = np.argsort(-alike, kind="stable")
    sorted_places = places[order]
    first, second = np.full(count, -1.0), np.full(count, -1.0)
    _, at = np.unique(sorted_places, return_index=True)
    first[sorted_places[at]] = alike[order[at]]
    left = np.delete(order, at)
    rest = places[left]
    _, at = np.unique(rest, return_index=True)
    second[rest[at]] = alike[left[at]]
    return first, second
