"""The three prices of a message side by side: for one, and for everybody on a chosen list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.costs import FormCost


@dataclass(frozen=True)
class Column:
    """One of the three prices. `least` and `most`: VND of one message, by carrier; None where no price is known or
    nothing is written. `whole` is the list's FormCost, None while no list is chosen.
    """

    words: str
    segments: int
    least: int | None
    most: int | None
    whole: FormCost | None
    best: bool


@dataclass(frozen=True)
class CarrierRow:
    """`price` is VND for a segment, `vnd` the sum for each text; None where a price is missing."""

    carrier: str
    people: int
    price: int | None
    vnd: Sequence[int | None]


def column(words: str, segments: int, known: Mapping[str, int], whole: FormCost | None, *, best: bool) -> Column:
    """`segments` of one message, 0 where nothing is written; `known`: carrier → VND for a segment."""
    priced = [segments * price for price in known.values()] if segments else []
    least, most = min(priced, default=None), max(priced, default=None)
    return Column(words, segments, least, most, whole if segments else None, best)


def by_carrier(columns: Sequence[Column]) -> list[CarrierRow]:
    """What a list costs, carrier by carrier; a sum for every text that is written."""
    wholes = [each.whole for each in columns if each.whole]
    carriers = {each.carrier: each for whole in reversed(wholes) for each in whole.carriers}
    sums = [{each.carrier: each.vnd for each in whole.carriers} for whole in wholes]
    return [
        CarrierRow(name, each.people, each.price, [vnd.get(name, 0) for vnd in sums]) for name, each in carriers.items()
    ]
