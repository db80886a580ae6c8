"""Signs that only figures show: a wage nobody pays for such work, a price only smugglers ask.

The amounts stand in `patterns.toml`, each beside the fact it comes from.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from bots.offers import amounts, patterns
from bots.offers.amounts import Amount
from bots.offers.guarding import Surroundings
from bots.offers.patterns import Match
from bots.offers.reading import END

#: So many words before an amount may say what it is; so many after it, per when.
_BEFORE, _AFTER = 6, 3
_NOT_A_MONTH = {"gio", "hour", "ngay", "day", "nam", "year", "tuan", "week", "annum", "yearly", "annually"}


class Sum(NamedTuple):
    """An amount and what it is for: "wage" (a month), "other wage", "cost", "deposit" or "".

    `start` and `end` are words, the role's too.
    """

    amount: Amount
    role: str
    start: int
    end: int


def sums(text: str, around: Surroundings) -> list[Sum]:
    """The amounts of `text` with what they are for."""
    starts = [word.start for word in around.words]
    roles = {}
    for name in ("wage", "cost", "deposit"):  # the later name counts: a deposit is a cost too
        for match in around.marks[name]:
            roles[match.end - 1] = (name, match.start)
    official = {around.sentence(match.start) for match in around.marks["official"]}
    found = []
    for amount in amounts.read(text):
        first, last = bisect_left(starts, amount.start), bisect_left(starts, amount.end)
        if first < last and around.sentence(first) not in official:
            found.append(_sum(amount, first, last, roles, around))
    return found


def _sum(amount: Amount, first: int, last: int, roles: dict, around: Surroundings) -> Sum:
    for place in range(first - 1, max(first - 1 - _BEFORE, -1), -1):
        if around.folded[place] == END:
            break
        if place in roles:
            role, start = roles[place]
            return Sum(amount, _monthly(role, last, around), start, last)
    near = {*around.folded[max(first - 1, 0) : first], *around.folded[last : last + _AFTER]}
    return Sum(amount, "wage" if near & {"thang", "month"} else "", first, last)


def _monthly(role: str, last: int, around: Surroundings) -> str:
    """A wage by the hour or the year is left alone; "pay 3,000 a month" is a wage, not a price."""
    after = set(around.folded[last : last + _AFTER])
    if role == "wage" and after & _NOT_A_MONTH:
        return "other wage"
    if role == "cost" and "month" in after:
        return "wage"
    return role


def find(found: list[Sum], around: Surroundings, countries: frozenset[str]) -> Iterator[Match]:
    """What the figures show."""
    figures = patterns.table()["figures"]
    abroad = bool(countries) or bool(around.marks["abroad"])
    for one in found:
        if one.role == "deposit":
            yield Match(one.start, one.end, "deposit-first")
        if one.role == "wage" and abroad and not around.marks["skilled"] and _above(one.amount, figures["wage"]):
            yield Match(one.start, one.end, "wage-very-high")
        if one.role in ("cost", "deposit", "") and "uk" in countries and _above(one.amount, figures["price"]):
            yield Match(one.start, one.end, "smuggler-price")
        if one.role in ("cost", "deposit") and abroad and _above(one.amount, figures["raised"]):
            yield Match(one.start, one.end, "smuggler-price")
    yield from _fee_against_wage(found, figures["fee"]["months"])


def _above(amount: Amount, least: dict) -> bool:
    return amount.value >= least.get(amount.money, float("inf"))


def _fee_against_wage(found: list[Sum], months: int) -> Iterator[Match]:
    """A price of more than so many monthly wages of the same text."""
    for money in ("vnd", "usd", "gbp"):
        wages = [one.amount.value for one in found if one.role == "wage" and one.amount.money == money]
        costs = [one for one in found if one.role == "cost" and one.amount.money == money]
        highest = max(costs, key=lambda one: one.amount.value, default=None)
        if wages and highest and highest.amount.value > months * max(wages):
            yield Match(highest.start, highest.end, "fee-far-above-wage")
