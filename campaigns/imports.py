"""Uploaded lists: received and sealed at once, then worked through in the background, resumable at any row.

`rows` = accepted + duplicates + refused + opted_out, after every batch and not only at the end. Accepted are people
who are on the list now, known ones among them; a row with a good number is never lost because of its other cells.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

from campaigns import asking, import_work, vault
from campaigns.column_choice import headings_that_tell
from campaigns.formulas import csv_lines
from campaigns.model import actor
from campaigns.reading import Reading
from campaigns.receiving import receive as receive
from campaigns.store import imports as store
from campaigns.store import uploads as upload_store
from db.engine import Database
from messages.errors import Mistake, sentence
from staff import audit

#: A stored file that no import speaks of is an upload that was cut off; after this long nobody is still writing it.
_STRAY_AFTER = timedelta(days=1)
#: Refused rows that are read from the database at once.
_ROWS_AT_ONCE = 1000
_REASON, _LINE = "Lý do / Reason", "Dòng / Line"


@dataclass(frozen=True)
class Progress:
    """How far an import is. `total` is the number of rows in the file, `rows` how many of them are counted.

    `known` and `rewritten` are among the accepted. `refusals` and `notes` count by code; `error` is a Mistake's code.
    While an officer is asked how the file is read there is no list yet: `list_id` is None, `list_name` what they wrote.
    """

    id: int
    list_id: int | None
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
        return self.status in ("done", "failed", "dropped")


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


def refused_lines(
    db: Database, import_id: int, *, by: int | None = None, now: datetime | None = None
) -> Iterator[str]:
    """The refused rows under their own headings, with the reason, as lines of a CSV to mend and upload again.

    Read as they are asked for, a piece at a time. They hold numbers in full: an officer who takes them (`by`, `now`) is
    written down before the first. Raises Mistake when there is no such import.
    """
    with db.reading() as c:
        row = store.row(c, import_id)
    if row is None:
        raise Mistake("import-unknown", id=import_id)
    if now is not None:
        with db.transaction() as c:
            audit.record(c, at=now, actor=actor(by), action="lists.refused-file", object=f"import:{import_id}")
    return csv_lines(_refused_rows(db, import_id, headings_that_tell(Reading.from_json(row.reading).columns)))


def refused_file(db: Database, import_id: int) -> str:
    """All `refused_lines` at once."""
    return "".join(refused_lines(db, import_id))


def refused_where(db: Database, import_id: int, most: int = 10) -> dict[str, list[int]]:
    """By code the first lines of the file that were refused."""
    with db.reading() as c:
        return upload_store.first_lines(c, import_id, most)


def sweep(db: Database, folder: Path, now: datetime) -> int:
    """Removes stored files that no unfinished import needs, and those nobody was ever told how to read; how many."""
    forgotten = asking.drop_forgotten(db, folder, now)
    with db.reading() as c:
        needed = store.stored_names(c)
    found = vault.strays(folder, needed, (now - _STRAY_AFTER).timestamp())
    for name in found:
        vault.remove(folder, name)
    return forgotten + len(found)


def _progress(row, refusals: Mapping[str, int]) -> Progress:
    names = Progress.__dataclass_fields__.keys() & row._mapping.keys()
    values = {name: row._mapping[name] for name in names}
    reading = json.loads(row.reading)
    values["list_name"] = row.list_name or reading.get("asking", {}).get("list", "")
    values |= {"total": reading["total"], "notes": json.loads(row.notes), "refusals": refusals}
    return Progress(**values)


def _refused_rows(db: Database, import_id: int, headings: list[str]) -> Iterator[list[str]]:
    """A file of such rows that was mended, uploaded and refused again loses its old remarks."""
    ours = [heading not in (_REASON, _LINE) for heading in headings]
    kept = [heading for heading, keep in zip(headings, ours, strict=True) if keep]
    yield [*kept, _REASON, _LINE]
    for line, code, cells in _refusals(db, import_id):
        cells = [cell for cell, keep in zip_longest(cells, ours, fillvalue=None) if keep is not False]
        cells = ["" if cell is None else cell for cell in cells]
        reason = " / ".join(sentence(f"refused-{code}", language) for language in ("vi", "en"))
        yield [*cells[: len(kept)], reason, str(line), *cells[len(kept) :]]


def _refusals(db: Database, import_id: int) -> Iterator[tuple[int, str, list[str]]]:
    """(line, code, cells) in the order of the file; no transaction is open while somebody slow takes them."""
    line = 0
    while True:
        with db.reading() as c:
            rows = upload_store.refusals_after(c, import_id, line, _ROWS_AT_ONCE)
        if not rows:
            return
        for line, code, sealed in rows:
            yield line, code, json.loads(db.seal.open(sealed, "import_refusals.row"))
