"""What an officer is shown before a file is read into a list, and what they still have to say. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.column_choice import width
from campaigns.columns import letter
from campaigns.encodings import offered_name
from campaigns.entries import RowReader
from campaigns.places import FORMER_DISTRICT, Resolver, Unit
from campaigns.preview import Judged, Places, Question, SeenRow, judged, questions, seen_rows, unknown
from campaigns.reading import Reading
from messages.errors import Mistake

#: On what grounds people may be messaged: each agreed, they signed up themselves, it is a public body's duty by a
#: document – or they are made up, for exercises. All but the last want words: when, how, which document.
BASES = ("agreed", "signed-up", "duty", "exercise")
#: Where people on our lists live; a number without a prefix is read as one of the chosen country.
COUNTRIES = ("VN", "GB", "FR", "DE", "JP", "KR", "TW")
SHOWN_ROWS = 20
_UNKNOWN_SHOWN = 20
LIST_LETTERS = 120


@dataclass(frozen=True)
class Details:
    """What the officer says of the list. `basis` is one of BASES, `consent` its words; `area` a former district's code.

    `country` (ISO code): of numbers without a prefix. `members_until`: when who joins by this file leaves the list.
    """

    list_name: str = ""
    source: str = ""
    basis: str = ""
    consent: str = ""
    country: str = "VN"
    area: str | None = None
    members_until: datetime | None = None


@dataclass(frozen=True)
class Check:
    """What the page shows. `published`: the file is a known example, its people are made up whatever is said.

    `by`: who sent it. `columns`: what a role may be given to, in the file's order. `doubts`: codes of what a choice
    should settle. `hint`: text as it stands and as TCVN3 would have it. `judged`: what the first rows come to;
    `elsewhere`: a country as whose numbers far more of them would be good, and how many. `unknown_rest`: how many
    further unknown places there are, and their rows; `places_whole`: every place was counted.
    """

    id: int
    filename: str
    by: int | None
    details: Details
    published: bool
    reading: Reading
    encoding: str
    columns: tuple[str, ...]
    sheets: tuple[str, ...]
    sheet: int
    doubts: tuple[str, ...]
    hint: tuple[str, str] | None
    rows: tuple[SeenRow, ...]
    judged: Judged
    elsewhere: tuple[str, int] | None
    questions: tuple[Question, ...]
    unknown: tuple[tuple[str, int], ...]
    unknown_rest: tuple[int, int]
    places_whole: bool
    districts: tuple[Unit, ...]


def seen(row, reading: Reading, told: Mapping, rows: list, places: Mapping, units: Sequence[Unit]) -> Check:
    """The row of an import that asks, with what is kept for it (asking.Asked), as the page shows it."""
    resolver = Resolver(units)
    rows = [(line, cells) for line, cells in rows]
    places = Places(**{name: _tuples(value) for name, value in places.items()})
    reader = RowReader(reading.columns, row.country, resolver, row.area, reading.answers)
    readable = rows if reading.columns.phone is not None else []
    so_far = judged(reader, readable)
    unclear = unknown(resolver, places, row.area)
    indexes = [index for index, _ in told["sheets"]]
    return Check(
        id=row.id,
        filename=row.filename,
        by=row.created_by,
        details=_details(row, told),
        published=told["published"],
        reading=reading,
        encoding=offered_name(reading.encoding, reading.tcvn3),
        columns=_column_names(reading, rows),
        sheets=tuple(name for _, name in told["sheets"]),
        sheet=indexes.index(reading.sheet) + 1 if reading.sheet in indexes else 0,
        doubts=tuple(told["doubts"]),
        hint=_tuples(told["hint"]),
        rows=tuple(seen_rows(reader, reading.columns, readable[:SHOWN_ROWS], {unit.code: unit.name for unit in units})),
        judged=so_far,
        elsewhere=_elsewhere(reading, resolver, row.country, readable, so_far),
        questions=tuple(questions(resolver, places, row.area, reading.answers)),
        unknown=tuple(unclear[:_UNKNOWN_SHOWN]),
        unknown_rest=_rest(unclear[_UNKNOWN_SHOWN:], places),
        places_whole=places.whole,
        districts=tuple(unit for unit in units if unit.level == FORMER_DISTRICT),
    )


def faults(check: Check, now: datetime) -> dict[str, Mistake]:
    """What is still to be said, by the field where it is said, in the order of the page."""
    details, found = check.details, {}
    if check.reading.columns.phone is None:
        found["phone"] = Mistake("phone-column-missing")
    name = " ".join(details.list_name.split())
    if not name or len(name) > LIST_LETTERS or not name.isprintable():
        found["list"] = Mistake("list-name-unusable", most=LIST_LETTERS)
    if not details.source:
        found["source"] = Mistake("source-missing")
    if details.basis not in BASES:
        found["basis"] = Mistake("consent-basis-missing")
    elif details.basis != "exercise" and not details.consent:
        found["consent"] = Mistake("consent-missing")
    if details.members_until and details.members_until <= now:
        found["until"] = Mistake("members-until-past")
    return found


def _details(row, told: Mapping) -> Details:
    return Details(told["list"], row.source, told["basis"], row.consent, row.country, row.area, row.members_until)


def _elsewhere(
    reading: Reading, resolver: Resolver, country: str, rows: list, so_far: Judged
) -> tuple[str, int] | None:
    """Only worth a word when most rows are refused and another country would have most of them."""
    if so_far.good * 2 > so_far.rows:
        return None
    others = ((judged(RowReader(reading.columns, other, resolver), rows).good, other) for other in COUNTRIES)
    good, other = max(others)
    return (other, good) if good * 2 > so_far.rows and other != country else None


def _column_names(reading: Reading, rows: list) -> tuple[str, ...]:
    """Each column as a spreadsheet calls it, with its heading."""
    headings = reading.columns.headings if reading.columns.heading_row >= 0 else ()
    count = max(len(headings), width([cells for _, cells in rows]))
    named = [headings[at] if at < len(headings) else "" for at in range(count)]
    return tuple(f"{letter(at)} · {heading}" if heading else letter(at) for at, heading in enumerate(named))


def _rest(unshown: list[tuple[str, int]], places: Places) -> tuple[int, int]:
    further, rows = places.rest
    return further + len(unshown), rows + sum(people for _, people in unshown)


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
