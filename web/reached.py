"""Whom the waves of a period reached, as the month's report shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns import figures, maps, periods, waves
from campaigns.figures.intervals import Rate
from campaigns.figures.masking_rates import Shown, masked_rates
from campaigns.model import Figures, Wave
from campaigns.periods import Period
from db.engine import Database
from web.live import handed_over

#: Waves of one month on the page.
MOST_WAVES = 100
#: Waves looked at to find them.
_LOOKED_AT = 500


@dataclass(frozen=True)
class District:
    """Of messages handed over to people of a former district, how many arrived."""

    name: str
    shown: Shown

    @property
    def rate(self) -> Rate | None:
        return self.shown.rate


@dataclass(frozen=True)
class OneWave:
    wave: Wave
    rate: Rate


def by_district(db: Database, period: Period) -> Sequence[District]:
    """By the former districts, the lowest rates first and those that are hidden last."""
    counts = figures.by_area(db, period.start, period.end)
    rates = {code: _rate(Figures(those)) for code, those in counts.items()}
    rates = {code: rate for code, rate in rates.items() if rate}
    homes = {spot.code: spot.district for spot in maps.spots(db)}
    _communes, districts = masked_rates(rates, {code: homes.get(code, "") for code in rates})
    rows = [District(name or _("district not known"), shown) for name, shown in districts.items()]
    return sorted(rows, key=lambda row: (row.rate is None, row.rate.share if row.rate else 0, row.name))


def waves_of(db: Database, period: Period) -> Sequence[OneWave]:
    """Waves that were opened in the period, the newest first."""
    start, end = periods.midnight(period.start), periods.midnight(period.end + periods.ONE_DAY)
    there = [
        (wave, counts)
        for wave, counts in waves.all(db, _LOOKED_AT)
        if wave.opened_at and start <= wave.opened_at < end
    ]
    return [OneWave(wave, _rate(counts)) for wave, counts in there[:MOST_WAVES]]


def _rate(counts: Figures) -> Rate:
    return Rate(counts["delivered"], handed_over(counts))
