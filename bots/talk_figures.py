"""What conversations amount to beside bots.figures: the places they began at, and what the desk did."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    # By columns: a year has ten thousand cases, and each time is read once.
    dangers, statuses, outcomes, opened, *ends = zip(*rows, strict=True) if rows else [()] * 7
    begun = [from_utc_text(each) for each in opened]
    claimed, answered, closed = (_typical(begun, each) for each in ends)
    return DeskFigures(
        opened=len(rows), red=dangers.count("red"), still_open=len(rows) - statuses.count("closed"),
        until_claimed=claimed, until_answered=answered, until_closed=closed, outcomes=Counter(filter(None, outcomes)),
    )  # fmt: skip


def _typical(begun: Sequence[datetime], ends: Sequence[str | None]) -> timedelta | None:
    waited = [from_utc_text(end) - then for then, end in zip(begun, ends, strict=True) if end is not None]
    return median(waited) if waited else None
