"""Working through an upload, batch by batch.

A batch's people, refusals, counters and the position behind it are one transaction, so a process may die at any
moment: whoever goes on begins at the position and reads what lies before it only to know which numbers it has seen.
Whose turn it is stands in the row (`claimed_by`, renewed with each batch); a worker that was overtaken finds that
the row has moved on and stops.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from campaigns import areas, upload, vault
from campaigns.entries import Batch, Person, Refused, RowReader, sort_out
from campaigns.store import consent, contacts
from campaigns.store import imports as store
from campaigns.upload import Reading
from db.engine import Database
from db.seal import CannotOpen, Seal
from messages.errors import Mistake

BATCH = 4000
#: SQLite takes 32,766 values in a statement.
MOST_IN_A_BATCH = 20_000
#: A worker that has not stored a batch for this long is taken to be dead. A batch takes well under a second.
STALE = timedelta(seconds=60)

#: json.dumps would make a new encoder for every row.
_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Job:
    """A worker's turn at an import. `stop` is asked before, `watch` told (rows done, rows in all) after each batch."""

    db: Database
    folder: Path
    id: int
    worker: str
    clock: Callable[[], datetime]
    batch: int
    stop: Callable[[], bool]
    watch: Callable[[int, int], None]


def work_through(job: Job) -> None:
    """To the end of the upload; as far as it gets when `stop` says so, or nowhere while another worker has it."""
    now = job.clock()
    with job.db.transaction() as c:
        if not store.claim(c, job.id, job.worker, now, now - STALE):
            return
        row = store.row(c, job.id)
        resolver = areas.resolver(c)
    reading = Reading.from_json(row.reading)
    reader = RowReader(reading.columns, row.country, resolver, row.area)
    error = None
    try:
        with vault.open_stored(job.folder, job.db.seal, row.stored_as) as content:
            if not _store_rows(job, row, upload.records(content, reading), reader, reading.total):
                return
    except (Mistake, CannotOpen, FileNotFoundError) as failure:
        error = _code(failure)
    _finish(job, row.stored_as, error)


def _store_rows(job: Job, row, records: Iterator, reader: RowReader, total: int) -> bool:
    """Everything from the row's position on. False when it was interrupted."""
    position, size = row.position, min(job.batch, MOST_IN_A_BATCH)
    with closing(records):
        seen = set(reader.good_numbers(islice(records, position)))
        while rows := list(islice(records, size)):
            if job.stop():
                _release(job)
                return False
            if not _store_batch(job, row, sort_out(reader.read(rows), seen), position):
                return False
            position += len(rows)
            job.watch(position, total)
    return True


def _store_batch(job: Job, row, batch: Batch, position: int) -> bool:
    """One transaction; sealing is done before it, so that other writers wait for statements only."""
    seal, now = job.db.seal, job.clock()
    people = {seal.index(person.e164): person for person in batch.people}
    rows = {index: _contact_row(seal, row, index, person) for index, person in people.items()}
    refusals = [_refusal_row(seal, job.id, refused) for refused in batch.refused]
    with job.db.transaction() as c:
        if not store.advance(c, job.id, job.worker, position=position, rows=batch.rows, now=now):
            return False
        contacts.take_turns(c)
        out = consent.out_among(c, list(people))
        joining = [index for index in people if index not in out]
        known = contacts.known(c, joining)
        contacts.add(c, [rows[index] for index in joining if index not in known], now)
        if row.made_up and known:
            contacts.mark_made_up(c, list(known))
        contacts.join(c, row.list_id, joining, now)
        store.add_refusals(c, refusals)
        _count(c, job.id, batch, [people[index] for index in joining], known=len(known), opted_out=len(out))
    return True


def _contact_row(seal: Seal, row, index: bytes, person: Person) -> dict:
    return {
        "number_index": index,
        "number_sealed": seal.seal(person.e164, "contacts.number"),
        "fields_sealed": seal.seal(_json(person.fields), "contacts.fields") if person.fields else None,
        "language": person.language,
        "country": person.country,
        "carrier": person.carrier,
        "area": person.place.area,
        "former_district": person.place.former_district,
        "former_commune": person.place.former_commune,
        "source": row.source,
        "consent": row.consent,
        "made_up": row.made_up,
    }


def _refusal_row(seal: Seal, import_id: int, refused: Refused) -> dict:
    row = seal.seal(_json(refused.cells), "import_refusals.row")
    return {"import_id": import_id, "line": refused.line, "code": refused.code, "row_sealed": row}


def _count(c: Connection, import_id: int, batch: Batch, accepted: list[Person], *, known: int, opted_out: int) -> None:
    rules = Counter(f"rewritten-{person.rewritten}" for person in accepted if person.rewritten)
    notes = Counter(json.loads(store.notes(c, import_id))) + rules
    notes.update(note for person in accepted for note in person.notes)
    store.count(
        c,
        import_id,
        json.dumps(notes, sort_keys=True),
        accepted=len(accepted),
        rewritten=rules.total(),
        duplicates=batch.duplicates,
        known=known,
        opted_out=opted_out,
        refused=len(batch.refused),
    )


def _release(job: Job) -> None:
    """So that nobody has to wait until the claim is stale."""
    with job.db.transaction() as c:
        store.release(c, job.id, job.worker)


def _finish(job: Job, stored: str, error: str | None) -> None:
    """The file goes after the row says that it is not needed; `imports.sweep` takes one that was left in between."""
    with job.db.transaction() as c:
        status = "failed" if error else "done"
        finished = store.finish(c, job.id, job.worker, status=status, error=error, now=job.clock())
    if finished:
        vault.remove(job.folder, stored)


def _code(failure: Exception) -> str:
    if isinstance(failure, Mistake):
        return failure.code
    return "import-file-lost" if isinstance(failure, FileNotFoundError) else "import-file-changed"
