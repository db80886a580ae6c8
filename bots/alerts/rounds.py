"""When people are called, and whom. Pure.

The first round goes out at once, to everybody in the first position of the list. After each pause in which nobody took
the case the next round calls the next position as well, until the whole list is called; so it goes on until somebody
takes the case or it is closed. Night and holidays make no difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.alerts.model import Person, Urgent


@dataclass(frozen=True)
class Round:
    """`number` counts all rounds about a case; `step` those since it last had nobody: so many positions are called."""

    number: int
    step: int


def due(urgent: Urgent, pause: timedelta, now: datetime) -> Round | None:
    """The round that is due now, or None. Who had a case before it became red gets one pause to look at it."""
    if urgent.touched or (urgent.claimed and _lately(urgent.since, pause, now)):
        return None
    calls = [at for _, at in sorted(urgent.calls) if at >= urgent.since or urgent.since > now]
    if calls and _lately(calls[-1], pause, now):
        return None
    return Round(max((number for number, _ in urgent.calls), default=0) + 1, len(calls) + 1)


def _lately(at: datetime, pause: timedelta, now: datetime) -> bool:
    """Less than a pause ago. A time far ahead of us was written before the clock was set back and holds nobody up."""
    return abs(now - at) < pause


def called(people: Iterable[Person], step: int) -> list[Person]:
    """Whom a round calls: everybody who can be reached in the first `step` positions that hold somebody."""
    there = [person for person in people if person.active and person.channels]
    return [person for person in there if person.position in _first(there, step)]


def _first(people: Sequence[Person], step: int) -> list[int]:
    return sorted({person.position for person in people})[:step]
