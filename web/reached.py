"""Whom the waves of a period reached, as the month's report shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns import periods
from campaigns.figures import places
from campaigns.figures.intervals import Rate
from campaigns.figures.places import Place
from campaigns.model import Figures, Wave
from campaigns.periods import Period
from campaigns.waves import browsing
from db.engine import Database
from web.live import handed_over

#: Waves of one month on the page.
MOST_WAVES = 100


@dataclass(frozen=True)
class OneWave:
    wave: Wave
    rate: Rate


def by_district(db: Database, month: Period) -> Sequence[Place]:
    """By the former districts, the lowest rates first and those that are hidden last; nothing where all are hidden."""
    found = places.of_month(db, month, [places.DELIVERED]).districts
    if not places.any_told(found):
        return []
    return sorted(found, key=lambda place: (not place.delivered.rate, _share(place.delivered.rate), place.name))


def _share(rate: Rate | None) -> float:
    return rate.share if rate else 0.0


def waves_of(db: Database, period: Period) -> Sequence[OneWave]:
    """Waves that were opened in the period, the newest first."""
    start, end = periods.midnight(period.start), periods.midnight(period.end + periods.ONE_DAY)
    there = browsing.opened(db, MOST_WAVES, start=start, end=end)
    return [OneWave(wave, _rate(counts)) for wave, counts in there]


def _rate(counts: Figures) -> Rate:
    return Rate(counts["delivered"], handed_over(counts))
