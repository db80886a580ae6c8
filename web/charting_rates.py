"""Bars of which each carries its words beside it: rates with their intervals, and the funnel of a wave."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.figures.intervals import Rate
from web.charting import chart_id
from web.charting_axis import Axis, share_axis
from web.language import percent
from web.rates import rate_words, shown


@dataclass(frozen=True)
class RateBar:
    """`wide` the bar, `low` and `high` the ends of its interval, in percent of the chart; None = nothing to draw."""

    label: str
    words: str
    wide: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RateBars:
    title: str
    rows: Sequence[RateBar]
    axis: Axis

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def id(self) -> str:
        return chart_id(self.title)


def rate_bars(title: str, rows: Sequence[tuple[str, Rate | None]]) -> RateBars:
    """A bar for each label with a whisker for its interval; the axis ends where the highest whisker does. None is
    hidden.
    """
    scale = share_axis(max((rate.high for _label, rate in rows if rate), default=0))
    return RateBars(title, [_bar(label, rate, scale.top) for label, rate in rows], scale)


def _bar(label: str, rate: Rate | None, top: float) -> RateBar:
    if not rate:
        return RateBar(label, rate_words(rate), None, None, None)
    wide, low, high = (round(100 * share / top, 2) for share in (rate.share, rate.low, rate.high))
    return RateBar(label, rate_words(rate), wide, low, high)


@dataclass(frozen=True)
class Step:
    """`wide` in percent of the first step, None = hidden. `of_before`: the share of the step before, in words.
    `left`: (words, how many in words) of those who went no further, for below the bar.
    """

    label: str
    words: str
    wide: float | None
    of_before: str
    left: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Funnel:
    title: str
    steps: Sequence[Step]

    def __bool__(self) -> bool:
        return bool(self.steps)


def funnel(
    title: str, steps: Sequence[tuple[str, int | None] | tuple[str, int | None, Sequence[tuple[str, int | None]]]]
) -> Funnel:
    """Steps from the widest on: (label, how many, [(why some went no further, how many)]); None is hidden."""
    first = next((step[1] for step in steps if step[1]), 0)
    drawn, before = [], None
    for label, n, *left in steps:
        wide = None if n is None else round(min(100 * n / first, 100), 2) if first else 0.0
        drawn.append(Step(label, shown(n), wide, _of_before(n, before), [(why, shown(k)) for why, k in (*left, [])[0]]))
        before = n
    return Funnel(title, drawn)


def _of_before(n: int | None, before: int | None) -> str:
    if n is None or not before:
        return ""
    return _("%(share)s of the step before", share=percent(n, before, 0 if n * 20 >= before or not n else 1))
