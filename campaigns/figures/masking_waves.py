"""Rates by place of several waves together, when those of each wave are shown as well. Pure.

What a month shows of a commune less what its waves show is what the others come to: a month hides more than it would by
itself, until no number that a wave or the month hides follows from all of them together (`masking_rings`). Waves hide
nothing more for its sake: they are shown before anybody knows what the month will be. So a time that is told by place
may not share waves with another one: whole months do not.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST
from campaigns.figures.masking_rates import Shown, masked_rates
from campaigns.figures.masking_rings import Pipe, told

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)
Rates = Mapping[Key, Rate]


def masked_together(
    waves: Sequence[Rates], parts: Mapping[Key, Part], least: int = LEAST
) -> tuple[dict[Key, Shown], dict[Part, Shown]]:
    """Every place's and every part's rate of all these waves, beside `masked_rates` of each of them."""
    whole = _added(waves)
    places, sums = masked_rates(whole, parts, least)
    each = [masked_rates(rates, parts, least) for rates in waves]
    people, number = (_Net(whole, parts, name) for name in ("of", "n"))
    for net in (people, number):
        for n, (rates, (shown, parts_shown)) in enumerate(zip(waves, each, strict=True)):
            net.add_wave(n, rates, shown, parts_shown)
        # Where people are hidden the rate is.
        net.hide(people.hidden | net.hidden_in(places), people.hidden_parts | net.hidden_in(sums))
    return (
        {key: Shown(number.shown(key, rate.n), people.shown(key, rate.of)) for key, rate in whole.items()},
        {part: Shown(number.part_shown(part, at.n), people.part_shown(part, at.of))
         for part, at in _by_part(whole, parts).items()},
    )  # fmt: skip


def _added(waves: Sequence[Rates]) -> dict[Key, Rate]:
    found: dict[Key, Rate] = {}
    for rates in waves:
        for key, rate in rates.items():
            before = found.get(key, Rate(0, 0))
            found[key] = Rate(before.n + rate.n, before.of + rate.of)
    return found


def _by_part(rates: Rates, parts: Mapping[Key, Part]) -> dict[Part, Rate]:
    inside: dict[Part, list[Rate]] = {}
    for key, rate in rates.items():
        inside.setdefault(parts[key], []).append(rate)
    return {part: Rate(sum(each.n for each in those), sum(each.of for each in those)) for part, those in inside.items()}


class _Net(Generic[Key, Part]):
    """One of the two numbers of the rates (`name`: "n" or "of") in all sums it stands in: of places and parts, of each
    wave and of all. The sum of a wave, and that of all, are known.
    """

    def __init__(self, whole: Rates, parts: Mapping[Key, Part], name: str):
        self.name, self._whole, self._parts = name, whole, parts
        self._sums = _by_part(whole, parts)
        self._of_waves: dict[tuple, Pipe] = {}
        self._inevitable: set[tuple] = set()
        self.hidden: set[Key] = set()
        self.hidden_parts: set[Part] = set()

    def shown(self, key: Key, n: int) -> int | None:
        return None if key in self.hidden else n

    def part_shown(self, part: Part, n: int) -> int | None:
        return None if part in self.hidden_parts else n

    def hidden_in(self, shown: Mapping[Hashable, Shown]) -> set:
        return {name for name, at in shown.items() if getattr(at, self.name) is None}

    def add_wave(self, n: int, rates: Rates, shown: Mapping[Key, Shown], sums: Mapping[Part, Shown]) -> None:
        for key in self.hidden_in(shown):
            a, b = ("wave part", n, self._parts[key]), ("place", key)
            self._of_waves["wave place", n, key] = self._pipe(a, b, rates[key])
        inside = _by_part(rates, self._parts)
        for part in self.hidden_in(sums):
            self._of_waves["wave part", n, part] = self._pipe(("wave", n), ("wave part", n, part), inside[part])

    def hide(self, hidden: set[Key], hidden_parts: set[Part]) -> None:
        """These, and what else it takes."""
        self.hidden, self.hidden_parts = set(hidden), set(hidden_parts)
        anyway = self._told(self._whole, self._sums) if self._of_waves or hidden or hidden_parts else (set(), set())
        self._inevitable = anyway[0]
        while names := set().union(*self._more_than(anyway)):
            if not self._hide_beside(names):
                return

    def _told(self, keys, parts) -> tuple[set[tuple], set[tuple]]:
        """What follows from the sums when these are hidden of all waves together: for a reader who knows how many
        people each place has at most, and for one who only reckons with the sums.
        """
        pipes = self._pipes(keys, parts)
        return told(pipes), told({name: Pipe(pipe.a, pipe.b) for name, pipe in pipes.items()})

    def _more_than(self, anyway: tuple[set[tuple], set[tuple]]) -> Iterator[set[tuple]]:
        """What each of the two is told now and would not be if nothing were told of all waves together."""
        now = self._told(self.hidden, self.hidden_parts)
        return (names - before for names, before in zip(now, anyway, strict=True))

    def _hide_beside(self, names: set[tuple]) -> bool:
        """More that may unhinge these numbers: what they are a piece of, else the least of what stands beside it, else
        everything. False when nothing is left.
        """
        keys = {name[-1] for name in names if name[0] == "wave place"} - self.hidden
        parts = {name[-1] for name in names if name[0] == "wave part"} - self.hidden_parts
        if not keys | parts:
            keys = set(self._next_in({self._part_of(name) for name in names}))
            parts = set(self._next_parts()) if any(name[0] == "part" for name in names) else set()
        if not keys | parts:
            keys, parts = set(self._whole) - self.hidden, set(self._sums) - self.hidden_parts
        self.hidden |= keys
        self.hidden_parts |= parts
        return bool(keys or parts)

    def _part_of(self, name: tuple) -> Part:
        return self._parts[name[-1]] if name[0] in ("wave place", "place") else name[-1]

    def _next_in(self, parts: set[Part]) -> Iterator[Key]:
        """The smallest place of each part that is still shown and does not follow from the waves anyway."""
        for part in parts:
            left = [key for key in self._whole if self._parts[key] == part and key not in self.hidden]
            yield from self._smallest([key for key in left if ("place", key) not in self._inevitable], self._whole)

    def _next_parts(self) -> Iterator[Part]:
        left = [part for part in self._sums if part not in self.hidden_parts]
        yield from self._smallest([part for part in left if ("part", part) not in self._inevitable], self._sums)

    def _smallest(self, names: Sequence, rates: Mapping) -> Sequence:
        # By name where several are as small: two looks that hid different ones would tell each other's.
        return sorted(names, key=lambda name: (getattr(rates[name], self.name), str(name)))[:1]

    def _pipes(self, keys, parts) -> dict[tuple, Pipe]:
        """What is hidden when these are hidden of all waves together."""
        found = dict(self._of_waves)
        for key in keys:
            found["place", key] = self._pipe(("place", key), ("part", self._parts[key]), self._whole[key])
        for part in parts:
            found["part", part] = self._pipe(("part", part), "all", self._sums[part])
        return found

    def _pipe(self, a: Hashable, b: Hashable, rate: Rate) -> Pipe:
        """A reader takes a hidden number for neither nobody nor everybody, as these are shown."""
        if self.name == "of":
            return Pipe(a, b, True, rate.of > 1)
        edge = 0 if rate.n in (0, rate.of) else 1
        return Pipe(a, b, rate.n < rate.of - edge, rate.n > edge)
