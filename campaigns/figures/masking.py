"""Figures broken down far enough name people: fewer than ten in a cell are not shown, nor can they be reckoned. Pure.

A cell of 1..9 people is hidden, and so are as many others as it takes that no hidden one follows from a total: None
stands for both, and whoever shows it says "hidden" and not "less than ten". Zero is shown as 0 where it can be.

* `masked`: cells of one row whose total is shown (by carrier, by topic).
* `masked_parts`: cells that are shown twice, alone and added up (communes, and the former districts they make up).
* `masking_tables.masked_table`: rows × columns (carrier × reason, day × status).
* `masking_rates.masked_rates`: so many of so many, by place (delivered of sent in each commune).

What is chosen follows from the values alone, never from the order, so that even who knows these rules is left with two
values at least for every hidden cell (tests/campaigns/figures/test_masking.py tries every small table).
"""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

#: The smallest number of people that is shown.
LEAST = 10

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)


def masked(cells: Mapping[Key, int], whole: int | None, least: int = LEAST) -> dict[Key, int | None]:
    """The cells with None for those that are hidden. `whole`: the total that is shown beside them, None = none is.

    One cell alone is its total: who shows that has shown it.

    >>> masked({"a": 3, "b": 40, "c": 12, "d": 0}, 55)
    {'a': None, 'b': 40, 'c': None, 'd': 0}
    >>> masked({"a": 3, "b": 40}, None)
    {'a': None, 'b': 40}
    """
    hidden = small(cells, least)
    if whole is not None and len(cells) > 1:
        hidden = _closed(cells, hidden, least)
    return {key: None if key in hidden else n for key, n in cells.items()}


def masked_parts(
    cells: Mapping[Key, int], parts: Mapping[Key, Part], whole: int | None, least: int = LEAST
) -> tuple[dict[Key, int | None], dict[Part, int | None]]:
    """The cells, and the sums of those of one part, both as they may be shown on pages of the same figures.

    `parts`: the part that each cell belongs to; `whole` as in `masked`.
    """
    inside: dict[Part, dict[Key, int]] = {}
    for key, n in cells.items():
        inside.setdefault(parts[key], {})[key] = n
    sums = masked({part: sum(those.values()) for part, those in inside.items()}, whole, least)
    shown: dict[Key, int | None] = {}
    for part, those in inside.items():
        # Where the sum may not be known nothing in it may: not even a zero, which would leave it to fewer cells.
        shown |= masked(those, sums[part], least) if sums[part] is not None else dict.fromkeys(those)
    return {key: shown[key] for key in cells}, sums


def small(cells: Mapping[Key, int], least: int = LEAST) -> set[Key]:
    """The cells of 1..9 people."""
    return {key for key, n in cells.items() if 0 < n < least}


def smallest(cells: Mapping[Key, int], hidden: Collection[Key]) -> set[Key]:
    """The smallest cells that are not hidden yet, all that are as small: choosing one of them would tell them apart.
    Nothing where only zeros are left.
    """
    left = {key: n for key, n in cells.items() if n > 0 and key not in hidden}
    fewest = min(left.values(), default=0)
    return {key for key, n in left.items() if n == fewest}


def _closed(cells: Mapping[Key, int], hidden: set[Key], least: int) -> set[Key]:
    """With others hidden where the sum of the hidden ones would tell what they are; where nothing but zeros is left
    for that, these too.
    """
    if not hidden or not _tells([cells[key] for key in hidden], least):
        return hidden
    others = smallest(cells, hidden)
    return hidden | others if others else set(cells)


def _tells(values: list[int], least: int) -> bool:
    """Whether small cells follow from their sum: one alone does, and several that are all ones or all nines. One step
    away from these counts as well, so that the rarest sums are not told by being treated differently.
    """
    lowest, highest = len(values) + 1, len(values) * (least - 1) - 1
    return len(values) == 1 or not lowest < sum(values) < highest
