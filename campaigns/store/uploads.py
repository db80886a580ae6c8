"""Statements about uploads of which an officer is asked how they are read, and about refused rows a page at a time."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from db.tables import import_refusals, imports


def change(c: Connection, import_id: int, **values) -> bool:
    """False when nobody is asked about it any more."""
    asking = imports.c.id == import_id, imports.c.status == "asking"
    return bool(c.execute(update(imports).where(*asking).values(**values)).rowcount)


def sample(c: Connection, import_id: int) -> bytes:
    """What is kept, sealed, of a file while somebody is asked about it."""
    return c.execute(select(imports.c.sample_sealed).where(imports.c.id == import_id)).scalar_one()


def asked_before(c: Connection, moment: datetime) -> list[int]:
    """The imports whose question has stood since before that moment."""
    old = imports.c.status == "asking", imports.c.created_at < moment
    return list(c.execute(select(imports.c.id).where(*old).order_by(imports.c.id)).scalars())


def refusals_after(c: Connection, import_id: int, line: int, limit: int) -> list:
    """(line, code, row_sealed) of the next refused rows beyond a line of the file."""
    columns = import_refusals.c
    statement = select(columns.line, columns.code, columns.row_sealed)
    return c.execute(
        statement.where(columns.import_id == import_id, columns.line > line).order_by(columns.line).limit(limit)
    ).all()


def first_lines(c: Connection, import_id: int, most: int) -> dict[str, list[int]]:
    """For each code the first lines that were refused with it."""
    columns = import_refusals.c
    number = func.row_number().over(partition_by=columns.code, order_by=columns.line).label("number")
    numbered = select(columns.code, columns.line, number).where(columns.import_id == import_id).subquery()
    first = select(numbered.c.code, numbered.c.line).where(numbered.c.number <= most)
    lines: dict[str, list[int]] = {}
    for code, line in c.execute(first.order_by(numbered.c.code, numbered.c.line)):
        lines.setdefault(code, []).append(line)
    return lines
