"""What conversations amount to beside bots.figures: the places they began at, and what the desk did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bots import talk_figures_store as store
from db.engine import Database
from db.types import from_utc_text


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


def began_by(
    db: Database, since: datetime, limit: int = 20, until: datetime | None = None
) -> list[tuple[str, int]]:
    """(code of the commune, conversations that began at its poster since then and before `until`), the most first."""
    with db.reading() as c:
        return [(code, n) for code, n in store.began_by(c, since, limit, until)]


def of_the_desk(db: Database, since: datetime, until: datetime | None = None) -> DeskFigures:
    """What became of the cases opened since then, and before `until`."""
    with db.reading() as c:
        rows = store.case_times(c, since, until)
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
    done = ((row.opened_at, getattr(row, until)) for row in rows)
    return (from_utc_text(then) - from_utc_text(opened) for opened, then in done if then is not None)
