"""A wave on its way, as its page shows it: how far, how fast, what was lost and where."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns import areas, stats
from campaigns.model import Figures, Wave, WaveStatus
from db.engine import Database
from web.charts import Bars, delivery_bars
from web.language import lasting, number
from web.words import short_reason

#: Statuses of messages that a gateway has, or had.
HANDED_OVER = ("accepted", "delivered", "undelivered", "unknown")
LOST = ("undelivered", "failed")


@dataclass(frozen=True)
class Live:
    """`settled` of `recipients` need nothing more from us; `pace` is the rate and the time left in words."""

    recipients: int
    settled: int
    handed_over: int
    pace: str
    #: (why, how many), the commonest first.
    failures: list[tuple[str, int]]
    areas: Bars


def live(db: Database, wave: Wave, figures: Figures, now: datetime) -> Live:
    recipients = figures.total - figures["skipped"]
    settled = recipients - figures.left
    return Live(
        recipients=recipients,
        settled=settled,
        handed_over=handed_over(figures),
        failures=failures(figures),
        pace=_pace(wave, settled, figures.left, now),
        areas=area_bars(db, wave.id),
    )


def handed_over(figures: Figures) -> int:
    return sum(figures[status] for status in HANDED_OVER)


def failures(figures: Figures) -> list[tuple[str, int]]:
    """Why messages were lost, the commonest first."""
    lost: Counter[str] = Counter()
    for status in LOST:
        lost.update(figures.reasons.get(status, {}))
    return [(short_reason(code), n) for code, n in lost.most_common()]


def area_bars(db: Database, wave_id: int | None = None) -> Bars:
    """Deliveries by today's commune, the most first."""
    counted = stats.by_area(db, wave_id)
    with db.reading() as c:
        names = areas.names(c)
    named = ((names.get(code) or _("commune not known"), counts) for code, counts in counted.items())
    return delivery_bars(named).longest_first()


def _pace(wave: Wave, settled: int, left: int, now: datetime) -> str:
    """Nothing before the first messages have gone: a rate of nothing promises nothing."""
    if wave.status != WaveStatus.SENDING or not wave.opened_at or not settled or not left:
        return ""
    rate = settled / max((now - wave.opened_at).total_seconds(), 1)
    return _(
        "%(rate)s a second · about %(left)s left", rate=number(rate, 0 if rate >= 10 else 1), left=lasting(left / rate)
    )
