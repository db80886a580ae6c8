"""The statements about lines that are none of ours. Private to the room of bots."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select, update

from db.tables import outside_lines


def live(c: Connection) -> list:
    """(id, text) of those the bot learns from, in order."""
    found = select(outside_lines.c.id, outside_lines.c.text).where(outside_lines.c.status == "live")
    return list(c.execute(found.order_by(outside_lines.c.id)).all())


def live_ids(c: Connection) -> tuple[int, ...]:
    found = select(outside_lines.c.id).where(outside_lines.c.status == "live").order_by(outside_lines.c.id)
    return tuple(c.execute(found).scalars())


def with_status(c: Connection, status: str) -> list[Mapping]:
    found = select(outside_lines).where(outside_lines.c.status == status)
    return list(c.execute(found.order_by(outside_lines.c.id)).mappings())


def of_group(c: Connection, group_id: int) -> list[Mapping]:
    found = select(outside_lines).where(outside_lines.c.group_id == group_id)
    return list(c.execute(found.order_by(outside_lines.c.id)).mappings())


def some(c: Connection, ids: Sequence[int]) -> list[Mapping]:
    """Held until the end, so that two people on PostgreSQL do not both decide."""
    found = select(outside_lines).where(outside_lines.c.id.in_(ids)).order_by(outside_lines.c.id)
    return list(c.execute(found.with_for_update()).mappings())


def add(c: Connection, rows: Iterable[Mapping[str, object]]) -> None:
    c.execute(insert(outside_lines), list(rows))


def change(c: Connection, ids: Sequence[int], **values: object) -> None:
    c.execute(update(outside_lines).where(outside_lines.c.id.in_(ids)).values(**values))
