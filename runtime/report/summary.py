"""What a month (or another period) came to, as pages and letters tell it: nobody can be found in it, because small
cells are masked already.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bots import figures as talk
from bots import talk_figures
from bots.talk_figures import DeskFigures
from campaigns import areas, figures, periods
from campaigns.figures.funnel import HANDED_OVER, LOST
from campaigns.figures.masking import masked
from campaigns.periods import Period
from db.engine import Database

#: Names with their number; None = hidden.
Cells = Sequence[tuple[str, int | None]]


@dataclass(frozen=True)
class Summary:
    """The figures of `period`. `over`: it has ended, nothing is added any more. `heard`: messages of people; `asked`:
    those of them in which a topic was looked for, `understood`: one was found. `opted_out` is by commune's code
    ("" = unknown), `topics` by the topic's id, both masked; red, amber and the sum of `optouts` are None where fewer
    than ten.
    """

    period: Period
    over: bool
    waves: int
    sent: int
    arrived: int
    lost: int
    segments: int
    vnd: int
    heard: int
    asked: int
    understood: int
    judged: int
    helpful: int
    began: int
    red: int | None
    amber: int | None
    optouts: int | None
    opted_out: Cells
    topics: Cells
    desk: DeskFigures

    @property
    def empty(self) -> bool:
        return not (self.sent or self.heard or self.waves or self.opted_out or self.desk.opened)

    @property
    def vnd_each(self) -> float | None:
        """What a message that arrived cost; None before one has, or where no price is known."""
        return self.vnd / self.arrived if self.arrived and self.vnd else None


def summary(db: Database, period: Period, now: datetime) -> Summary:
    out = figures.of_period(db, period.start, period.end)
    said = talk.period(db, period.start, period.end)
    begins, ends = periods.midnight(period.start), periods.midnight(period.end + periods.ONE_DAY)
    gone = Counter(figures.optouts(db, period.start, period.end))
    return Summary(
        period=period,
        over=period.end < periods.today_of(now),
        **_sent(out),
        heard=said.heard,
        asked=said.asked,
        understood=said.understood,
        judged=said.helpful + said.unhelpful,
        helpful=said.helpful,
        began=said.began,
        red=few(said.red),
        amber=few(said.amber),
        optouts=few(gone.total()),
        opted_out=most_first(masked(gone, few(gone.total()))),
        topics=most_first(masked(said.topics, said.understood)),
        desk=talk_figures.of_the_desk(db, begins, ends),
    )


def _sent(out: figures.PeriodFigures) -> Mapping[str, int]:
    return {
        "waves": out.waves,
        "sent": statuses(out.counts, HANDED_OVER),
        "arrived": statuses(out.counts, ("delivered",)),
        "lost": statuses(out.counts, LOST),
        "segments": out.segments,
        "vnd": out.vnd,
    }


def few(n: int) -> int | None:
    """None for one to nine people."""
    return masked({"": n}, None)[""]


def most_first(cells: Mapping[str, int | None]) -> Cells:
    """Without empty ones. Masked ones come last and by name, so that their order tells nothing either."""
    there = ((key, n) for key, n in cells.items() if n != 0)
    return sorted(there, key=lambda cell: (cell[1] is None, -(cell[1] or 0), cell[0]))


def told_at_all(cells: Cells) -> Cells:
    """Nothing where every one is hidden: their names alone, beside what they come to together, would tell too much."""
    return cells if any(n is not None for _name, n in cells) else []


def named(db: Database, cells: Cells) -> Cells:
    """With the communes' names; "" stays."""
    with db.reading() as c:
        names = areas.names(c)
    return [(names.get(code, code), n) for code, n in cells]


def statuses(counts: Mapping[str, int], which: Iterable[str]) -> int:
    """How many stand at one of them."""
    return sum(counts.get(status, 0) for status in which)
