"""Statements about uploads on their way into a list."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select, update

from campaigns.store.bulk import insert_rows
from db.tables import import_refusals, imports, lists

#: All but the sample of a file somebody is asked about, which is large: store.uploads.
_WITH_LIST = (*(column for column in imports.c if column.name != "sample_sealed"), lists.c.name.label("list_name"))
UNFINISHED = ("waiting", "working")


def add(c: Connection, **values) -> int:
    return c.execute(insert(imports).values(**values)).inserted_primary_key[0]


def row(c: Connection, import_id: int):
    """The row with its list's name, or None."""
    statement = select(*_WITH_LIST).outerjoin(lists).where(imports.c.id == import_id)
    return c.execute(statement).one_or_none()


def latest(c: Connection, limit: int, list_id: int | None = None) -> list:
    """Rows with their lists' names, newest first."""
    statement = select(*_WITH_LIST).outerjoin(lists).order_by(imports.c.id.desc()).limit(limit)
    return list(c.execute(statement if list_id is None else statement.where(imports.c.list_id == list_id)))


def waiting(c: Connection, stale_before: datetime) -> list[int]:
    statement = select(imports.c.id).where(imports.c.status.in_(UNFINISHED), _free(stale_before))
    return list(c.execute(statement.order_by(imports.c.id)).scalars())


def claim(c: Connection, import_id: int, worker: str, now: datetime, stale_before: datetime) -> bool:
    """Whether the import is now this worker's: it was nobody's, its own, or of a worker not heard of since."""
    mine = or_(_free(stale_before), imports.c.claimed_by == worker)
    statement = update(imports).where(imports.c.id == import_id, imports.c.status.in_(UNFINISHED), mine)
    mine = {"status": "working", "claimed_by": worker, "claimed_at": now, "tries": imports.c.tries + 1}
    return bool(c.execute(statement.values(**mine)).rowcount)


def release(c: Connection, import_id: int, worker: str) -> None:
    """In good order: such a turn counts as no try."""
    c.execute(_claimed(import_id, worker).values(claimed_by=None, claimed_at=None, tries=0))


def advance(c: Connection, import_id: int, worker: str, *, position: int, rows: int, now: datetime) -> bool:
    """Moves on by `rows`; False when somebody else holds the import or has moved it on."""
    statement = _claimed(import_id, worker).where(imports.c.position == position)
    moved = statement.values(position=position + rows, rows=imports.c.rows + rows, claimed_at=now, tries=0)
    return bool(c.execute(moved).rowcount)


def count(c: Connection, import_id: int, notes: str, **more: int) -> None:
    """Adds to the counters."""
    values = {name: imports.c[name] + number for name, number in more.items()}
    c.execute(update(imports).where(imports.c.id == import_id).values(notes=notes, **values))


def notes(c: Connection, import_id: int) -> str:
    return c.execute(select(imports.c.notes).where(imports.c.id == import_id)).scalar_one()


def finish(c: Connection, import_id: int, worker: str, *, status: str, error: str | None, now: datetime) -> bool:
    done = _claimed(import_id, worker).values(status=status, error=error, finished_at=now, claimed_by=None)
    return bool(c.execute(done).rowcount)


def stored_names(c: Connection) -> set[str]:
    """The stored files that are still needed."""
    needed = imports.c.status.in_((*UNFINISHED, "asking"))
    return set(c.execute(select(imports.c.stored_as).where(needed)).scalars())


def add_refusals(c: Connection, import_id: int, refused: Iterable[tuple[int, str, bytes]]) -> None:
    """`refused` are (row number in the file, code, sealed cells)."""
    names = ("line", "code", "row_sealed")
    rows = [{"import_id": import_id} | dict(zip(names, each, strict=True)) for each in refused]
    insert_rows(c, insert(import_refusals), rows)


def refusal_counts(c: Connection, import_id: int) -> dict[str, int]:
    columns = import_refusals.c
    grouped = select(columns.code, func.count()).where(columns.import_id == import_id).group_by(columns.code)
    return {code: number for code, number in c.execute(grouped.order_by(columns.code))}


def _free(stale_before: datetime):
    return or_(imports.c.claimed_by.is_(None), imports.c.claimed_at < stale_before)


def _claimed(import_id: int, worker: str):
    working = imports.c.status == "working"
    return update(imports).where(imports.c.id == import_id, imports.c.claimed_by == worker, working)
