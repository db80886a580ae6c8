"""Rows shown as they will be read, and the place names of a file that somebody should look at. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.columns import Columns
from campaigns.entries import MOST_LETTERS, Refused, RowReader
from campaigns.folding import fold
from campaigns.places import FORMER_COMMUNE, Resolver, Unit

#: Values of a file that are kept to be shown: ambiguous ones to answer, unknown ones to see.
MOST_QUESTIONS = 100
MOST_UNKNOWN = 60


@dataclass(frozen=True)
class SeenRow:
    """A row of the file as it will be stored; `refused` is the code why it will not be.

    `written` is the number as it stands in the file, `rewritten` the rule that changed it (sms.numbers.RULES), `twice`
    that a row above has the same number. `area` and `former` are names; `place` is where it stands (Place.found), and
    `place_written` what the row says.
    """

    line: int
    written: str
    number: str = ""
    rewritten: str | None = None
    refused: str | None = None
    twice: bool = False
    name: str = ""
    language: str = ""
    area: str | None = None
    former: str | None = None
    place: str = "blank"
    place_written: str = ""


@dataclass(frozen=True)
class Choice:
    """One of the units a name may mean: today's commune or ward, and what of the old map leads there."""

    code: str
    area: str
    former_commune: str | None
    former_district: str | None


@dataclass(frozen=True)
class Question:
    """An ambiguous place name of the file. `key` (district, commune) is how its answer is kept."""

    key: tuple[str, str]
    written: str
    people: int
    choices: tuple[Choice, ...]
    answer: str | None = None


@dataclass(frozen=True)
class Places:
    """The place names that were not understood: (district, commune) as written → rows, most first.

    `rest`: how many further unknown names there are, with their rows; `whole`: the file did not have too many to count.
    """

    ambiguous: tuple[tuple[str, str, int], ...] = ()
    unknown: tuple[tuple[str, str, int], ...] = ()
    rest: tuple[int, int] = (0, 0)
    whole: bool = True


@dataclass(frozen=True)
class Judged:
    """What the first rows come to: how many there are, how many are good, and the others by code."""

    rows: int = 0
    good: int = 0
    rewritten: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


def seen_rows(
    reader: RowReader, columns: Columns, rows: Sequence[tuple[int, list[str]]], units: Mapping[str, str]
) -> list[SeenRow]:
    """`rows` as `reader` takes them; `units` are names by code."""
    seen: set[str] = set()
    found = []
    for (line, cells), entry in zip(rows, reader.read(rows), strict=True):
        raw = _cell(cells, columns.phone)
        place_written = ", ".join(part for at in (columns.commune, columns.district) if (part := _cell(cells, at)))
        if isinstance(entry, Refused):
            name = _cell(cells, columns.name)
            found.append(SeenRow(line, raw, refused=entry.code, name=name, place_written=place_written))
            continue
        place = entry.place
        found.append(
            SeenRow(
                line, raw, entry.e164, entry.rewritten, None, entry.e164 in seen, entry.fields.get("name", ""),
                entry.language, units.get(place.area), units.get(place.former_commune or place.former_district),
                place.found, place_written,
            )
        )  # fmt: skip
        seen.add(entry.e164)
    return found


def judged(reader: RowReader, rows: Sequence[tuple[int, list[str]]]) -> Judged:
    entries = list(reader.read(rows))
    refused = Counter(entry.code for entry in entries if isinstance(entry, Refused))
    rewritten = sum(not isinstance(entry, Refused) and entry.rewritten is not None for entry in entries)
    return Judged(len(entries), len(entries) - refused.total(), rewritten, dict(refused.most_common()))


def unclear_places(resolver: Resolver, written: Mapping[tuple[str, str], int], *, whole: bool = True) -> Places:
    """What of the written places leads to several units, or to none."""
    by_kind: dict[str, Counter] = defaultdict(Counter)
    spelling: dict[tuple[str, str], tuple[str, str]] = {}
    for (district, commune), rows in sorted(written.items(), key=lambda item: -item[1]):
        found = resolver.resolve(district, commune).found
        if found in ("ambiguous", "unknown"):
            key = _key(district, commune)
            by_kind[found][key] += rows
            spelling.setdefault(key, (district.strip(), commune.strip()))
    unknown = by_kind["unknown"].most_common()
    left = unknown[MOST_UNKNOWN:]
    return Places(
        tuple((*spelling[key], rows) for key, rows in by_kind["ambiguous"].most_common(MOST_QUESTIONS)),
        tuple((*spelling[key], rows) for key, rows in unknown[:MOST_UNKNOWN]),
        (len(left), sum(rows for _, rows in left)),
        whole,
    )


def questions(
    resolver: Resolver, places: Places, area: str | None, answers: Mapping[tuple[str, str], str]
) -> list[Question]:
    """The ambiguous names that are still so when the list's own area is known."""
    found = []
    for district, commune, rows in places.ambiguous:
        place = resolver.resolve(district, commune, area)
        if place.found == "ambiguous":
            key = _key(district, commune)
            choices = tuple(_choice(resolver, unit) for code in place.choices if (unit := resolver.unit(code)))
            found.append(Question(key, _written(district, commune), rows, choices, answers.get(key)))
    return found


def unknown(resolver: Resolver, places: Places, area: str | None) -> list[tuple[str, int]]:
    """(what is written, rows) of names that lead nowhere, also within the list's own area."""
    still = (
        (_written(district, commune), rows)
        for district, commune, rows in places.unknown
        if resolver.resolve(district, commune, area).found == "unknown"
    )
    return list(still)


def _choice(resolver: Resolver, unit: Unit) -> Choice:
    today = resolver.unit(unit.today) if unit.today else None
    district = resolver.unit(unit.former_district) if unit.former_district else None
    former = unit.name if unit.level == FORMER_COMMUNE else None
    return Choice(unit.code, today.name if today else unit.name, former, district.name if district else None)


def _written(district: str, commune: str) -> str:
    return ", ".join(part for part in (commune, district) if part)


def _key(district: str, commune: str) -> tuple[str, str]:
    return fold(district[:MOST_LETTERS]), fold(commune[:MOST_LETTERS])


def _cell(cells: Iterable[str], at: int | None) -> str:
    return " ".join(cells[at].split()) if at is not None and at < len(cells) else ""
