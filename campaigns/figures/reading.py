"""Figures of waves as the pages read them: from counters, however many messages went out. Nothing is masked here.

Days are those of Vietnam, both ends of a period inclusive; one whose end lies before its start is empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns import links
from campaigns.periods import midnight
from campaigns.responses import CARRIED_OVER
from campaigns.store import figures as store
from campaigns.store import responses as response_store
from campaigns.store import tally
from db.engine import Database

ONE_DAY = timedelta(days=1)

Counts = Mapping[str, int]


@dataclass(frozen=True)
class PeriodFigures:
    """Of what was handed over in a period, by all waves: how many of them did so, where it stands now (status → n),
    its segments, and what it cost where prices are known.
    """

    waves: int
    counts: Counts
    segments: int
    vnd: int


@dataclass(frozen=True)
class ResponseLinks:
    """Openings of a wave's links by people, and conversations begun behind them."""

    people: int
    conversations: int


def wave_hours(db: Database, wave_id: int) -> list[tuple[datetime, Counts]]:
    """What was handed over in each hour (its beginning, in UTC), in order: where it stands now, status → n."""
    hours: dict[str, dict[str, int]] = {}
    with db.reading() as c:
        for hour, status, _, n in store.of_wave(c, wave_id, store.HOUR):
            counts = hours.setdefault(hour, {})
            counts[status] = counts.get(status, 0) + n
    return [(store.hour_from(hour), counts) for hour, counts in hours.items()]


def wave_carriers(db: Database, wave_id: int) -> dict[str, dict[tuple[str, str], int]]:
    """Carrier of the number when the wave opened → (status, reason or "") → n."""
    carriers: dict[str, dict[tuple[str, str], int]] = {}
    with db.reading() as c:
        for carrier, status, reason, n in store.of_wave(c, wave_id, store.CARRIER):
            carriers.setdefault(carrier, {})[status, reason] = n
    return carriers


def responses(db: Database, wave_id: int) -> dict[str, Counts]:
    """Commune ("" = unknown) → kind (see campaigns.responses) → people who did so within a week of getting the wave."""
    found: dict[str, dict[str, int]] = {}
    with db.reading() as c:
        for area, kind, n in response_store.of_wave(c, wave_id):
            found.setdefault(area, {})[kind] = n
    return found


def response_links(db: Database, wave_id: int) -> ResponseLinks:
    opened = links.opened(db, wave_id)
    return ResponseLinks(sum(each.people for each in opened), sum(each.conversations for each in opened))


def optouts(db: Database, start: date, end: date) -> Counts:
    """Commune ("" = unknown) → people who said in the period that they want no more messages, whoever came back too;
    without those that officers took in from a file.
    """
    with db.reading() as c:
        found = response_store.opted_out(c, start.isoformat(), end.isoformat(), CARRIED_OVER)
        return {area: int(n) for area, n in found}


def of_period(db: Database, start: date, end: date) -> PeriodFigures:
    counts: dict[str, int] = {}
    with db.reading() as c:
        for _, status, n in store.hours(c, midnight(start), midnight(end + ONE_DAY)):
            counts[status] = counts.get(status, 0) + int(n)
        waves, segments, vnd = store.spent(c, start.isoformat(), end.isoformat())
    return PeriodFigures(waves, counts, segments, vnd)


def by_day(db: Database, start: date, end: date) -> list[tuple[date, Counts]]:
    """Every day of the period: what was handed over on it by all waves, where it stands now, status → n."""
    days: dict[date, dict[str, int]] = {start + n * ONE_DAY: {} for n in range((end - start).days + 1)}
    with db.reading() as c:
        for hour, status, n in store.hours(c, midnight(start), midnight(end + ONE_DAY)):
            counts = days[store.hour_from(hour).astimezone(midnight(start).tzinfo).date()]
            counts[status] = counts.get(status, 0) + int(n)
    return list(days.items())


def by_area(db: Database, start: date, end: date) -> dict[int, dict[str, Counts]]:
    """Each wave that opened in the period → commune ("" = unknown) → status → n."""
    with db.reading() as c:
        return _by_wave(tally.by_area_of_opened(c, midnight(start), midnight(end + ONE_DAY)))


def responses_by_area(db: Database, start: date, end: date) -> dict[int, dict[str, Counts]]:
    """Each wave that opened in the period → commune ("" = unknown) → kind → people."""
    with db.reading() as c:
        return _by_wave(response_store.of_opened(c, midnight(start), midnight(end + ONE_DAY)))


def _by_wave(rows: Iterable) -> dict[int, dict[str, Counts]]:
    found: dict[int, dict[str, dict[str, int]]] = {}
    for wave_id, area, which, n in rows:
        found.setdefault(wave_id, {}).setdefault(area, {})[which] = int(n)
    return found
