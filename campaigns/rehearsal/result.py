"""The result of a rehearsal: what is stored, shown on its page and printed as JSON. Pure.

`warnings` are codes with values; the sentence of each stands under "rehearsal-<code>" with the other sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime


@dataclass(frozen=True)
class AreaReached:
    """A commune (code "" = unknown) and when its people get their messages."""

    code: str
    name: str
    people: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class DayPlayed:
    """One day of Vietnam's calendar; `vnd` is None when a price is missing."""

    day: date
    messages: int
    vnd: int | None
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Span:
    """Messages go out all the time from `begins` to `ends`."""

    begins: datetime
    ends: datetime
    messages: int


@dataclass(frozen=True)
class Waited:
    """A pause with so many people waiting. why: night | holiday | quota | outage."""

    why: str
    begins: datetime
    ends: datetime
    waiting: int


@dataclass(frozen=True)
class Warning:
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rehearsal:
    """A wave as it would go. `recipients` would get it, `skipped` (reason → people) would not; `messages` go out and
    `left` people are not reached, because of `stopped` ("budget" or "unending").

    `failures` (reason → messages) are expected of `messages`, at rates that come `failures_from` "history" (this
    gateway's last 30 days) or "simulator" (its script). `later_by` is how many seconds an outage costs. `cost_vnd` is
    None when a price is missing, `cost_gbp` when there is no rate of exchange.
    """

    wave: int
    at: datetime
    rate: float
    recipients: int
    skipped: Mapping[str, int]
    messages: int
    left: int
    stopped: str | None
    begins: datetime | None
    ends: datetime | None
    segments: int
    cost_vnd: int | None
    cost_gbp: float | None
    nights: int
    holidays: Sequence[tuple[str, str]]
    failures: Mapping[str, int]
    failures_from: str
    outage: tuple[datetime, datetime] | None
    later_by: int | None
    areas: Sequence[AreaReached] = ()
    days: Sequence[DayPlayed] = ()
    spans: Sequence[Span] = ()
    waits: Sequence[Waited] = ()
    warnings: Sequence[Warning] = ()

    @property
    def failing(self) -> int:
        return sum(self.failures.values())


def to_json(rehearsal: Rehearsal) -> dict[str, object]:
    """Moments as ISO text in the zone they carry."""
    return _plain(asdict(rehearsal))


def from_json(given: Mapping[str, object]) -> Rehearsal:
    """What `to_json` made, read again."""
    parts = {name: [kind(**_read(kind, each)) for each in given[name]] for name, kind in _PARTS.items()}
    plain = _read(Rehearsal, {name: value for name, value in given.items() if name not in _PARTS})
    plain["outage"] = plain["outage"] and tuple(map(datetime.fromisoformat, plain["outage"]))
    plain["holidays"] = [tuple(each) for each in plain["holidays"]]
    return Rehearsal(**plain, **parts)


_PARTS = {"areas": AreaReached, "days": DayPlayed, "spans": Span, "waits": Waited, "warnings": Warning}
_READ = {datetime: datetime.fromisoformat, datetime | None: datetime.fromisoformat, date: date.fromisoformat}


def _read(kind: type, given: Mapping[str, object]) -> dict[str, object]:
    known = {each.name: _READ.get(each.type) for each in fields(kind)}
    return {name: known[name](value) if known[name] and value else value for name, value in given.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
