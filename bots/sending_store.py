"""The statements about replies on their way out. Private to the bots room."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select, update

from bots.store import is_open
from db.tables import conversations, turns

#: Two that claim at once could each take one reply of the same person.
_LOCK = 7466


def _is_red(table):
    """Staff's own replies have no danger."""
    return func.coalesce(table.c.danger, "") == "red"


def claim_replies(
    c: Connection, worker: str, limit: int, now: datetime, *, until: datetime, busy: Collection[str] = ()
) -> list[int]:
    """Takes up to `limit` replies that are due, those to people in danger first; of one person only the first, and only
    when no other is on its way. Nobody in danger waits longer than `until` for one of these; of `busy` platforms only
    replies to people in danger are taken.
    """
    if c.dialect.name == "postgresql":
        c.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    due = (turns.c.status == "to-send") & (turns.c.next_try_at.is_(None) | (turns.c.next_try_at <= now))
    gone = exists().where((conversations.c.id == turns.c.conversation_id) & conversations.c.gone_at.is_not(None))
    chosen = select(turns.c.id).where(is_open(), due, ~gone, ~exists().where(_goes_first(now)))
    if busy:
        of_them = conversations.c.platform.in_(sorted(busy)) & (conversations.c.id == turns.c.conversation_id)
        chosen = chosen.where(_is_red(turns) | ~exists().where(of_them))
    statement = (
        update(turns)
        .where(turns.c.id.in_(chosen.order_by(_is_red(turns).desc(), turns.c.id).limit(limit)))
        .values(status="sending", worker=worker, attempts=turns.c.attempts + 1, next_try_at=until)
        .returning(turns.c.id)
    )
    return list(c.execute(statement).scalars())


def _goes_first(now: datetime):
    """Another reply to the same person: one on its way, one in danger, or an earlier one."""
    other = turns.alias()
    first = or_(
        _is_red(other) & ~_is_red(turns),
        (_is_red(other) == _is_red(turns)) & (other.c.id < turns.c.id),
    )
    same = (other.c.conversation_id == turns.c.conversation_id) & (other.c.id != turns.c.id)
    held = other.c.next_try_at
    lost = _is_red(turns) & (held.is_(None) | (held <= now))  # in the hands of somebody who died
    on_its_way = (other.c.status == "sending") & ~lost
    return same & is_open(other) & or_(on_its_way, (other.c.status == "to-send") & first)


def replies(c: Connection, ids: Sequence[int]):
    """The replies with where they go, and when what they answer was written."""
    heard, talk = turns.alias(), conversations.c
    columns = (
        turns.c.id, turns.c.text_sealed, turns.c.choices, turns.c.worker, turns.c.at, turns.c.topic, turns.c.danger,
        turns.c.language, turns.c.written_by, turns.c.conversation_id, heard.c.at.label("asked_at"), talk.platform,
        talk.address_sealed, talk.gateway, talk.heard_at, talk.said_since,
    )
    joined = turns.join(conversations).outerjoin(heard, heard.c.id == turns.c.reply_to)
    statement = select(*columns).select_from(joined).where(turns.c.id.in_(ids))
    return c.execute(statement.order_by(_is_red(turns).desc(), turns.c.id)).all()


def record_reply(c: Connection, turn_id: int, worker: str, **values) -> bool:
    mine = (turns.c.id == turn_id) & (turns.c.status == "sending") & (turns.c.worker == worker)
    return c.execute(update(turns).where(mine).values(**values, worker=None)).rowcount == 1


def reword(c: Connection, turn_id: int, text_sealed: bytes) -> None:
    """Something else is said in a reply's place."""
    c.execute(update(turns).where(turns.c.id == turn_id).values(text_sealed=text_sealed, topic=None, choices="[]"))


def reply(c: Connection, turn_id: int):
    """attempts, danger, at, written_by and conversation_id of a reply."""
    columns = (turns.c.attempts, turns.c.danger, turns.c.at, turns.c.written_by, turns.c.conversation_id)
    return c.execute(select(*columns).where(turns.c.id == turn_id)).one()


def was_sent(c: Connection, conversation_id: int) -> None:
    """One more message since the person last did something."""
    talk = conversations.c
    c.execute(update(conversations).where(talk.id == conversation_id).values(said_since=talk.said_since + 1))


def lapsed(c: Connection, before: datetime, limit: int):
    """id and conversation_id of what was written before then for people who are gone, and was never sent."""
    late = is_open() & (turns.c.status == "to-send") & (turns.c.at < before) & conversations.c.gone_at.is_not(None)
    return c.execute(select(turns.c.id, turns.c.conversation_id, turns.c.danger, turns.c.written_by)
                     .join(conversations).where(late).order_by(turns.c.id).limit(limit)).all()


def fail(c: Connection, turn_id: int) -> bool:
    statement = update(turns).where(turns.c.id == turn_id, turns.c.status == "to-send")
    return c.execute(statement.values(status="failed")).rowcount == 1


def holders(c: Connection) -> list[str]:
    """The workers that hold replies in their hands."""
    return list(c.execute(select(turns.c.worker).where(is_open(), turns.c.status == "sending").distinct()).scalars())


def held_by(c: Connection, workers: Sequence[str], limit: int) -> list[int]:
    held = is_open() & (turns.c.status == "sending") & turns.c.worker.in_(workers)
    return list(c.execute(select(turns.c.id).where(held).order_by(turns.c.id).limit(limit)).scalars())


def overdue(c: Connection, now: datetime, limit: int) -> list[int]:
    """Replies to people in danger that are on their way for longer than they may be."""
    late = is_open() & (turns.c.status == "sending") & _is_red(turns) & (turns.c.next_try_at <= now)
    return list(c.execute(select(turns.c.id).where(late).order_by(turns.c.id).limit(limit)).scalars())
