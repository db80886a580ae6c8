"""Round steps for an axis, and which of many days are named below it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_compact_decimal
from flask_babel import get_locale, get_timezone

from web.here import reader
from web.language import calendar, number, percent

#: Lines across a chart, and names below it on a phone and where there is room.
STEPS = 5
NARROW, WIDE = 5, 12
#: From here on numbers at an axis are shortened: "1,2 Tr" for 1.200.000.
_LONG = 1_000_000
_ROUND = (1, 2, 2.5, 5, 10)
When = date | datetime | str


@dataclass(frozen=True)
class Axis:
    """`ticks`: (part of the height from the top 0..1, words). `top` is what the whole height stands for."""

    top: float
    ticks: Sequence[tuple[float, str]]

    @property
    def room(self) -> str:
        """How much room its words take on the left: s, m or l."""
        longest = max(len(words) for _y, words in self.ticks)
        return "s" if longest <= 4 else "m" if longest <= 6 else "l"


@dataclass(frozen=True)
class Label:
    """A name below the chart, `x` in percent; `wide`: only where there is room."""

    x: float
    words: str
    wide: bool


def round_step(most: float, steps: int = STEPS) -> float:
    """The smallest round number of which `steps` reach `most`: 1, 2, 2.5 or 5 times a power of ten.

    >>> round_step(18), round_step(4200), round_step(0.07)
    (5, 1000, 0.02)
    """
    if not most > 0:
        return 1
    power = 10.0 ** math.floor(math.log10(most / steps))
    step = next(power * each for each in _ROUND if power * each * steps >= most * (1 - 1e-9))
    return float(f"{step:.6g}") if step < 1 or step % 1 else int(step)


def axis(most: float) -> Axis:
    """For counts, from 0; steps are whole numbers."""
    step = round_step(most)
    step = max(step if step == int(step) else math.ceil(step / 5) * 5 if step > 1 else 1, 1)
    lines = max(math.ceil(most / step - 1e-9), 1)
    return _axis(step, lines, _count)


def share_axis(most: float) -> Axis:
    """For shares from 0 to 1, not beyond the whole."""
    step = min(round_step(min(most, 1)), 0.25) if most > 0 else 0.25
    lines = max(math.ceil(min(most, 1) / step - 1e-9), 1)
    decimals = 0 if step >= 0.01 and round(step * 1000) % 10 == 0 else 1 if step >= 0.001 else 2
    return _axis(step, lines, lambda value: percent(value, 1, decimals))


def _axis(step: float, lines: int, words) -> Axis:
    ticks = [(round(1 - i / lines, 4), words(i * step)) for i in range(lines + 1)]
    return Axis(step * lines, ticks)


def _count(n: float) -> str:
    if n < _LONG:
        return number(n)
    return format_compact_decimal(n, locale=get_locale(), fraction_digits=1)


def labels(when: Sequence[When]) -> list[Label]:
    """Names for some of the points, evenly: NARROW of them always, up to WIDE where there is room."""
    if not when:
        return []
    wide = math.ceil(len(when) / WIDE)
    narrow = wide * math.ceil(math.ceil(len(when) / NARROW) / wide)
    words = [_short(each, when) for each in when]
    room = 100 / len(when)
    return [
        Label(round(room * (i + 0.5), 3), words[i], bool(i % narrow)) for i in range(0, len(when), wide)
    ]  # fmt: skip


def moment_words(at: When, among: Sequence[When]) -> str:
    """A point's own name in full: the day, or the day and the hour."""
    if isinstance(at, datetime):
        pattern = {"vi": "HH:mm dd/MM/yyyy", "en": "HH:mm, d MMM yyyy"}[reader()]
        return babel_datetime(at, pattern, tzinfo=get_timezone(), locale=get_locale())
    return calendar(at) if isinstance(at, date) else str(at)


def _short(at: When, among: Sequence[When]) -> str:
    if isinstance(at, datetime):
        return _hour(at, among[-1] - among[0])
    if not isinstance(at, date):
        return str(at)
    years = among[-1] - among[0] > timedelta(days=366)
    pattern = {"vi": ("dd/MM", "MM/yyyy"), "en": ("d MMM", "MMM yyyy")}[reader()][years]
    return format_date(at, pattern, locale=get_locale())


def _hour(at: datetime, span: timedelta) -> str:
    one_day = span <= timedelta(hours=36)
    pattern = "HH:mm" if one_day else {"vi": "HH'h' dd/MM", "en": "HH'h', d MMM"}[reader()]
    return babel_datetime(at, pattern, tzinfo=get_timezone(), locale=get_locale())
