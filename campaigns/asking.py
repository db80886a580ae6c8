"""The second step of an upload: an officer sees how the file is read, changes what is wrong, and says what it is.

Between `imports.receive(…, ask=True)` and `confirm` the import is "asking": the sealed file lies in its folder, and in
the row, sealed too, what is decided so far with the first rows and the unclear places (a heading row chosen wrongly is
somebody's number). Looking at the page reads no file; a change that moves rows or places goes through the file once.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Row

from campaigns import areas, lists, upload, vault
from campaigns.checking import Check, Details, faults, seen
from campaigns.column_choice import NO_PHONE
from campaigns.columns import ROLES, claimed, with_roles
from campaigns.delimited import DELIMITERS
from campaigns.encodings import offered_name
from campaigns.model import actor
from campaigns.places import Resolver
from campaigns.preview import unclear_places
from campaigns.reading import Choices, Look, Reading
from campaigns.store import areas as area_store
from campaigns.store import imports as import_store
from campaigns.store import uploads as store
from db.engine import Database
from db.seal import CannotOpen, Seal
from messages.errors import Mistake
from sms import numbers
from staff import audit

#: An unanswered question ends after so long: a list of people does not lie about.
ASKED_FOR = timedelta(days=7)
#: Letters of a source or of what consent rests on; and of the rows that are kept to be shown.
MOST_WORDS = 500
_SAMPLE_LETTERS = 60_000
_CELL_LETTERS = 500


@dataclass(frozen=True)
class Asked:
    """What is kept of the file meanwhile. `told`: list, basis and published, then sheets, doubts and hint of the Look.

    `rows` and `places`: the first rows and preview.Places, as JSON has them.
    """

    reading: Reading
    told: Mapping
    rows: list
    places: Mapping


def drafted(seal: Seal, look: Look, resolver: Resolver, told: Mapping) -> dict:
    """Columns of the row of an import that asks: what was found out, and what it takes to show it."""
    told = {**told, "sheets": look.sheets or told.get("sheets", ()), "doubts": look.doubts, "hint": look.hint}
    places = asdict(unclear_places(resolver, look.places, whole=look.places_whole))
    return _sealed(seal, Asked(look.reading, told, _first_rows(look), places))


def show(db: Database, import_id: int) -> Check:
    """What step two shows. Raises Mistake "import-settled" when nobody is asked any more."""
    with db.reading() as c:
        row, asked = _asked(db, c, import_id)
        units = area_store.units(c)
    return seen(row, asked.reading, asked.told, asked.rows, asked.places, units)


def describe(
    db: Database, import_id: int, details: Details, answers: Mapping[tuple[str, str], str] | None = None
) -> None:
    """Keeps what the officer says of the list so far, and `answers` to ambiguous places ("" leaves one open).

    What is missing is not asked for before `confirm`. Raises Mistake for what cannot be kept.
    """
    values = checked_words(details.source, details.consent, details.country)
    with db.transaction() as c:
        _, asked = _asked(db, c, import_id)
        places = {**asked.reading.answers, **(answers or {})}
        reading = replace(asked.reading, places=tuple((*key, code) for key, code in places.items() if code))
        told = {**asked.told, "list": details.list_name, "basis": details.basis}
        values["area"] = areas.find(c, details.area).code if details.area else None
        values |= _sealed(db.seal, replace(asked, reading=reading, told=told))
        store.change(c, import_id, members_until=details.members_until, **values)


def choose(db: Database, folder: Path, import_id: int, choices: Choices) -> bool:
    """Reads the file as chosen; True when rows now stand otherwise than they were shown.

    Of what was chosen before, columns are found anew when the rows themselves changed. Raises Mistake, and keeps what
    was before, when the file makes no list that way.
    """
    with db.reading() as c:
        row, asked = _asked(db, c, import_id)
        resolver = areas.resolver(c)
    try:
        open_content = partial(vault.open_stored, folder, db.seal, row.stored_as)
        found = _chosen_again(open_content, asked.reading, asked.told["sheets"], choices)
    except FileNotFoundError as error:
        raise Mistake("import-file-lost") from error
    except CannotOpen as error:
        raise Mistake("import-file-changed") from error
    if found is None:
        return False
    if isinstance(found, Look):
        found = replace(found, reading=replace(found.reading, places=asked.reading.places))
        values = drafted(db.seal, found, resolver, asked.told)
    else:
        doubts = () if found.columns.phone is not None else (NO_PHONE,)
        values = _sealed(db.seal, replace(asked, reading=found, told={**asked.told, "doubts": doubts}))
    with db.transaction() as c:
        store.change(c, import_id, **values)
    return True


def confirm(db: Database, import_id: int, *, by: int | None, now: datetime) -> None:
    """Lets the import begin as it was last shown. Raises Mistake for the first of `checking.faults`."""
    check = show(db, import_id)
    for mistake in faults(check, now).values():
        raise mistake
    details = check.details
    made_up = check.published or details.basis == "exercise"
    consent = f"{details.basis}: {details.consent}".removesuffix(": ")
    name = lists.checked_name(details.list_name)
    with db.transaction() as c:
        list_id = lists.find_or_create(c, name, area=details.area, by=by, now=now)
        values = {"list_id": list_id, "consent": consent, "made_up": made_up, "sample_sealed": None}
        if not store.change(c, import_id, status="waiting", reading=check.reading.to_json(), **values):
            raise Mistake("import-settled", id=import_id)
        detail = {"list": list_id, "rows": check.reading.total, "source": details.source, "consent": consent}
        _record(c, "lists.import", import_id, by, now, detail | {"made_up": made_up})


def drop(db: Database, folder: Path, import_id: int, *, by: int | None, now: datetime) -> None:
    """Ends the question: the file is removed, nobody is taken in."""
    with db.transaction() as c:
        row = _row(c, import_id)
        store.change(c, import_id, status="dropped", finished_at=now, sample_sealed=None)
        _record(c, "lists.drop-file", import_id, by, now, {"file": row.filename})
    vault.remove(folder, row.stored_as)


def drop_forgotten(db: Database, folder: Path, now: datetime) -> int:
    """Ends the questions that nobody has answered for `ASKED_FOR`; how many."""
    with db.reading() as c:
        forgotten = store.asked_before(c, now - ASKED_FOR)
    for import_id in forgotten:
        drop(db, folder, import_id, by=None, now=now)
    return len(forgotten)


def checked_words(source: str, consent: str, country: str) -> dict:
    """The columns of an import that say where it comes from. Raises Mistake for what no row takes."""
    try:
        numbers.read("0", country.upper())
    except ValueError as error:
        raise Mistake("country-unknown", country=country) from error
    if max(len(source), len(consent)) > MOST_WORDS:
        raise Mistake("source-too-long", most=MOST_WORDS)
    return {"source": source.strip(), "consent": consent.strip(), "country": country.upper()}


def _chosen_again(open_content, reading: Reading, sheets: list, choices: Choices) -> Look | Reading | None:
    """The file looked through anew, the reading with other columns, or None when nothing changed."""
    moved = _moved(reading, sheets, choices)
    roles = {role: getattr(reading.columns, role) for role in ROLES}
    wanted = roles if choices.columns is None else {role: choices.columns.get(role) for role in ROLES}
    if moved:
        row = choices.heading_row if "heading_row" in moved else None
        return upload.look(open_content, 0, replace(choices, columns=None, heading_row=row))
    if wanted == roles:
        return None
    if (wanted["district"], wanted["commune"]) != (roles["district"], roles["commune"]):
        return upload.look(open_content, 0, replace(choices, columns=wanted))
    headings = reading.columns.headings
    columns = with_roles(reading.columns.heading_row, headings, wanted, claimed(headings)["skipped"])
    return replace(reading, columns=columns)


def _moved(reading: Reading, sheets: list, choices: Choices) -> set[str]:
    """Which choices make other rows of the file; those that its kind does not have are passed over."""
    now = {"encoding": offered_name(reading.encoding, reading.tcvn3), "heading_row": reading.columns.heading_row + 1}
    chosen = {"encoding": choices.encoding, "heading_row": choices.heading_row}
    if reading.kind == "workbook":
        now["sheet"] = next(str(at) for at, (index, _) in enumerate(sheets, start=1) if index == reading.sheet)
        chosen |= {"sheet": choices.sheet, "encoding": choices.encoding or ""}
    if reading.kind == "text" and choices.delimiter in DELIMITERS:
        now["delimiter"], chosen["delimiter"] = reading.delimiter, choices.delimiter
    return {name for name, value in chosen.items() if value not in (None, now[name])}


def _asked(db: Database, c: Connection, import_id: int) -> tuple[Row, Asked]:
    row = _row(c, import_id)
    kept = json.loads(db.seal.open(store.sample(c, import_id), "imports.sample"))
    return row, Asked(Reading.from_json(kept["reading"]), kept["told"], kept["rows"], kept["places"])


def _sealed(seal: Seal, asked: Asked) -> dict:
    """The columns; openly stands only what a page says of every import."""
    kept = {"reading": asked.reading.to_json(), "told": asked.told, "rows": asked.rows, "places": asked.places}
    openly = {"total": asked.reading.total, "asking": {"list": asked.told["list"]}}
    return {
        "reading": json.dumps(openly, ensure_ascii=False),
        "sample_sealed": seal.seal(json.dumps(kept, ensure_ascii=False), "imports.sample"),
    }


def _row(c: Connection, import_id: int) -> Row:
    row = import_store.row(c, import_id)
    if row is None:
        raise Mistake("import-unknown", id=import_id)
    if row.status != "asking":
        raise Mistake("import-settled", id=import_id)
    return row


def _first_rows(look: Look) -> list:
    """As many of the first rows as may be kept beside the import, and of each cell as much as any is read."""
    kept, letters = [], 0
    for line, cells in look.rows:
        cells = [cell[:_CELL_LETTERS] for cell in cells]
        letters += sum(map(len, cells))
        if letters > _SAMPLE_LETTERS and kept:
            break
        kept.append((line, cells))
    return kept


def _record(c: Connection, action: str, import_id: int, by: int | None, now: datetime, detail: dict) -> None:
    who = actor(by) if by is not None else "system"
    audit.record(c, at=now, actor=who, action=action, object=f"import:{import_id}", detail=detail)
