"""What people do with lines that are none of ours. Each step is written in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bots.outside import store
from db.engine import Database
from messages.errors import Mistake
from staff import audit


@dataclass(frozen=True)
class Line:
    """status: submitted → live | returned; live → withdrawn."""

    id: int
    language: str
    text: str
    status: str
    group_id: int | None
    written_by: int | None
    written_at: datetime
    decided_by: int | None
    decided_at: datetime | None


def waiting(db: Database) -> list[Line]:
    """Those that another person should read, oldest first."""
    with db.reading() as c:
        return [_line(row) for row in store.with_status(c, "submitted")]


def live(db: Database) -> list[Line]:
    """Those the bot learns from."""
    with db.reading() as c:
        return [_line(row) for row in store.with_status(c, "live")]


def of_group(db: Database, group_id: int) -> list[Line]:
    """Every line that came from a group of questions."""
    with db.reading() as c:
        return [_line(row) for row in store.of_group(c, group_id)]


def some(db: Database, ids: Sequence[int]) -> list[Line]:
    """Those of these lines that there are."""
    with db.reading() as c:
        return [_line(row) for row in store.some(c, ids)]


def statuses(c: Connection, group_id: int) -> set[str]:
    """Where the lines of a group stand."""
    return {row["status"] for row in store.of_group(c, group_id)}


def submit(
    c: Connection, texts: Sequence[str], *, language: str, group_id: int | None, by: int | None, now: datetime
) -> None:
    """Asks another person to approve them."""
    row = {"language": language, "group_id": group_id, "written_by": by, "written_at": now}
    store.add(c, [{**row, "text": text} for text in texts])
    _record(c, "outside.submit", group_id, by, now, lines=len(texts))


def approve(c: Connection, ids: Sequence[int], *, by: int | None, now: datetime) -> list[Line]:
    """The bot learns them. Raises Mistake: outside-line-unknown, outside-line-decided, outside-line-own (they wrote
    one of them).
    """
    found = _standing(c, ids, "submitted")
    if by is None or any(line.written_by == by for line in found):
        raise Mistake("outside-line-own")
    return _decided(c, found, "live", "outside.approve", by, now)


def send_back(c: Connection, ids: Sequence[int], *, by: int | None, now: datetime) -> list[Line]:
    """The bot does not learn them. Raises Mistake: outside-line-unknown, outside-line-decided."""
    return _decided(c, _standing(c, ids, "submitted"), "returned", "outside.return", by, now)


def withdraw(c: Connection, ids: Sequence[int], *, by: int | None, now: datetime) -> list[Line]:
    """The bot forgets them. Raises Mistake: outside-line-unknown, outside-line-decided."""
    return _decided(c, _standing(c, ids, "live"), "withdrawn", "outside.withdraw", by, now)


def _standing(c: Connection, ids: Sequence[int], status: str) -> list[Line]:
    found = [_line(row) for row in store.some(c, ids)]
    if not found or len(found) < len(set(ids)):
        raise Mistake("outside-line-unknown")
    if any(line.status != status for line in found):
        raise Mistake("outside-line-decided")
    return found


def _decided(
    c: Connection, found: Sequence[Line], status: str, action: str, by: int | None, now: datetime
) -> list[Line]:
    store.change(c, [line.id for line in found], status=status, decided_by=by, decided_at=now)
    for group_id in {line.group_id for line in found}:
        ids = [line.id for line in found if line.group_id == group_id]
        _record(c, action, group_id, by, now, lines=ids)
    return found


def _line(row: Mapping) -> Line:
    return Line(**row)


def _record(c: Connection, action: str, group_id: int | None, by: int | None, now: datetime, **detail: object) -> None:
    actor = "machine" if by is None else f"staff:{by}"
    audit.record(c, at=now, actor=actor, action=action, object=f"questions:{group_id}", detail=detail)
