"""How series stand, for pages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaigns import holidays, stats, timetable
from campaigns.model import Figures, Texts, Wave
from campaigns.series.rule import Series, SeriesStatus
from campaigns.series.steps import digest_of, series_for, series_of, texts_of
from campaigns.store import authoring as message_store
from campaigns.store import series as store
from campaigns.store import waves as wave_store
from db.engine import Database
from staff import audit

#: Of a series' waves a page shows the newest.
LATEST = 30


@dataclass(frozen=True)
class Shown:
    """A series with its words, what an approval of it would cover, its newest waves, and the days that were missed."""

    series: Series
    title: str
    texts: Texts
    digest: str
    waves: Sequence[tuple[Wave, Figures]]
    missed: Sequence[str]


def show(db: Database, series_id: int) -> Shown:
    """Raises Mistake: series-unknown."""
    with db.reading() as c:
        series = series_for(c, series_id)
        title = message_store.version(c, series.version_id)["title"]
        texts, digest = texts_of(c, series.version_id), digest_of(c, series)
        ids = store.occurrences(c, series_id, LATEST)
        counts = stats.counts(c, ids)
        waves = [(wave, Figures(counts[wave.id])) for wave in wave_store.several(c, ids)]
    return Shown(series, title, texts, digest, waves, _missed(db, series_id))


def _missed(db: Database, series_id: int) -> list[str]:
    """ISO days, the newest first."""
    rows = [row for row in audit.latest(db, about=f"series:{series_id}") if row.action == "series.missed"]
    return sorted({day for row in rows for day in _detail(row).get("days", ())}, reverse=True)


def all(db: Database) -> list[Series]:
    """Every series, newest first."""
    with db.reading() as c:
        return [series_of(row) for row in store.every(c)]


def of_campaign(db: Database, campaign_id: int) -> list[Series]:
    """The series of a campaign, newest first."""
    with db.reading() as c:
        return [series_of(row) for row in store.every(c, campaign_id)]


def upcoming(series: Series, now: datetime, most: int = 10) -> list[tuple[date, datetime]]:
    """The next occurrences: the day each stands for, and the moment it goes out. None when the series has ended."""
    if series.status == SeriesStatus.ENDED:
        return []
    return timetable.upcoming(series.table, series.settled, now, holidays.sendable, most)


def _detail(row) -> Mapping:
    return json.loads(row.detail)
