"""What alerts are made of, and what sends a letter. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sms.gateway import Consequence, Fate, Outcome, Readiness

EMAIL, SMS = "email", "sms"
CHANNELS = (EMAIL, SMS)
#: An alert that cannot be handed over is tried so often, each time after twice as long: two and a half minutes in all.
#: Then the next round is near.
MOST_TRIES = 6
FIRST_WAIT = timedelta(seconds=5)
#: What stands as the error where nobody can tell whether an SMS went out.
NOBODY_KNOWS = "alert-uncertain"


@dataclass(frozen=True)
class Letter:
    """One e-mail. `key` is ours: the same for a repeat."""

    key: str
    to: str
    subject: str
    text: str


class Mail(Protocol):
    """Any failure is an Outcome, not an exception; an exception counts as UNKNOWN."""

    def send(self, letter: Letter) -> Outcome: ...

    def readiness(self) -> Readiness: ...


@dataclass(frozen=True)
class Person:
    """Somebody on the call-out list. `position`: 1 is called at once, higher ones in later rounds too. The number is
    masked.
    """

    id: int
    name: str
    email: str
    number: str
    language: str
    position: int
    active: bool

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(channel for channel, way in ((EMAIL, self.email), (SMS, self.number)) if way)


@dataclass(frozen=True)
class Urgent:
    """A case of somebody in danger whom nobody looks after. `since` when it has been so; `claimed`: somebody had it
    before it became red, and `touched` says that they did something about it since. `calls`: when each earlier round
    was, by its number.
    """

    case_id: int
    since: datetime
    claimed: bool
    touched: bool
    calls: Sequence[tuple[int, datetime]]


@dataclass(frozen=True)
class Alert:
    """One alert in a worker's hands. `address` is an e-mail address or E.164; `case_id` is None for a trial."""

    id: int
    channel: str
    worker: str
    address: str
    name: str
    language: str
    case_id: int | None
    #: Why the case was opened, as codes; empty for who may not know.
    reason: str
    round: int
    at: datetime
    #: Somebody has the case and did nothing since it became so urgent.
    claimed: bool = False
    #: Told in the same message: so many other cases, and the alerts that wait for the same person.
    more: int = 0
    together: tuple[int, ...] = ()


def after(tries: int, channel: str, outcome: Outcome, now: datetime) -> dict[str, object]:
    """What follows from an outcome, as columns. A letter of which nobody can tell is sent again: twice does no harm. An
    SMS is not; the next round comes anyway.
    """
    if outcome.fate is Fate.ACCEPTED:
        return {"status": "sent", "sent_at": now, "error": ""}
    unknown = outcome.fate is Fate.UNKNOWN
    error = NOBODY_KNOWS if unknown else outcome.error.code
    for_good = channel == SMS if unknown else outcome.error.consequence is Consequence.PERMANENT
    if for_good or tries >= MOST_TRIES:
        return {"status": "failed", "error": error}
    wait = timedelta(seconds=outcome.wait) if outcome.wait else FIRST_WAIT * 2 ** (tries - 1)
    return {"status": "to-send", "error": error, "next_try_at": now + wait}
