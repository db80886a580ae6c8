"""How many people of each kind there are: the one count from which all others are added up. Pure.

A kind is what is known of somebody besides their name and number. None of it changes once somebody is in the tables, so
a million people are counted once and kept as a few thousand kinds.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Kind(NamedTuple):
    """`area` is today's commune or ward, `former_district` the one before 2025; both are codes, None = not known."""

    area: str | None
    former_district: str | None
    language: str
    carrier: str
    source: str
    made_up: bool

    @property
    def reader(self) -> str:
        """The language they are written to in."""
        return "en" if self.language == "en" else "vi"


Kinds = Counter[Kind]


@dataclass(frozen=True)
class Homes:
    """Places chosen: communes (or those of a province), former districts (or those of a province), and today's
    communes that came out of the former districts.
    """

    communes: frozenset[str]
    districts: frozenset[str]
    came_out: frozenset[str]

    def __contains__(self, kind: Kind) -> bool:
        """As store.audience.living_in says it for a contact."""
        return (
            kind.area in self.communes
            or kind.former_district in self.districts
            or (kind.former_district is None and kind.area in self.came_out)
        )


def chosen(kinds: Kinds, audience: Mapping[str, object], homes: Homes | None) -> Kinds:
    """Those whom the audience's areas, language, carriers and sources leave; `homes` where it has areas."""
    tests: list[Callable[[Kind], bool]] = []
    if homes is not None:
        tests.append(homes.__contains__)
    if "language" in audience:
        tests.append(lambda kind: kind.reader == audience["language"])
    if "carriers" in audience:
        tests.append(lambda kind: kind.carrier in audience["carriers"])
    if "sources" in audience:
        tests.append(lambda kind: kind.source in audience["sources"])
    return Counter({kind: n for kind, n in kinds.items() if all(test(kind) for test in tests)})


def by(kinds: Kinds, what: Callable[[Kind], object]) -> Counter:
    """People by something about their kind, most first: `by(kinds, lambda kind: kind.carrier)`."""
    counts: Counter = Counter()
    for kind, n in kinds.items():
        counts[what(kind)] += n
    return Counter(dict(counts.most_common()))


def share_out(able: Counter, people: int) -> Counter:
    """`people` of those in `able`, in proportion; whole numbers that add up to it (largest remainders).

    >>> share_out(Counter(Viettel=70, Vinaphone=20, Gmobile=10), 50)
    Counter({'Viettel': 35, 'Vinaphone': 10, 'Gmobile': 5})
    """
    whole = able.total()
    if not whole:
        return Counter()
    shares = Counter({key: n * people // whole for key, n in able.items()})
    rests = sorted(able, key=lambda key: able[key] * people % whole, reverse=True)
    shares.update(rests[: people - shares.total()])
    return +shares


def to_rows(kinds: Kinds) -> list[list[object]]:
    """As JSON can hold them: the parts of each kind, then how many."""
    return [[*kind, n] for kind, n in kinds.items()]


def from_rows(rows: Iterable[Iterable[object]]) -> Kinds:
    counts: Kinds = Counter()
    for *parts, n in rows:
        area, district, language, carrier, source, made_up = parts
        counts[Kind(area, district, language, carrier, source, bool(made_up))] += n
    return counts


def dumped(kinds: Kinds, **more: object) -> str:
    return json.dumps({**more, "kinds": to_rows(kinds)}, ensure_ascii=False, separators=(",", ":"))
