"""The statements of talk_figures. Private to the room."""

from datetime import datetime

from sqlalchemy import Connection, Text, func, select, type_coerce

from db.tables import cases, conversations


def began_by(c: Connection, since: datetime, limit: int, until: datetime | None = None):
    """(commune of the poster or link, conversations that began there), the most first."""
    n = func.count()
    found = conversations.c.came_by.is_not(None) & (conversations.c.created_at >= since)
    if until is not None:
        found &= conversations.c.created_at < until
    statement = select(conversations.c.came_by, n).where(found).group_by(conversations.c.came_by)
    return c.execute(statement.order_by(n.desc(), conversations.c.came_by).limit(limit)).all()


def case_times(c: Connection, since: datetime, until: datetime | None = None):
    """Cases opened since then (and before `until`): danger, status, outcome, and when what was done, as stored: of ten
    thousand rows most is never looked at.
    """
    moments = (cases.c.opened_at, cases.c.claimed_at, cases.c.answered_at, cases.c.closed_at)
    columns = (cases.c.danger, cases.c.status, cases.c.outcome, *(type_coerce(each, Text) for each in moments))
    statement = select(*columns).where(cases.c.opened_at >= since)
    return c.execute(statement if until is None else statement.where(cases.c.opened_at < until)).all()
