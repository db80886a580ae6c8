"""Rates by place that may be shown: so many of so many people in each commune, and in the former districts. Pure.

Shown beside each other, how many did and how many there are tell how many did not: 497 of 500 delivered names three.
So both sides of a rate are held to the same least number (see `masking`).

Where every place is hidden nothing is left to show: whoever shows them says so in one sentence instead (`tells`).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST, masked_parts

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True)
class Shown:
    """How many there are and how many of them did it; None = hidden. Where `of` is, `n` is too."""

    n: int | None
    of: int | None

    @property
    def rate(self) -> Rate | None:
        """None where it is hidden; a rate of nobody is false."""
        return None if self.n is None or self.of is None else Rate(self.n, self.of)


def tells(shown: Iterable[Shown]) -> bool:
    """Whether any of these rates is shown: a table in which none is says less than one sentence."""
    return any(each.rate is not None for each in shown)


def alone(rate: Rate, least: int = LEAST) -> Rate | None:
    """A rate that is part of no sum that is shown; None = hidden.

    >>> alone(Rate(5, 500)), alone(Rate(497, 500)), alone(Rate(0, 500))
    (None, None, Rate(n=0, of=500))
    """
    return None if _is_small(rate, least) or 0 < rate.of < least else rate


def masked_rates(
    rates: Mapping[Key, Rate], parts: Mapping[Key, Part], least: int = LEAST
) -> tuple[dict[Key, Shown], dict[Part, Shown]]:
    """Every place's and every part's rate as it may be shown, when the rate of all together is shown beside them.

    `parts`: the part that each place belongs to. What a place does not know of its people is a place of its own.
    """
    people, sums_of_people = masked_parts(
        {key: rate.of for key, rate in rates.items()}, parts, sum(rate.of for rate in rates.values()), least
    )
    inside: dict[Part, dict[Key, Rate]] = {}
    for key, rate in rates.items():
        inside.setdefault(parts[key], {})[key] = rate
    sums = {part: _sum(those) for part, those in inside.items()}
    hidden_parts = _hidden(sums, sums_of_people, least)
    hidden = set()
    for part, those in inside.items():
        hidden |= set(those) if part in hidden_parts else _hidden(those, people, least)
    return (
        {key: Shown(None if key in hidden else rate.n, people[key]) for key, rate in rates.items()},
        {part: Shown(None if part in hidden_parts else rate.n, sums_of_people[part]) for part, rate in sums.items()},
    )


def _sum(rates: Mapping[Key, Rate]) -> Rate:
    return Rate(sum(rate.n for rate in rates.values()), sum(rate.of for rate in rates.values()))


def _hidden(rates: Mapping[Key, Rate], people: Mapping[Key, int | None], least: int) -> set[Key]:
    """The places whose `n` is hidden when the sum of all of them is known."""
    hidden = {key for key, rate in rates.items() if people[key] is None or _is_small(rate, least)}
    if len(rates) < 2:
        return hidden
    while _told({key: rates[key] for key in hidden}, people):
        more = _next(rates, hidden)
        if not more:
            return hidden
        hidden |= more
    return hidden


def _is_small(rate: Rate, least: int) -> bool:
    return 0 < rate.n < least or 0 < rate.of - rate.n < least


def _told(rates: Mapping[Key, Rate], people: Mapping[Key, int | None]) -> bool:
    """Whether hidden numbers follow from their sum: one alone does, and several that are all as small or all as large
    as they can be. One step away from these counts as well, so that the rarest sums are not told by being treated
    differently. A reader takes a hidden number for neither nobody nor everybody where these are shown.
    """
    n, most = sum(rate.n for rate in rates.values()), sum(rate.of for rate in rates.values())
    if n in (0, most):
        return False  # nobody in any of them, or everybody: that is no small number
    edge = 0 if any(rate.n in (0, rate.of) for rate in rates.values()) else 1
    edges = sum(edge for key in rates if people[key] is not None)
    return len(rates) == 1 or not edges + 1 < n < most - edges - 1


def _next(rates: Mapping[Key, Rate], hidden: set[Key]) -> set[Key]:
    """The places to hide next: those nearest to nobody or everybody, and these themselves last."""
    left = {key: min(rate.n, rate.of - rate.n) for key, rate in rates.items() if key not in hidden and rate}
    nearest = min((n for n in left.values() if n), default=0)
    return {key for key, n in left.items() if n == nearest}
