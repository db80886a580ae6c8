"""Which firm of the loaded list a name means, and which only look like it. Pure: a list in memory, never changed.

A firm is matched only when the name is its own: the name proper letter by letter, its accents where both have them,
no trade that the listed firm does not name, the same legal form, and no other firm it might be. Everything else that
looks alike comes back marked as not the same: who wants to be taken for a licensed firm chooses just such a name.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bots import letters
from bots.agencies import likeness, names
from bots.agencies.names import Name

STATUSES = ("licensed", "suspended", "revoked")
#: From this likeness on a name is shown as one that resembles.
ALIKE = 0.7
#: Firms looked at closely for one name.
_LOOKED_AT = 40
#: A single word is telling when no more firms than this have it, and it has so many letters.
_FEW, _LETTERS = 3, 3
#: So many trades in a row are a name.
_TRADES = 3
#: What is only alike is never quite 1.
_MOST_ALIKE = 0.99


@dataclass(frozen=True)
class Agency:
    """A firm as the list has it; `also` are its trade and short names. `status` is one of STATUSES."""

    name: str
    also: tuple[str, ...] = ()
    licence: str = ""
    address: str = ""
    status: str = "licensed"


@dataclass(frozen=True)
class ListInfo:
    """Which list: its own date (ISO), where it comes from, when it was loaded, how many firms it has."""

    id: int
    as_of: str
    source: str
    loaded_at: datetime
    agencies: int

    @property
    def day(self) -> date:
        return date.fromisoformat(self.as_of)


@dataclass(frozen=True)
class Match:
    """A firm for a name. Not `exact`: only alike, by `score` (0..1), and another firm as far as anybody knows."""

    agency: Agency
    score: float
    exact: bool


@dataclass(frozen=True)
class Found:
    """What the list says of a name; `list` is None when none is loaded. `matches` are best first."""

    list: ListInfo | None
    matches: tuple[Match, ...] = ()

    @property
    def verdict(self) -> str:
        """no-list | not-found | similar, or the status of the firm that it is."""
        if self.list is None:
            return "no-list"
        if not self.matches:
            return "not-found"
        best = self.matches[0]
        return best.agency.status if best.exact else "similar"


@dataclass(frozen=True)
class _Entry:
    """One way to write a firm's name. `whole`: it counts only when it is written out in full."""

    firm: int
    name: Name
    whole: bool = False


#: Without one of these a text is a name and no question about one: "Sona Uy Tín" is not Sona.
_ASKS = frozenset(["khong", "ko", "k", "hong", "hok", "chua", "hay", "the", "sao", "nao", "is", "are", "does", "has"])


def _asks(text: str) -> bool:
    return "?" in text or not _ASKS.isdisjoint(map(letters.fold, letters.tokens(letters.clean(text))))


class Directory:
    """The list in force, ready to be searched. Safe to share between threads."""

    def __init__(self, info: ListInfo | None, agencies: Sequence[Agency] = ()):
        self.info = info
        self.agencies = tuple(agencies)
        self._entries = [entry for at, agency in enumerate(self.agencies) for entry in _entries(at, agency)]
        self._forms = [names.read(agency.name).forms for agency in self.agencies]
        self._by_core: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
        self._by_licence: dict[str, set[int]] = defaultdict(set)
        self._shapes: list[tuple[str, _Entry]] = []
        self._grams: dict[str, list[int]] = defaultdict(list)
        firms_with: dict[str, set[int]] = defaultdict(set)
        for entry in self._entries:
            self._by_core[entry.name.core].append(entry)
            for word in entry.name.sequence:
                firms_with[word].add(entry.firm)
            for shape in () if entry.whole or not entry.name.core else entry.name.shapes:
                for gram in _grams(shape):
                    self._grams[gram].append(len(self._shapes))
                self._shapes.append((shape, entry))
        #: Names made of trades alone; there are few.
        self._of_trades = [entry for entry in self._entries if not entry.name.core]
        self._firms_with = {word: len(firms) for word, firms in firms_with.items()}
        for at, agency in enumerate(self.agencies):
            if key := names.licence_key(agency.licence):
                self._by_licence[key].add(at)

    def find(self, text: str, most: int = 5, *, alike: bool = True) -> Found:
        """The firms for a name, or for a short question about one; `most` of them, the one it is first.

        Without `alike` firms that only resemble are not looked for.
        """
        asked = names.read(text)
        found = self._exact(asked, text)
        if not found:
            asked = names.read_question(text)
            found = self._exact(asked, text) if asked.sequence and _asks(text) else []
        sure = [Match(self.agencies[at], 1.0, True) for at in found if len(found) == 1]
        several = dict.fromkeys(found, _MOST_ALIKE) if len(found) > 1 else {}
        others = self._alike(asked, several, set(found)) if alike or several else ()
        near = [Match(self.agencies[at], score, False) for at, score in others]
        return Found(self.info, tuple((sure + near)[:most]))

    def has_name(self, words: tuple[str, ...]) -> bool:
        """Whether a firm's name proper is these folded words."""
        return words in self._by_core

    def _exact(self, asked: Name, text: str) -> list[int]:
        """The firms the name is, by licence number or by name; more than one when it does not tell them apart."""
        if not asked.sequence:
            return sorted(self._by_licence.get(asked.licence or names.licence_key(text), ()))
        short = names.without_general(asked) if asked.core else asked
        there = [entry for entry in self._by_core.get(asked.core, ()) if self._is(asked, short, entry)]
        written_out = [entry for entry in there if asked.sequence == entry.name.sequence]
        one_sound = len({entry.name.spoken for entry in there if entry.name.accented}) < 2
        firms = sorted({entry.firm for entry in (written_out if one_sound and written_out else there)})
        cited = self._by_licence.get(asked.licence, set()) if asked.licence else set(firms)
        return firms if set(firms) <= cited else []

    def _is(self, asked: Name, short: Name, entry: _Entry) -> bool:
        forms = entry.name.forms or self._forms[entry.firm]
        if not asked.sounds_like(entry.name) or (forms and not asked.forms <= forms):
            return False
        if asked.forms or entry.whole or not asked.core:  # a full name is that name or another firm's
            return asked.sequence == entry.name.sequence
        return short.trades <= entry.name.trades

    def _alike(self, asked: Name, known: dict[int, float], sure: set[int]) -> list[tuple[int, float]]:
        scores = dict(known)
        for entry in self._candidates(asked):
            if entry.firm not in sure:
                score = min(self._score(asked, entry.name), _MOST_ALIKE)
                scores[entry.firm] = max(scores.get(entry.firm, 0.0), score)
        if asked.licence:
            scores |= {at: _MOST_ALIKE for at in self._by_licence.get(asked.licence, set()) - sure}
        found = [(at, round(score, 3)) for at, score in scores.items() if score >= ALIKE]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def _candidates(self, asked: Name) -> Iterator[_Entry]:
        yield from self._of_trades
        shared: Counter[int] = Counter()
        for shape in asked.shapes:
            for gram in _grams(shape):
                shared.update(self._grams.get(gram, ()))
        if not shared:
            return
        wide = max(len(shape) for shape in asked.shapes) + 1
        shapes = self._shapes
        best = heapq.nlargest(
            _LOOKED_AT, shared.items(), key=lambda each: each[1] / min(wide, len(shapes[each[0]][0]) + 1)
        )
        seen: set[int] = set()
        for at, _ in best:
            entry = shapes[at][1]
            if id(entry) not in seen:
                seen.add(id(entry))
                yield entry

    def _score(self, asked: Name, listed: Name) -> float:
        """The name proper decides; what both trade in tells little, unless there is nothing else."""
        trades = asked.trades | listed.trades
        common = len(asked.trades & listed.trades) / len(trades) if trades else 1.0
        if not (asked.core and listed.core):
            return _score_of_trades(asked, listed, common)
        whole = max(likeness.ratio(asked.shapes[0], there) for there in listed.shapes)
        whole = max(whole, likeness.ratio(asked.shapes[-1], listed.shapes[0]))
        return 0.96 * max(whole, likeness.held(asked.core, listed.core, self._tells)) + 0.04 * common

    def _tells(self, words: Sequence[str]) -> bool:
        """Whether these words are enough of a name to be borrowed: two of them, or one that few firms have."""
        if len(words) > 1:
            return True
        return len(words[0]) >= _LETTERS and self._firms_with.get(words[0], 0) <= _FEW


NOBODY = Directory(None)


def _score_of_trades(asked: Name, listed: Name, common: float) -> float:
    """Of a name that is made of trades alone: it is all there is to compare, and may stand before another's words."""
    if not (asked.core or listed.core):
        return 0.6 * likeness.ratio(asked.shapes[-1], listed.shapes[-1]) + 0.4 * common
    begins = asked.sequence[: len(listed.sequence)] == listed.sequence
    return likeness.HOLDS if begins and not listed.core and len(listed.sequence) >= _TRADES else 0.0


def _entries(firm: int, agency: Agency) -> Iterable[_Entry]:
    """The ways to write a firm: its name, its other names, and both together."""
    name = names.read(agency.name)
    shorts = [short for also in agency.also if (short := names.read(also)).sequence]
    yield _Entry(firm, name)
    for short in shorts:
        yield _Entry(firm, short)
        yield _Entry(firm, names.joined(name, short), whole=True)


def _grams(shape: str) -> set[str]:
    around = f"^{shape}$"
    return {around[at : at + 2] for at in range(len(around) - 1)}
