"""A rehearsal as its page draws it: a row a day of 24 hours with what goes out in it, and its warnings in words.

Widths are percent of the day, so that the drawing needs no size of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from campaigns import holidays
from campaigns.pacing import CLOSES, OPENS
from campaigns.rehearsal import Rehearsal
from campaigns.rehearsal.result import Warning
from messages.errors import sentence
from web.here import reader
from web.language import calendar, moment, number, weekday

#: Days drawn at once; the rest is folded away, and a year of them is only told.
DAYS, MOST_DAYS = 14, 60
_HOURS = 24 * 3600

#: (from, width) in percent of the day.
Bar = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """A day: where it is closed, what goes out, when the gateway is down, and the same in words."""

    words: str
    closed: Sequence[Bar]
    bars: Sequence[Bar]
    down: Sequence[Bar]
    told: str
    messages: int
    vnd: int | None


def rows(result: Rehearsal, *, restless: bool) -> list[Row]:
    """Every day from the first message to the last, at most MOST_DAYS of them."""
    if not result.spans:
        return []
    sent = {day.day: day for day in result.days}
    bars = _by_day((span.begins, span.ends) for span in result.spans)
    down = _by_day([result.outage] if result.outage else [])
    first, last = min(sent), max(sent)
    days = [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS))]
    return [_row(day, sent.get(day), bars[day], down[day], restless) for day in days]


def _row(day: date, played, bars: Sequence[Bar], down: Sequence[Bar], restless: bool) -> Row:
    holiday = "" if restless else holidays.name(day, language=reader()) or ""
    told = f"{played.first:%H:%M}–{played.last:%H:%M}" if played else holiday or _("rests")
    if played and holiday:
        told = f"{told} · {holiday}"
    closed = [] if restless else _nights() if not holiday or played else [(0.0, 100.0)]
    return Row(weekday(day), closed, bars, down, told, played.messages if played else 0, played and played.vnd)


def _nights() -> list[Bar]:
    opens, closes = (_share(datetime.combine(date.min, each), date.min) for each in (OPENS, CLOSES))
    return [(0.0, opens), (closes, round(100 - closes, 2))]


def _by_day(spans: Iterator[tuple[datetime, datetime]]) -> defaultdict[date, list[Bar]]:
    """Cut at midnight; each is wide enough to be seen."""
    found: defaultdict[date, list[Bar]] = defaultdict(list)
    for begins, ends in spans:
        while True:
            midnight = datetime.combine(begins.date() + timedelta(days=1), time(), begins.tzinfo)
            until = min(ends, midnight)
            start = _share(begins, begins.date())
            found[begins.date()].append((start, max(round(_share(until, begins.date()) - start, 2), 0.7)))
            if until == ends:
                break
            begins = until
    return found


def _share(at: datetime, day: date) -> float:
    return round(100 * (at.replace(tzinfo=None) - datetime.combine(day, time())).total_seconds() / _HOURS, 2)


#: What is only said; everything else warns.
_PLAIN = frozenset({"starts-later", "nights", "holidays", "quota-days", "neighbours", "estimated", "outage-nothing"})


def warnings(result: Rehearsal) -> dict[str, list[str]]:
    """Tone → sentences: what warns, then what is only said."""
    told: dict[str, list[str]] = {"warn": [], "info": []}
    for warning in result.warnings:
        told["info" if warning.code in _PLAIN else "warn"].append(_told(warning))
    return {tone: sentences for tone, sentences in told.items() if sentences}


def _told(warning: Warning) -> str:
    """Its sentence, its numbers and moments as the reader writes them."""
    values = {name: _word(value) for name, value in warning.values.items()}
    return sentence(f"rehearsal-{warning.code}", reader(), **values)


def _word(value: object) -> object:
    if isinstance(value, int):
        return number(value)
    if isinstance(value, str) and "T" in value:
        return moment(datetime.fromisoformat(value))
    return calendar(date.fromisoformat(value)) if isinstance(value, str) and value else value
