"""Working through an upload, batch by batch.

A batch's people, refusals, counters and the position behind it are one transaction, so a process may die at any
moment: whoever goes on begins at the position and reads what lies before it only to know which numbers it has seen.
Whose turn it is stands in the row (`claimed_by`, renewed with each batch); a worker that was overtaken finds that
the row has moved on and stops. `tries` counts the turns that stored nothing, so a file that breaks whoever takes it up
is given up one day.

Reading and sealing (packing.py) take as long as storing, so for a large list a second process does them (beside.py).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from campaigns import areas, vault
from campaigns.beside import EndedEarly, packed_beside
from campaigns.entries import RowReader
from campaigns.packing import Packed, Source, packed
from campaigns.reading import Reading
from campaigns.store import contacts, incoming, kinds
from campaigns.store import imports as store
from campaigns.store.incoming import Incoming, kind_of
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake

#: Whoever writes meanwhile waits for one batch, about a fifth of a second. Smaller ones are slower: each writes most
#: pages of the index anew.
BATCH = 16_000
#: A worker that has not stored a batch for this long is taken to be dead. Before its first one it may have to open a
#: workbook, or to read a million rows again.
STALE = timedelta(seconds=120)
#: With fewer rows left, a second process would be done before it had begun.
WORTH_A_PROCESS = 20_000
#: An upload at which so many workers broke off with nothing stored in between is not tried again.
MOST_TRIES = 3


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
    if row.tries > MOST_TRIES:
        return _finish(job, row.stored_as, "import-crashed")
    reading = Reading.from_json(row.reading)
    reader = RowReader(reading.columns, row.country, resolver, row.area, reading.answers)
    source = Source(job.folder.absolute(), row.stored_as, reading, reader, row.position, job.batch)
    error = None
    try:
        if not _store_rows(job, row, source):
            return
    except (Mistake, CannotOpen, FileNotFoundError) as failure:
        error = _code(failure)
    _finish(job, row.stored_as, error)


def _store_rows(job: Job, row, source: Source) -> bool:
    """Everything from the row's position on. False when it was interrupted."""
    total, position = source.reading.total, source.position
    with closing(_batches(job, source)) as batches:
        for batch in batches:
            if job.stop():
                _release(job)
                return False
            if not _store_batch(job, row, batch, position):
                return False
            position += batch.rows
            job.watch(position, total)
    return True


def _batches(job: Job, source: Source) -> Iterator[Packed]:
    """From a process beside this one when that is worth it, and whatever that does not give from this one."""
    if source.reading.total - source.position >= WORTH_A_PROCESS:
        try:
            for batch in packed_beside(source, job.db.seal):
                yield batch
                source = replace(source, position=source.position + batch.rows)
            return
        except EndedEarly:
            pass
    yield from packed(source, job.db.seal)


def _store_batch(job: Job, row, batch: Packed, position: int) -> bool:
    """One transaction; whatever takes time was done before it, so that other writers wait for statements only."""
    now = job.clock()
    with job.db.transaction() as c:
        if not store.advance(c, job.id, job.worker, position=position, rows=batch.rows, now=now):
            return False
        contacts.take_turns(c)
        out = incoming.opted_out(c, batch.incoming)
        people = incoming.without(batch.incoming, out) if out else batch.incoming
        new = _store_people(c, row, people, now)
        store.add_refusals(c, job.id, batch.refused)
        _count(c, job.id, batch, people, known=len(people.people) - new, opted_out=len(out))
    return True


def _store_people(c: Connection, row, people: Incoming, now: datetime) -> int:
    """How many of them nobody knew before."""
    added = incoming.add(c, people, source=row.source, consent=row.consent, made_up=row.made_up, now=now)
    if row.made_up and added.new < len(people.people) and incoming.mark_made_up(c, people):
        kinds.forget(c)
    incoming.join(c, people, added, row.list_id, now=now, until=row.members_until)
    return added.new


def _count(c: Connection, import_id: int, batch: Packed, people: Incoming, *, known: int, opted_out: int) -> None:
    rules, notes = Counter(), Counter(json.loads(store.notes(c, import_id)))
    for kind, number in Counter(map(kind_of, people.people)).items():
        rewritten, codes = batch.shared[kind]
        if rewritten:
            rules[f"rewritten-{rewritten}"] += number
        for code in codes:
            notes[code] += number
    store.count(
        c,
        import_id,
        json.dumps(notes + rules, sort_keys=True),
        accepted=len(people.people),
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
