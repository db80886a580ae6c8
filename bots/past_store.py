"""The statements about what was said lately in a conversation, to know whether to speak. Private to the bots room."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select, update

from db.tables import cases, turns


def _talk(conversation_id: int, direction: str) -> ColumnElement[bool]:
    return (turns.c.conversation_id == conversation_id) & (turns.c.direction == direction)


def was_helped(c: Connection, conversation_id: int, since: datetime) -> bool:
    """Whether the machine said a help line since then; one that could not be sent helps nobody."""
    red = _talk(conversation_id, "out") & (turns.c.danger == "red") & turns.c.written_by.is_(None)
    red &= turns.c.status != "failed"
    return c.execute(select(exists().where(red, turns.c.at > since))).scalar_one()


def in_danger(c: Connection, conversation_id: int, since: datetime) -> bool:
    """Whether a red case is open, or was raised since then."""
    red = (cases.c.conversation_id == conversation_id) & (cases.c.danger == "red")
    lately = (cases.c.status != "closed") | (func.coalesce(cases.c.raised_at, cases.c.opened_at) > since)
    return c.execute(select(exists().where(red, lately))).scalar_one()


def kind_answered(c: Connection, conversation_id: int, kind: str, since: datetime, before: int) -> bool:
    """Whether an earlier turn of this kind was answered with words since then."""
    reply = turns.alias()
    same = _talk(conversation_id, "in") & (turns.c.kind == kind) & (turns.c.at > since) & (turns.c.id < before)
    return c.execute(select(exists().where(same, reply.c.reply_to == turns.c.id))).scalar_one()


def texts(c: Connection, conversation_id: int, since: datetime, before: int, limit: int) -> list[bytes]:
    """What the person wrote since then, sealed, newest first."""
    mine = _talk(conversation_id, "in") & (turns.c.at > since) & (turns.c.id < before)
    statement = select(turns.c.text_sealed).where(mine).order_by(turns.c.id.desc()).limit(limit)
    return list(c.execute(statement).scalars())


def answered_stops(c: Connection, conversation_id: int, since: datetime, limit: int) -> list[bytes]:
    """What the person wrote that was answered about stopping since then, sealed, newest first; an answer that could not
    be sent told them nothing.
    """
    reply = turns.alias()
    said = (reply.c.reply_to == turns.c.id) & (reply.c.topic == "opt-out") & (reply.c.status != "failed")
    mine = _talk(conversation_id, "in") & (turns.c.at > since) & exists().where(said)
    statement = select(turns.c.text_sealed).where(mine).order_by(turns.c.id.desc()).limit(limit)
    return list(c.execute(statement).scalars())


def machine_replies(c: Connection, conversation_id: int, since: datetime) -> int:
    mine = _talk(conversation_id, "out") & turns.c.written_by.is_(None) & (turns.c.at > since)
    return c.execute(select(func.count()).where(mine)).scalar_one()


def last_reply(c: Connection, conversation_id: int):
    """id, topic, danger, language, written_by and text_sealed of the newest reply, or None."""
    columns = (turns.c.id, turns.c.topic, turns.c.danger, turns.c.language, turns.c.written_by, turns.c.text_sealed)
    statement = select(*columns).where(_talk(conversation_id, "out")).order_by(turns.c.id.desc()).limit(1)
    return c.execute(statement).one_or_none()


def judge(c: Connection, conversation_id: int, turn_id: int, helpful: bool) -> Row | None:
    """Keeps what was said of an answer of the machine in this conversation: at, topic and helpful as it stood before;
    None when it is no such answer.
    """
    mine = _talk(conversation_id, "out") & (turns.c.id == turn_id)
    answer = mine & turns.c.written_by.is_(None) & turns.c.topic.is_not(None)
    before = select(turns.c.at, turns.c.topic, turns.c.helpful).where(answer).with_for_update()
    found = c.execute(before).one_or_none()
    if found is not None and found.helpful is not helpful:
        c.execute(update(turns).where(turns.c.id == turn_id).values(helpful=helpful))
    return found
