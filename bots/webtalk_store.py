"""The statements behind a conversation's own page."""

from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Row, Select, bindparam, exists, select

from db.tables import cases, conversations, turns

_TURN = (
    turns.c.id, turns.c.direction, turns.c.status, turns.c.text_sealed, turns.c.choices, turns.c.reply_to,
    turns.c.topic, turns.c.danger, turns.c.language, turns.c.written_by, turns.c.helpful,
)


def said(
    c: Connection, platform: str, person_index: bytes, *, after: int, before: int | None, recent: datetime | None,
    limit: int,
) -> list[Row]:
    """The newest `limit` turns after turn `after` and before turn `before`, newest first; what staff wrote since
    `recent` in any case. Each row also says `attended_until` and whether a case or a question is `open`; one row
    without a turn when nothing was said, none at all when there is no such conversation.
    """
    asked = {"platform": platform, "person": person_index, "after": after, "before": before, "recent": recent}
    statement = _said(since_recent=recent is not None, only_before=before is not None)
    return list(c.execute(statement.limit(limit), {name: each for name, each in asked.items() if each is not None}))


@cache
def _said(*, since_recent: bool, only_before: bool) -> Select:
    """Built once: a page that waits asks every few seconds, and building takes longer than answering."""
    wanted = turns.c.id > bindparam("after")
    if since_recent:
        wanted |= turns.c.written_by.is_not(None) & (turns.c.at > bindparam("recent", type_=turns.c.at.type))
    if only_before:
        wanted &= turns.c.id < bindparam("before")
    is_open = exists().where(cases.c.conversation_id == conversations.c.id, cases.c.status != "closed")
    asked = turns.alias()
    is_open |= exists().where(asked.c.conversation_id == conversations.c.id, asked.c.status == "waiting")
    return (
        select(*_TURN, conversations.c.attended_until, is_open.label("open"))
        .select_from(conversations.outerjoin(turns, (turns.c.conversation_id == conversations.c.id) & wanted))
        .where(conversations.c.platform == bindparam("platform"), conversations.c.person_index == bindparam("person"))
        .order_by(turns.c.id.desc())
    )


def turn_of(c: Connection, provider_id: str) -> int | None:
    return c.execute(select(turns.c.id).where(turns.c.provider_id == provider_id)).scalar_one_or_none()
