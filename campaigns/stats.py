"""Figures of waves, read from the tally: no page counts a million rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from campaigns.model import Figures
from campaigns.store import recounting, tally
from db.engine import Database
from db.moment import see_one_moment


def figures(c: Connection, wave_id: int | None = None) -> Figures:
    """Of one wave, or of all together."""
    counts: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {}
    for (status, reason), n in sorted(tally.by_status(c, wave_id).items()):
        counts[status] = counts.get(status, 0) + n
        if reason:
            reasons.setdefault(status, {})[reason] = n
    return Figures(counts, reasons)


def counts(c: Connection, wave_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """Wave id → status → n."""
    return tally.by_wave(c, list(wave_ids))


def of_wave(db: Database, wave_id: int) -> Figures:
    with db.reading() as c:
        return figures(c, wave_id)


def totals(db: Database) -> Figures:
    """Of every wave there ever was."""
    with db.reading() as c:
        return figures(c)


def by_area(db: Database, wave_id: int | None = None) -> Mapping[str, Mapping[str, int]]:
    """Area code ("" = unknown) → status → n, of one wave or of all."""
    with db.reading() as c:
        return tally.by_area(c, wave_id)


def faults(db: Database, wave_id: int) -> Mapping[tuple, tuple[int, int]]:
    """Where counters of a wave and its rows differ: (table, *place) → (counters, rows). Counts the rows: slow on a
    large wave.
    """
    with db.reading() as c:
        see_one_moment(c)
        return recounting.differences(recounting.stored(c, wave_id), recounting.counted(c, wave_id))
