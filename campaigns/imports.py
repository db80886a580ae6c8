"""Uploaded lists: received and sealed at once, then worked through in the background, resumable at any row.

`rows` = accepted + duplicates + refused + opted_out, after every batch and not only at the end. Accepted are people
who are on the list now, known ones among them; a row with a good number is never lost because of its other cells.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from campaigns import areas, import_work, lists, upload, vault
from campaigns.formulas import csv_lines
from campaigns.model import actor
from campaigns.store import imports as store
from campaigns.upload import Reading
from db.engine import Database
from messages.errors import Mistake, sentence
from sms import numbers
from staff import audit

_MADE_UP = Path(__file__).with_name("made_up_files.toml")
#: A stored file that no import speaks of is an upload that was cut off; after this long nobody is still writing it.
_STRAY_AFTER = timedelta(days=1)
_NAME_LETTERS = 200
#: Letters of a source or of what consent rests on.
_MOST_WORDS = 500


@dataclass(frozen=True)
class Progress:
    """How far an import is. `total` is the number of rows in the file, `rows` how many of them are counted.

    `known` and `rewritten` are among the accepted. `refusals` and `notes` count by code; `error` is a Mistake's code.
    """

    id: int
    list_id: int
    list_name: str
    status: str
    filename: str
    source: str
    total: int
    rows: int
    accepted: int
    rewritten: int
    duplicates: int
    known: int
    opted_out: int
    refused: int
    made_up: bool
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    refusals: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        return self.status in ("done", "failed")


def receive(
    db: Database,
    *,
    folder: Path,
    filename: str,
    content: BinaryIO,
    list_name: str,
    source: str,
    consent: str = "",
    country: str = numbers.HOME,
    area: str | None = None,
    made_up: bool = False,
    by: int | None,
    now: datetime,
) -> int:
    """Seals `content` into `folder` and queues it for the list of that name (made when there is none).

    `country` (ISO code) is how numbers without a prefix are read; `area` a code or name, for rows that name no commune;
    `by` the officer, None at the machine's own command line. A published example list is made up whatever is said.
    Returns the import's id. Raises Mistake for what cannot be read, and keeps nothing of it.
    """
    values = _checked(source=source, consent=consent, country=country)
    name = lists.checked_name(list_name)
    areas.ensure_loaded(db, now=now)
    fingerprint = hashlib.sha256()
    stored, size = _store(db, folder, content, fingerprint)
    try:
        reading = upload.find_reading(partial(vault.open_stored, folder, db.seal, stored), size)
        with db.transaction() as c:
            values["area"] = areas.find(c, area).code if area else None
            values["list_id"] = lists.find_or_create(c, name, area=values["area"], by=by, now=now)
            values["made_up"] = made_up or fingerprint.hexdigest() in _made_up_files()
            values |= {"stored_as": stored, "filename": Path(filename).name[:_NAME_LETTERS]}
            return _add(c, reading, by, now, **values)
    except BaseException:
        vault.remove(folder, stored)
        raise


def work(
    db: Database,
    folder: Path,
    import_id: int,
    worker: str,
    clock: Callable[[], datetime],
    batch: int = import_work.BATCH,
    *,
    stop: Callable[[], bool] = lambda: False,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Progress:
    """Works through the upload to its end, or until `stop` says so between two batches, and tells how far it is.

    Does nothing while another living worker (a name that is one process's own) has it. `watch` is told (rows done,
    rows in all) after each batch.
    """
    import_work.work_through(import_work.Job(db, folder, import_id, worker, clock, batch, stop, watch))
    return show(db, import_id)


def show(db: Database, import_id: int) -> Progress:
    """Raises Mistake when there is no such import."""
    with db.reading() as c:
        row = store.row(c, import_id)
        if row is None:
            raise Mistake("import-unknown", id=import_id)
        return _progress(row, store.refusal_counts(c, import_id))


def latest(db: Database, limit: int = 20, list_id: int | None = None) -> list[Progress]:
    """The newest imports (of one list), newest first, without their refusals by code."""
    with db.reading() as c:
        return [_progress(row, {}) for row in store.latest(c, limit, list_id)]


def waiting(db: Database, now: datetime) -> list[int]:
    """The imports that somebody should `work` on: untouched ones, and those whose worker was not heard of any more."""
    with db.reading() as c:
        return store.waiting(c, now - import_work.STALE)


def refused_file(db: Database, import_id: int, *, by: int | None = None, now: datetime | None = None) -> str:
    """The refused rows under their own headings, with the reason, as CSV to mend and upload again.

    It holds numbers in full: an officer who takes it (`by`, `now`) is written down.
    """
    if now is not None:
        with db.transaction() as c:
            audit.record(c, at=now, actor=actor(by), action="lists.refused-file", object=f"import:{import_id}")
    return "".join(refused_lines(db, import_id))


def refused_lines(db: Database, import_id: int) -> Iterator[str]:
    """`refused_file` line by line, for many."""
    with db.reading() as c:
        row = store.row(c, import_id)
        if row is None:
            raise Mistake("import-unknown", id=import_id)
        headings = list(Reading.from_json(row.reading).columns.headings)
        yield from csv_lines(_refused_rows(db, c, import_id, headings))


def sweep(db: Database, folder: Path, now: datetime) -> int:
    """Removes stored files that no unfinished import needs; returns how many."""
    with db.reading() as c:
        needed = store.stored_names(c)
    found = vault.strays(folder, needed, (now - _STRAY_AFTER).timestamp())
    for name in found:
        vault.remove(folder, name)
    return len(found)


def _checked(*, source: str, consent: str, country: str) -> dict:
    if not source.strip():
        raise Mistake("source-missing")
    try:
        numbers.read("0", country.upper())
    except ValueError as error:
        raise Mistake("country-unknown", country=country) from error
    if max(len(source), len(consent)) > _MOST_WORDS:
        raise Mistake("source-too-long", most=_MOST_WORDS)
    return {"source": source.strip(), "consent": consent.strip(), "country": country.upper()}


def _store(db: Database, folder: Path, content: BinaryIO, fingerprint) -> tuple[str, int]:
    size = 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        for chunk in iter(partial(content.read, vault.CHUNK_BYTES), b""):
            size += len(chunk)
            if size > upload.MOST_BYTES:
                raise Mistake("upload-too-big", most=upload.MOST_BYTES >> 20)
            fingerprint.update(chunk)
            yield chunk

    return vault.store(folder, db.seal, chunks()), size


def _add(c: Connection, reading: Reading, by: int | None, now: datetime, **values) -> int:
    import_id = store.add(c, reading=reading.to_json(), created_at=now, created_by=by, **values)
    detail = {"list": values["list_id"], "rows": reading.total}
    detail |= {name: values[name] for name in ("source", "consent", "made_up")}
    audit.record(c, at=now, actor=actor(by), action="lists.import", object=f"import:{import_id}", detail=detail)
    return import_id


def _progress(row, refusals: Mapping[str, int]) -> Progress:
    names = Progress.__dataclass_fields__.keys() & row._mapping.keys()
    values = {name: row._mapping[name] for name in names}
    values |= {"total": json.loads(row.reading)["total"], "notes": json.loads(row.notes), "refusals": refusals}
    return Progress(**values)


def _refused_rows(db: Database, c: Connection, import_id: int, headings: list[str]) -> Iterator[list[str]]:
    yield [*headings, "Lý do / Reason", "Dòng / Line"]
    for line, code, sealed in store.refusals(c, import_id):
        cells = json.loads(db.seal.open(sealed, "import_refusals.row"))
        cells += [""] * (len(headings) - len(cells))
        reason = " / ".join(sentence(f"refused-{code}", language) for language in ("vi", "en"))
        yield [*cells[: len(headings)], reason, str(line), *cells[len(headings) :]]


@cache
def _made_up_files() -> frozenset[str]:
    with _MADE_UP.open("rb") as file:
        return frozenset(tomllib.load(file).values())
