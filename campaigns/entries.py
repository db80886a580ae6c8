"""A row of a list as a person to write to, or the reason why not. Pure.

Nothing that is not a number is refused: a number whose commune nobody can place is still somebody who should be
warned, so the row counts as accepted, keeps its district where that is known, and is counted under `notes`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from campaigns.columns import Columns
from campaigns.folding import fold
from campaigns.formulas import plain
from campaigns.places import Place, Resolver
from sms import numbers

#: No name or commune is longer; what is, is cut here and counted.
MOST_LETTERS = 500
#: Nor has a row more cells, or letters in them, than this.
MOST_CELLS, MOST_LETTERS_OF_A_ROW = 1000, 50_000
_ALWAYS_KEPT = MOST_LETTERS_OF_A_ROW // MOST_LETTERS
_REMEMBERED = 20_000
_DEFAULT_LANGUAGE = "vi"
#: A number's first digits → its country; of several that share them the largest.
_COUNTRIES = {f"+{code}": regions[0] for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if regions[0] != "001"}

_LANGUAGES = {
    fold(word): language
    for language, words in {
        "vi": ("vi", "vie", "vn", "việt", "tiếng việt", "việt nam", "vietnamese"),
        "en": ("en", "eng", "anh", "tiếng anh", "english", "gb", "uk"),
    }.items()
    for word in words
}


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """What a person shares with many others of a list. Two may say the same and be two.

    `letters` is the length of the number; `rewritten` names the rule that changed it (sms.numbers); `notes` are codes
    of what did not fit: place-unknown, place-ambiguous, language-unknown, cells-cut.
    """

    letters: int
    carrier: str
    rewritten: str | None
    country: str
    language: str
    place: Place
    notes: tuple[str, ...]


class Person(NamedTuple):
    """`fields` hold the name and other columns."""

    e164: str
    standing: Standing
    fields: dict[str, str]

    @property
    def carrier(self) -> str:
        return self.standing.carrier

    @property
    def rewritten(self) -> str | None:
        return self.standing.rewritten

    @property
    def country(self) -> str:
        return self.standing.country

    @property
    def language(self) -> str:
        return self.standing.language

    @property
    def place(self) -> Place:
        return self.standing.place

    @property
    def notes(self) -> tuple[str, ...]:
        return self.standing.notes


class Refused(NamedTuple):
    line: int
    code: str
    cells: list[str]


@dataclass(eq=False, slots=True)
class _Situation:
    """What a row writes of place and language, understood; and what the people who wrote it so share besides."""

    place: Place
    language: str
    notes: tuple[str, ...]
    standings: dict[tuple, Standing] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one list, each by itself: any part of a list may be read anywhere.

    `answers` say which unit (its code) an ambiguous place is, by what is written for district and commune, folded.
    """

    def __init__(
        self,
        columns: Columns,
        country: str,
        resolver: Resolver,
        area: str | None = None,
        answers: Mapping[tuple[str, str], str] | None = None,
    ):
        self._columns = columns
        self._width = len(columns.headings)
        self._country = country
        self._resolver = resolver
        self._area = area
        self._answers = answers or {}
        named = () if columns.name is None else ((columns.name, "name"),)
        self._kept_columns = (*named, *columns.extra)
        roles = ("district", "commune", "language")
        self._told = tuple(role for role in roles if getattr(columns, role) is not None)
        self._told_at = tuple(getattr(columns, role) for role in self._told)
        self._pick_told = itemgetter(*self._told_at) if len(self._told_at) > 1 else None
        self._situations: dict[tuple[str, ...], _Situation] = {}

    def good_numbers(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[int]:
        """Only the good numbers of the rows, as `sort_out` remembers them."""
        return (int(number.e164) for number in self._numbers(list(rows)) if number.valid)

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Person | Refused]:
        """An entry for every (row number, cells), in order."""
        rows = list(rows)
        unusual = max(map(len, chain.from_iterable(cells for _, cells in rows)), default=0) > MOST_LETTERS
        for number, (line, cells) in zip(self._numbers(rows), rows, strict=True):
            if not number.valid:
                yield Refused(line, number.code, [_kept(cell) for cell in cells])
                continue
            kept = cells if len(cells) <= _ALWAYS_KEPT else _as_much_as_is_kept(cells)
            cut = kept is not cells or (unusual and max(map(len, cells)) > MOST_LETTERS)
            yield Person(number.e164, self._standing(number, cells, cut), self._fields(kept))

    def _numbers(self, rows: Sequence[tuple[int, list[str]]]) -> list[numbers.Number]:
        at = self._columns.phone
        written = [cells[at][:MOST_LETTERS] if at < len(cells) else "" for _, cells in rows]
        return numbers.read_many(written, self._country)

    def _standing(self, number: numbers.Number, cells: Sequence[str], cut: bool) -> Standing:
        _, _, e164, carrier, rewritten, _ = number
        situation = self._situation(cells)
        # A carrier of ours says of what country and how long the number is.
        key = (carrier or (e164[:4], len(e164)), rewritten, cut)
        standing = situation.standings.get(key)
        if standing is None:
            standing = situation.standings[key] = self._new_standing(number, situation, cut)
        return standing

    def _situation(self, cells: Sequence[str]) -> _Situation:
        if self._pick_told and len(cells) >= self._width:
            written = self._pick_told(cells)
        else:
            written = tuple(_cell(cells, at) for at in self._told_at)
        situation = self._situations.get(written)
        if situation is None:
            situation = self._new_situation(dict(zip(self._told, written, strict=True)))
            if len(self._situations) < _REMEMBERED:
                self._situations[written] = situation
        return situation

    def _new_situation(self, written: Mapping[str, str]) -> _Situation:
        place = self._place(written.get("district", ""), written.get("commune", ""))
        language, notes = _language(written.get("language", ""))
        if place.found in ("unknown", "ambiguous"):
            notes += (f"place-{place.found}",)
        return _Situation(place, language, notes)

    def _new_standing(self, number: numbers.Number, situation: _Situation, cut: bool) -> Standing:
        notes = (*situation.notes, "cells-cut") if cut else situation.notes
        country = next((_COUNTRIES[code] for n in (3, 4, 2) if (code := number.e164[:n]) in _COUNTRIES), self._country)
        carrier = number.carrier or "unknown"
        return Standing(
            len(number.e164), carrier, number.rewritten, country, situation.language, situation.place, notes
        )

    def _place(self, district: str, commune: str) -> Place:
        district, commune = district[:MOST_LETTERS], commune[:MOST_LETTERS]
        place = self._resolver.resolve(district, commune, self._area)
        return self._answered(place, district, commune) if place.found == "ambiguous" else place

    def _answered(self, place: Place, district: str, commune: str) -> Place:
        """The place an officer said it is, when that is one of those it may be; else as it was, left open."""
        code = self._answers.get((fold(district), fold(commune)))
        return replace(self._resolver.resolve(within=code), found="known") if code in place.choices else place

    def _fields(self, cells: Sequence[str]) -> dict[str, str]:
        """The name, the columns nobody here understands, and cells beyond the last heading: nothing is dropped."""
        fields = {}
        for at, heading in self._kept_columns:
            if at < len(cells) and (text := _kept(cells[at])):
                fields[heading] = text
        if len(cells) > self._width:
            self._beyond(cells, fields)
        return fields

    def _beyond(self, cells: Sequence[str], fields: dict[str, str]) -> None:
        for at in range(self._width, len(cells)):
            if text := _kept(cells[at]):
                fields[f"column {at + 1}"] = text


def _language(written: str) -> tuple[str, tuple[str, ...]]:
    if not written or written in ("vi", "en"):
        return written or _DEFAULT_LANGUAGE, ()
    language = _LANGUAGES.get(fold(written[:MOST_LETTERS]))
    return (language, ()) if language else (_DEFAULT_LANGUAGE, ("language-unknown",) if written.strip() else ())


def _as_much_as_is_kept(cells: list[str]) -> list[str]:
    """The first cells, up to MOST_CELLS and MOST_LETTERS_OF_A_ROW; `cells` itself when that is all of them."""
    ends = accumulate(min(len(cell), MOST_LETTERS) for cell in cells[:MOST_CELLS])
    few = sum(1 for end in ends if end <= MOST_LETTERS_OF_A_ROW)
    return cells if few == len(cells) else cells[:few]


def _kept(cell: str) -> str:
    """A cell as it is kept: on one line, not too long, and without the apostrophe that made a formula text."""
    text = " ".join(cell.split())[:MOST_LETTERS]
    return plain(text) if text[:1] == "'" else text


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
