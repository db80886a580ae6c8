"""Many waves, a page at a time: no page reads more of them than it shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns import stats
from campaigns.model import Figures, Wave, WaveStatus
from campaigns.pacing import day_of
from campaigns.store import wave_pages as store
from campaigns.store.spending import Amount
from db.engine import Database

PAGE = 50
#: Waves of which somebody may have got something.
WENT_OUT = (WaveStatus.SENDING, WaveStatus.PAUSED, WaveStatus.FINISHED, WaveStatus.CANCELLED)


@dataclass(frozen=True)
class Page:
    """`counts`: status → all waves that stand there, whatever the page shows; `number` of `last` pages."""

    waves: Sequence[tuple[Wave, Figures]]
    counts: Mapping[str, int]
    number: int
    last: int


def page(db: Database, statuses: Collection[str] = (), *, number: int = 1, size: int = PAGE) -> Page:
    """The newest waves that stand at one of `statuses` (at any when none is named), with their figures."""
    with db.reading() as c:
        counts = store.counts(c)
        those = sum(n for status, n in counts.items() if not statuses or status in statuses)
        last = max(1, -(-those // size))
        number = min(max(number, 1), last)
        waves = store.page(c, statuses, limit=size, offset=(number - 1) * size)
        figures = stats.counts(c, [wave.id for wave in waves])
    return Page([(wave, Figures(figures[wave.id])) for wave in waves], counts, number, last)


def opened(
    db: Database, limit: int, *, start: datetime | None = None, end: datetime | None = None
) -> list[tuple[Wave, Figures]]:
    """Waves that opened (from `start` on, before `end`), the newest opening first."""
    with db.reading() as c:
        waves = store.opened(c, limit, start, end)
        figures = stats.counts(c, [wave.id for wave in waves])
    return [(wave, Figures(figures[wave.id])) for wave in waves]


def coming(db: Database, limit: int = 5) -> list[Wave]:
    """Approved and scheduled waves, the next one first; those without a day of their own last."""
    with db.reading() as c:
        return store.coming(c, limit)


def returned_to(db: Database, author_id: int, limit: int = 5) -> list[Wave]:
    """Drafts of this officer that came back with a note."""
    with db.reading() as c:
        return store.returned_to(c, author_id, limit)


def used_on(db: Database, now: datetime) -> Amount:
    """Messages, segments and VND of all waves together on the day of `now` in Vietnam."""
    with db.reading() as c:
        return store.used_on(c, day_of(now))
