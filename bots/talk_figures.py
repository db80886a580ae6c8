"""What conversations amount to, in counts only: by platform, by the place they began at, and what the desk did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bots import talk_figures_store as store
from db.engine import Database


@dataclass(frozen=True)
class OnPlatform:
    """Messages and people of one platform; `understood` of `heard` were answered with a topic."""

    platform: str
    people: int = 0
    heard: int = 0
    understood: int = 0
    red: int = 0
    by_machine: int = 0
    by_staff: int = 0
    helpful: int = 0
    not_helpful: int = 0
    failed: int = 0


@dataclass(frozen=True)
class DeskFigures:
    """Cases opened in a period. Waiting times are medians, None where nothing was done yet."""

    opened: int
    red: int
    still_open: int
    until_claimed: timedelta | None
    until_answered: timedelta | None
    until_closed: timedelta | None
    #: Outcome → how many closed so.
    outcomes: Mapping[str, int]


def by_platform(db: Database, since: datetime) -> list[OnPlatform]:
    """One row for each platform on which something was said since then, the busiest first."""
    with db.reading() as c:
        rows = [*store.heard(c, since), *store.said(c, since)]
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        found.setdefault(row.platform, {}).update(row._mapping)
    return sorted((OnPlatform(**values) for values in found.values()), key=lambda row: (-row.heard, row.platform))


def began_by(db: Database, since: datetime, limit: int = 20) -> list[tuple[str, int]]:
    """(code of the commune, conversations that began at its poster), the most first."""
    with db.reading() as c:
        return [(code, n) for code, n in store.began_by(c, since, limit)]


def of_the_desk(db: Database, since: datetime) -> DeskFigures:
    """What became of the cases opened since then."""
    with db.reading() as c:
        rows = store.case_times(c, since)
    return DeskFigures(
        opened=len(rows),
        red=sum(row.danger == "red" for row in rows),
        still_open=sum(row.status != "closed" for row in rows),
        until_claimed=_typical(rows, "claimed_at"),
        until_answered=_typical(rows, "answered_at"),
        until_closed=_typical(rows, "closed_at"),
        outcomes=Counter(row.outcome for row in rows if row.outcome),
    )


def _typical(rows: Sequence, until: str) -> timedelta | None:
    waited = list(_waits(rows, until))
    return median(waited) if waited else None


def _waits(rows: Iterable, until: str) -> Iterable[timedelta]:
    return (getattr(row, until) - row.opened_at for row in rows if getattr(row, until) is not None)
