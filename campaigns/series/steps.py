"""Taking one step of a series: read and lock it, check that the step is allowed, write it down."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from campaigns.model import Texts, actor
from campaigns.series import rule
from campaigns.series.rule import Series
from campaigns.store import series as store
from campaigns.store import waves as wave_store
from messages.errors import Mistake
from staff import audit

_PLAIN = (
    "id", "name", "campaign_id", "version_id", "form", "audience", "gateway", "most_people", "daily_quota",
    "budget_vnd", "status", "pause_reason", "author_id", "approved_by", "approved_digest", "approved_at", "note",
    "created_at",
)  # fmt: skip


def series_of(row: Mapping[str, object]) -> Series:
    settled = row["settled"] and date.fromisoformat(row["settled"])
    return Series(**{name: row[name] for name in _PLAIN}, table=rule.table_of(row), settled=settled)


def series_for(c: Connection, series_id: int, step: str | None = None) -> Series:
    """The series, locked when a `step` is to be taken. Raises Mistake: series-unknown, series-cannot-<step>."""
    row = store.get(c, series_id, lock=step is not None)
    if row is None:
        raise Mistake("series-unknown", id=series_id)
    found = series_of(row)
    if step is not None:
        rule.check_step(step, found.status)
    return found


def texts_of(c: Connection, version_id: int) -> Texts:
    """Raises Mistake: version-unknown."""
    texts = wave_store.texts(c, version_id)
    if texts is None:
        raise Mistake("version-unknown", id=version_id)
    return texts


def digest_of(c: Connection, series: Series) -> str:
    """What an approval of the series as it stands now would cover."""
    return rule.digest(series, texts_of(c, series.version_id))


def note(c: Connection, series_id: int, step: str, by: int | str | None, now: datetime, **detail: object) -> None:
    """The audit row of a step; `by` is an officer's id, None for the operator of the machine, or "system"."""
    who = by if isinstance(by, str) else actor(by)
    audit.record(c, at=now, actor=who, action=f"series.{step}", object=f"series:{series_id}", detail=detail)
