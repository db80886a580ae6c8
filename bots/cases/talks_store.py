"""The statements behind `talks`. Private to the bots room."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, func, select

from db.tables import cases, conversations, turns


def recent(c: Connection, restricted_too: bool, limit: int, after: int):
    """Conversations, those of today first, each with its latest topic and danger and the open case there is."""
    open_case = select(cases.c.id).where(cases.c.conversation_id == conversations.c.id, cases.c.status != "closed")
    statement = select(
        conversations.c.id, conversations.c.platform, conversations.c.address_sealed, conversations.c.language,
        conversations.c.last_at, _latest(turns.c.topic).label("topic"), _latest(turns.c.danger).label("danger"),
        open_case.order_by(cases.c.id).limit(1).scalar_subquery().label("case_id"),
    )
    if not restricted_too:
        statement = statement.where(~_is_restricted())
    statement = statement.order_by(conversations.c.last_at.desc(), conversations.c.id.desc())
    return c.execute(statement.limit(limit).offset(after)).all()


def _latest(column):
    """Of the newest message of the person that has any."""
    heard = (turns.c.conversation_id == conversations.c.id) & (turns.c.direction == "in") & column.is_not(None)
    return select(column).where(heard).order_by(turns.c.id.desc()).limit(1).scalar_subquery()


def _is_restricted():
    return exists().where(cases.c.conversation_id == conversations.c.id, cases.c.restricted)


def conversation(c: Connection, conversation_id: int, restricted_too: bool):
    """Its id, platform, sealed address and when it was last written in, or None."""
    statement = select(
        conversations.c.id, conversations.c.platform, conversations.c.address_sealed, conversations.c.last_at
    ).where(conversations.c.id == conversation_id)
    return c.execute(statement if restricted_too else statement.where(~_is_restricted())).one_or_none()


def cries(c: Connection, conversation_ids: Sequence[int]):
    """Of each conversation the red message with which it became a case (of what came after a case was closed, if
    anything did), and the newest red reply of the machine.
    """
    red = (turns.c.danger == "red") & turns.c.written_by.is_(None) & turns.c.conversation_id.in_(conversation_ids)
    before = turns.alias()
    closed = exists().where(
        cases.c.conversation_id == before.c.conversation_id, cases.c.closed_at.is_not(None),
        cases.c.closed_at >= before.c.at,
    )
    heard = (before.c.conversation_id == turns.c.conversation_id) & (before.c.direction == "in")
    heard &= before.c.danger == "red"
    since = select(func.min(before.c.id)).where(heard, ~closed).scalar_subquery()
    ever = select(func.min(before.c.id)).where(heard).scalar_subquery()
    newest = select(func.max(turns.c.id)).where(red, turns.c.direction == "out").group_by(turns.c.conversation_id)
    chosen = (turns.c.id == func.coalesce(since, ever)) | turns.c.id.in_(newest)
    columns = (turns.c.conversation_id, turns.c.direction, turns.c.text_sealed, turns.c.at, turns.c.status)
    return c.execute(select(*columns).where(red, chosen)).all()
