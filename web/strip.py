"""When a wave goes out, drawn: one row a day of 24 hours, nights and holidays hatched, the wave's own hours as a bar.

Widths are percent of the day, so that the drawing needs no size of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import holidays
from campaigns.forecast import Stretch
from campaigns.pacing import CLOSES, OPENS
from web.here import reader
from web.language import weekday

#: Days drawn; a wave that takes longer says how many more follow.
DAYS = 7
_DAY = 24 * 3600

#: (from, width) in percent of the day.
Span = tuple[float, float]


@dataclass(frozen=True)
class Day:
    """A day as it is drawn. `holiday` is its name, "" on other days; `hours` tells the bar in words."""

    words: str
    closed: tuple[Span, ...]
    holiday: str
    bar: Span | None
    hours: str
    messages: int


@dataclass(frozen=True)
class Strip:
    days: Sequence[Day]
    #: Days on which it still sends after the last one drawn.
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.days)

    @property
    def rest(self) -> str:
        return ngettext("and %(num)s more day", "and %(num)s more days", self.more) if self.more else ""


def strip(stretches: Iterable[Stretch], zone: ZoneInfo, *, restless: bool = False) -> Strip:
    """Every day from the first stretch to the last, rests in between included; a restless wave sends at night."""
    stretches = [Stretch(each.begins.astimezone(zone), each.ends.astimezone(zone), each.messages) for each in stretches]
    if not stretches:
        return Strip(())
    sending = _by_day(stretches)
    first, last = min(sending), max(sending)
    days = [first + timedelta(days=n) for n in range(min((last - first).days + 1, DAYS))]
    closed = () if restless else _nights()
    drawn = [_day(day, sending.get(day), closed, holidays.name(day, language=reader()) or "") for day in days]
    return Strip(drawn, sum(day > days[-1] for day in sending))


def _by_day(stretches: Sequence[Stretch]) -> dict[date, Stretch]:
    """Stretches of one day joined; one that crosses midnight is cut there, its messages by the time they take."""
    found: dict[date, Stretch] = {}
    for each in (piece for stretch in stretches for piece in _cut(stretch)):
        day = each.begins.date()
        before = found.get(day)
        found[day] = Stretch(before.begins, each.ends, before.messages + each.messages) if before else each
    return found


def _cut(whole: Stretch) -> Iterable[Stretch]:
    begin, n = whole.begins, whole.messages
    while whole.ends.date() > begin.date():
        midnight = datetime.combine(begin.date() + timedelta(days=1), time(), begin.tzinfo)
        part = n * ((midnight - begin) / (whole.ends - begin))
        yield Stretch(begin, midnight, part)
        begin, n = midnight, n - part
    if round(n) or whole.ends > begin:
        yield Stretch(begin, whole.ends, n)


def _day(day: date, stretch: Stretch | None, closed: tuple[Span, ...], holiday: str) -> Day:
    if stretch is None:
        return Day(weekday(day), closed, holiday, None, holiday or _("rests"), 0)
    start, stop = _seconds(stretch.begins, day), _seconds(stretch.ends, day)
    bar = (_share(start), max(_share(stop - start), 0.7))
    begins, ends = f"{stretch.begins:%H:%M}", _until(stretch.ends, day)
    hours = begins if begins == ends else f"{begins}–{ends}"
    return Day(weekday(day), closed, holiday, bar, hours, round(stretch.messages))


def _until(end: datetime, day: date) -> str:
    return "24:00" if end.date() > day else f"{end:%H:%M}"


def _nights() -> tuple[Span, ...]:
    opens, closes = (each.hour * 3600 + each.minute * 60 for each in (OPENS, CLOSES))
    return (0.0, _share(opens)), (_share(closes), _share(_DAY - closes))


def _seconds(moment: datetime, day: date) -> float:
    return (moment.replace(tzinfo=None) - datetime.combine(day, time())).total_seconds()


def _share(seconds: float) -> float:
    return round(100 * seconds / _DAY, 2)
