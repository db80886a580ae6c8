"""Rates by place that may be shown: so many of so many people in each commune, and in the former districts. Pure.

Shown beside each other, how many did and how many there are tell how many did not: 497 of 500 delivered names three.
So both sides of a rate are held to the same least number (see `masking`).

Where every place that has people is hidden, what they come to together may still tell one (2 of 20 in two communes,
neither of them nobody): whoever shows that sum beside them must leave it out.
"""

from collections.abc import Hashable, Iterator, Mapping
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
    while any(_told(rates, hidden, people)):
        more = _next(rates, hidden)
        if not more:
            return hidden
        hidden |= more
    return hidden


def _is_small(rate: Rate, least: int) -> bool:
    return 0 < rate.n < least or 0 < rate.of - rate.n < least


def _told(rates: Mapping[Key, Rate], hidden: set[Key], people: Mapping[Key, int | None]) -> Iterator[bool]:
    """For every hidden place whether its number follows from the sum: it does when it can neither grow while another
    one shrinks nor shrink while another one grows.
    """
    may_grow = {key for key in hidden if _may_grow(rates[key], people[key])}
    may_shrink = {key for key in hidden if _may_shrink(rates[key], people[key])}
    for key in hidden:
        grows, shrinks = key in may_grow and may_shrink - {key}, key in may_shrink and may_grow - {key}
        yield not grows and not shrinks


def _may_grow(rate: Rate, people: int | None) -> bool:
    """A reader takes a hidden number for neither nobody nor everybody, as these are shown."""
    return rate.n < rate.of - (0 if people is None or rate.n in (0, rate.of) else 1)


def _may_shrink(rate: Rate, people: int | None) -> bool:
    return rate.n > (0 if people is None or rate.n in (0, rate.of) else 1)


def _next(rates: Mapping[Key, Rate], hidden: set[Key]) -> set[Key]:
    """The places to hide next: those nearest to nobody or everybody, and these themselves last."""
    left = {key: min(rate.n, rate.of - rate.n) for key, rate in rates.items() if key not in hidden and rate}
    nearest = min((n for n in left.values() if n), default=0)
    return {key for key, n in left.items() if n == nearest}
