"""A row of a list as a person to write to, or the reason why not. Pure.

Nothing that is not a number is refused: a number whose commune nobody can place is still somebody who should be
warned, so the row counts as accepted, keeps its district where that is known, and is counted under `notes`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from campaigns.columns import Columns
from campaigns.folding import fold
from campaigns.formulas import plain
from campaigns.places import Place, Resolver
from sms import numbers

#: No name or commune is longer; what is, is cut here and counted.
MOST_LETTERS = 500
_REMEMBERED_PLACES = 20_000
_DEFAULT_LANGUAGE = "vi"
_COUNTRIES = {"+84": "VN", "+44": "GB"}

_LANGUAGES = {
    fold(word): language
    for language, words in {
        "vi": ("vi", "vie", "vn", "việt", "tiếng việt", "việt nam", "vietnamese"),
        "en": ("en", "eng", "anh", "tiếng anh", "english", "gb", "uk"),
    }.items()
    for word in words
}


class Person(NamedTuple):
    """`rewritten` names the rule that changed the number (sms.numbers); `fields` hold the name and other columns.

    `notes` are codes of what did not fit: place-unknown, place-ambiguous, language-unknown, cells-cut.
    """

    e164: str
    carrier: str
    rewritten: str | None
    country: str
    language: str
    place: Place
    fields: dict[str, str]
    notes: tuple[str, ...]


class Refused(NamedTuple):
    line: int
    code: str
    cells: list[str]


@dataclass
class Batch:
    """What a run of rows came to. rows = people + refused + duplicates."""

    rows: int = 0
    people: list[Person] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    duplicates: int = 0


def sort_out(entries: Iterable[Person | Refused], seen: set[int]) -> Batch:
    """The entries without those whose number is in `seen`, where the others are added.

    As integers, for a million of them take a third of the memory of their texts.
    """
    batch = Batch()
    for entry in entries:
        batch.rows += 1
        if isinstance(entry, Refused):
            batch.refused.append(entry)
        elif (key := int(entry.e164)) in seen:
            batch.duplicates += 1
        else:
            seen.add(key)
            batch.people.append(entry)
    return batch


class RowReader:
    """Reads the rows of one list, each by itself: any part of a list may be read anywhere."""

    def __init__(self, columns: Columns, country: str, resolver: Resolver, area: str | None = None):
        self._columns = columns
        self._width = len(columns.headings)
        self._country = country
        self._resolver = resolver
        self._area = area
        self._places: dict[tuple[str, str], Place] = {}

    def good_numbers(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[int]:
        """Only the good numbers of the rows, as `sort_out` remembers them."""
        return (int(number.e164) for _, cells in rows if (number := self._number(cells)).valid)

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Person | Refused]:
        """An entry for every (row number, cells), in order."""
        for line, cells in rows:
            number = self._number(cells)
            yield self._person(number, cells) if number.valid else Refused(line, number.code, [_kept(c) for c in cells])

    def _number(self, cells: Sequence[str]) -> numbers.Number:
        return numbers.read(_cell(cells, self._columns.phone)[:MOST_LETTERS], self._country)

    def _person(self, number: numbers.Number, cells: Sequence[str]) -> Person:
        place = self._place(cells)
        language, notes = self._language(cells)
        fields = self._fields(cells)
        if place.found in ("unknown", "ambiguous"):
            notes += (f"place-{place.found}",)
        if max(map(len, cells)) > MOST_LETTERS:
            notes += ("cells-cut",)
        country = _COUNTRIES.get(number.e164[:3], self._country)
        return Person(
            number.e164, number.carrier or "unknown", number.rewritten, country, language, place, fields, notes
        )

    def _place(self, cells: Sequence[str]) -> Place:
        written = _cell(cells, self._columns.district), _cell(cells, self._columns.commune)
        place = self._places.get(written)
        if place is None:
            district, commune = (text[:MOST_LETTERS] for text in written)
            place = self._resolver.resolve(district, commune, self._area)
            if len(self._places) < _REMEMBERED_PLACES:
                self._places[written] = place
        return place

    def _language(self, cells: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        written = _cell(cells, self._columns.language)
        if not written or written in ("vi", "en"):
            return written or _DEFAULT_LANGUAGE, ()
        language = _LANGUAGES.get(fold(written[:MOST_LETTERS]))
        return (language, ()) if language else (_DEFAULT_LANGUAGE, ("language-unknown",) if written.strip() else ())

    def _fields(self, cells: Sequence[str]) -> dict[str, str]:
        """The name, the columns nobody here understands, and cells beyond the last heading: nothing is dropped."""
        name = _kept(_cell(cells, self._columns.name))
        fields = {"name": name} if name else {}
        for at, heading in self._columns.extra:
            if text := _kept(_cell(cells, at)):
                fields[heading] = text
        for at in range(self._width, len(cells)):
            if text := _kept(cells[at]):
                fields[f"column {at + 1}"] = text
        return fields


def _kept(cell: str) -> str:
    """A cell as it is kept: on one line, not too long, and without the apostrophe that made a formula text."""
    text = " ".join(cell.split())[:MOST_LETTERS]
    return plain(text) if text[:1] == "'" else text


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
