"""The statements of talk_figures. Private to the room."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from db.tables import cases, conversations, turns


def heard(c: Connection, since: datetime):
    """platform → people, messages heard, answered with a topic, of people in danger."""
    came = turns.c.direction == "in"
    columns = (
        conversations.c.platform,
        func.count(conversations.c.id.distinct()).label("people"),
        func.count().label("heard"),
        func.count().filter(turns.c.topic.is_not(None)).label("understood"),
        func.count().filter(turns.c.danger == "red").label("red"),
    )
    statement = select(*columns).select_from(turns.join(conversations)).where(came, turns.c.at >= since)
    return c.execute(statement.group_by(conversations.c.platform)).all()


def said(c: Connection, since: datetime):
    """platform → answers by the machine, by people, found helpful, not helpful, that could not be sent."""
    went = turns.c.direction == "out"
    columns = (
        conversations.c.platform,
        func.count().filter(turns.c.written_by.is_(None)).label("by_machine"),
        func.count().filter(turns.c.written_by.is_not(None)).label("by_staff"),
        func.count().filter(turns.c.helpful.is_(True)).label("helpful"),
        func.count().filter(turns.c.helpful.is_(False)).label("not_helpful"),
        func.count().filter(turns.c.status == "failed").label("failed"),
    )
    statement = select(*columns).select_from(turns.join(conversations)).where(went, turns.c.at >= since)
    return c.execute(statement.group_by(conversations.c.platform)).all()


def began_by(c: Connection, since: datetime, limit: int):
    """(commune of the poster or link, conversations that began there), the most first."""
    n = func.count()
    found = conversations.c.came_by.is_not(None) & (conversations.c.created_at >= since)
    statement = select(conversations.c.came_by, n).where(found).group_by(conversations.c.came_by)
    return c.execute(statement.order_by(n.desc(), conversations.c.came_by).limit(limit)).all()


def case_times(c: Connection, since: datetime):
    """Cases opened since then: danger, status, outcome, and when what was done."""
    columns = (
        cases.c.danger, cases.c.status, cases.c.outcome, cases.c.opened_at, cases.c.claimed_at, cases.c.answered_at,
        cases.c.closed_at,
    )
    return c.execute(select(*columns).where(cases.c.opened_at >= since)).all()
