"""What the overview of the figures shows of a period: sentences, tiles, and its days."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _

from campaigns import figures, periods
from campaigns.figures.masking import masked
from campaigns.model import Figures
from campaigns.periods import Period
from db.engine import Database
from web import charting
from web.language import calendar
from web.live import handed_over
from web.month import name as month_name


def days(db: Database, period: Period) -> list[tuple[date, int | None]]:
    """Messages handed over on every day of the period; None where so few that they are hidden."""
    counted = {day: handed_over(Figures(counts)) for day, counts in figures.by_day(db, period.start, period.end)}
    return list(masked(counted, sum(counted.values())).items())


def columns(days: list[tuple[date, int | None]]) -> charting.Chart:
    return charting.columns(_("Messages handed over on each day"), days, [_("messages")])


def tabs(endpoint: str, chosen: Period, today: date) -> list[tuple[str, str, None, bool]]:
    """The periods a reader may choose, as components.html draws tabs: last days, this month and the one before."""
    offered = [periods.last(n, today) for n in periods.LAST_DAYS]
    offered += [periods.month(first) for first in (today, periods.before(today))]
    if chosen not in offered:
        offered.append(chosen)
    return [(url_for(endpoint, period=each.name), words(each), None, each == chosen) for each in offered]


def words(period: Period) -> str:
    """ "30 ngày qua", "Tháng 11/2026"."""
    if period.name.isdecimal():
        return _("Last %(n)s days", n=period.name)
    return month_name(period.start)


def span(period: Period) -> str:
    return _("%(first)s to %(last)s", first=calendar(period.start), last=calendar(period.end))

