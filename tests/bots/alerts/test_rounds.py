"""When people are called, and whom: a table."""

from datetime import timedelta

import pytest

from bots.alerts.model import Person, Urgent
from bots.alerts.rounds import Round, called, due
from tests.make import NOW

PAUSE = timedelta(minutes=5)


def minutes(n: float):
    return NOW + timedelta(minutes=n)


#: (since, claimed, touched, when earlier rounds were, now) in minutes, and the round that is due.
TABLE = [
    (0, False, False, [], 0, Round(1, 1)),
    (0, False, False, [], 60, Round(1, 1)),
    (0, False, False, [0], 4.9, None),
    (0, False, False, [0], 5, Round(2, 2)),
    (0, False, False, [0, 5], 9, None),
    (0, False, False, [0, 5], 10, Round(3, 3)),
    # Nobody looked while the machine was off: one round, not all that were missed.
    (0, False, False, [0], 600, Round(2, 2)),
    # Laid open again: at once, and the first position first; rounds are counted on.
    (7, False, False, [0, 5], 7, Round(3, 1)),
    (7, False, False, [0, 5, 7], 12, Round(4, 2)),
    # Somebody had it before it became red: one pause to look at it.
    (0, True, False, [], 0, None),
    (0, True, False, [], 4.9, None),
    (0, True, False, [], 5, Round(1, 1)),
    (0, True, False, [5], 9, None),
    (0, True, False, [5], 10, Round(2, 2)),
    # The clock was set back by an hour: calls go on, and one after the other.
    (60, False, False, [], 0, Round(1, 1)),
    (60, False, False, [60], 0, Round(2, 2)),
    (60, False, False, [60, 0], 4, None),
    (60, False, False, [60, 0], 5, Round(3, 3)),
    (0, False, False, [0, 60], 1, Round(3, 3)),
    (60, True, False, [], 0, Round(1, 1)),
    # The clocks of two machines differ a little.
    (0, False, False, [0.02], 0.01, None),
    (0.02, True, False, [], 0.01, None),
    (0, True, True, [], 60, None),
    (0, True, True, [5], 60, None),
]


@pytest.mark.parametrize(("since", "claimed", "touched", "calls", "now", "expected"), TABLE)
def test_when(since, claimed, touched, calls, now, expected):
    before = [(n, minutes(at)) for n, at in enumerate(calls, 1)]
    assert due(Urgent(1, minutes(since), claimed, touched, before), PAUSE, minutes(now)) == expected


def person(name: str, position: int, *, email: str = "a@b.example", active: bool = True) -> Person:
    return Person(1, name, email, "", "vi", position, active)


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([person("A", 1), person("B", 1), person("C", 2)], ["AB", "ABC", "ABC"]),
        ([person("A", 1), person("B", 4), person("C", 9)], ["A", "AB", "ABC"]),
        ([person("A", 1, active=False), person("B", 2)], ["B", "B", "B"]),
        ([person("A", 1, email=""), person("B", 2)], ["B", "B", "B"]),
        ([], ["", "", ""]),
    ],
)
def test_whom(people, names):
    assert ["".join(each.name for each in called(people, step)) for step in (1, 2, 3)] == names
