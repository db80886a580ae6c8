"""The statements of the bots room. Private to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy import case as by_value
from sqlalchemy.dialects import postgresql, sqlite

from db.tables import cases, conversations, turns


def conversation(c: Connection, **found) -> int:
    """The id of the conversation with this person on this platform; made when there is none."""
    kind = {"sqlite": sqlite, "postgresql": postgresql}[c.dialect.name]
    statement = kind.insert(conversations).values(**found, created_at=found["last_at"])
    changes = {"last_at": statement.excluded.last_at, "gateway": statement.excluded.gateway}
    statement = statement.on_conflict_do_update(index_elements=["platform", "person_index"], set_=changes)
    return c.execute(statement.returning(conversations.c.id)).scalar_one()


def find_conversation(c: Connection, platform: str, person_index: bytes) -> int | None:
    found = (conversations.c.platform == platform) & (conversations.c.person_index == person_index)
    return c.execute(select(conversations.c.id).where(found)).scalar_one_or_none()


def is_known(c: Connection, provider_id: str) -> bool:
    return c.execute(select(turns.c.id).where(turns.c.provider_id == provider_id)).first() is not None


def add_turn(c: Connection, **values) -> int:
    return c.execute(insert(turns).values(**values)).inserted_primary_key[0]


def waiting(c: Connection, limit: int) -> list[int]:
    statement = select(turns.c.id).where(turns.c.status == "waiting").order_by(turns.c.id).limit(limit)
    return list(c.execute(statement).scalars())


def asked(c: Connection, turn_id: int):
    """The waiting turn with its conversation's platform, gateway, context and person, or None."""
    columns = (
        turns.c.id, turns.c.conversation_id, turns.c.text_sealed, conversations.c.platform, conversations.c.context,
        conversations.c.person_index, conversations.c.language, conversations.c.gateway,
    )
    statement = select(*columns).join(conversations).where(turns.c.id == turn_id, turns.c.status == "waiting")
    return c.execute(statement).one_or_none()


def heard_since(c: Connection, conversation_id: int, since: datetime, up_to: int) -> int:
    """How many messages the person sent since then, the turn `up_to` included."""
    statement = select(func.count()).where(
        turns.c.conversation_id == conversation_id, turns.c.direction == "in", turns.c.at > since, turns.c.id <= up_to
    )
    return c.execute(statement).scalar_one()


def mark_answered(c: Connection, turn_id: int, **thought) -> bool:
    """True for the one who gets to answer; False when somebody else has answered meanwhile."""
    statement = update(turns).where(turns.c.id == turn_id, turns.c.status == "waiting")
    return c.execute(statement.values(status="answered", **thought)).rowcount == 1


def remember(c: Connection, conversation_id: int, before: str, **values) -> bool:
    """Writes what the engine remembers, if nobody has changed it since it was read as `before`."""
    unchanged = (conversations.c.id == conversation_id) & (conversations.c.context == before)
    return c.execute(update(conversations).where(unchanged).values(**values)).rowcount == 1


def open_case(c: Connection, conversation_id: int):
    statement = select(cases.c.id, cases.c.danger).where(
        cases.c.conversation_id == conversation_id, cases.c.status != "closed"
    )
    return c.execute(statement.order_by(cases.c.id)).first()


def add_case(c: Connection, **values) -> int:
    return c.execute(insert(cases).values(**values)).inserted_primary_key[0]


def change_case(c: Connection, case_id: int, **values) -> None:
    c.execute(update(cases).where(cases.c.id == case_id).values(**values))


def claim_replies(c: Connection, worker: str, limit: int, now: datetime):
    """Takes up to `limit` replies that are due, those to people in danger first."""
    due = (turns.c.status == "to-send") & (turns.c.next_try_at.is_(None) | (turns.c.next_try_at <= now))
    chosen = select(turns.c.id).where(due).order_by(turns.c.danger != "red", turns.c.id).limit(limit)
    statement = (
        update(turns)
        .where(turns.c.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(status="sending", worker=worker, attempts=turns.c.attempts + 1)
        .returning(turns.c.id)
    )
    return list(c.execute(statement).scalars())


def replies(c: Connection, ids: Sequence[int]):
    columns = (
        turns.c.id, turns.c.text_sealed, turns.c.choices, turns.c.worker, turns.c.at, conversations.c.platform,
        conversations.c.address_sealed, conversations.c.gateway,
    )
    statement = select(*columns).join(conversations).where(turns.c.id.in_(ids))
    return c.execute(statement.order_by(turns.c.danger != "red", turns.c.id)).all()


def record_reply(c: Connection, turn_id: int, worker: str, **values) -> bool:
    mine = (turns.c.id == turn_id) & (turns.c.status == "sending") & (turns.c.worker == worker)
    return c.execute(update(turns).where(mine).values(**values, worker=None)).rowcount == 1


def reply(c: Connection, turn_id: int):
    """attempts, danger and conversation_id of a reply."""
    columns = (turns.c.attempts, turns.c.danger, turns.c.conversation_id)
    return c.execute(select(*columns).where(turns.c.id == turn_id)).one()


def holders(c: Connection) -> list[str]:
    """The workers that hold replies in their hands."""
    return list(c.execute(select(turns.c.worker).where(turns.c.status == "sending").distinct()).scalars())


def held_by(c: Connection, workers: Sequence[str], limit: int) -> list[int]:
    held = (turns.c.status == "sending") & turns.c.worker.in_(workers)
    return list(c.execute(select(turns.c.id).where(held).order_by(turns.c.id).limit(limit)).scalars())


def said(c: Connection, conversation_id: int, after: int, limit: int):
    """The newest `limit` turns of a conversation after turn `after`, oldest first."""
    columns = (
        turns.c.id, turns.c.direction, turns.c.status, turns.c.text_sealed, turns.c.choices, turns.c.topic,
        turns.c.danger, turns.c.confidence, turns.c.why_sealed, turns.c.language, turns.c.at, turns.c.reply_to,
    )
    statement = select(*columns).where(turns.c.conversation_id == conversation_id, turns.c.id > after)
    return c.execute(statement.order_by(turns.c.id.desc()).limit(limit)).all()[::-1]


_CASE = (
    cases.c.id, cases.c.danger, cases.c.reason, cases.c.status, cases.c.opened_at, cases.c.claimed_by,
    cases.c.conversation_id, conversations.c.platform, conversations.c.language,
)
_ORDER = by_value({"red": 0, "amber": 1}, value=cases.c.danger, else_=2)


def cases_to_do(c: Connection, limit: int):
    """Open and claimed cases, by danger and waiting time."""
    statement = select(*_CASE).join(conversations).where(cases.c.status != "closed")
    return c.execute(statement.order_by(_ORDER, cases.c.opened_at).limit(limit)).all()


def case(c: Connection, case_id: int):
    return c.execute(select(*_CASE).join(conversations).where(cases.c.id == case_id)).one_or_none()


def counts(c: Connection):
    """Conversations, messages heard, messages answered with a topic, red ones, open cases."""
    heard = turns.c.direction == "in"
    row = c.execute(
        select(
            func.count().filter(heard),
            func.count().filter(heard & turns.c.topic.is_not(None)),
            func.count().filter(heard & (turns.c.danger == "red")),
        ).select_from(turns)
    ).one()
    talks = c.execute(select(func.count()).select_from(conversations)).scalar_one()
    open_cases = c.execute(select(func.count()).where(cases.c.status != "closed")).scalar_one()
    return talks, *row, open_cases


def topics(c: Connection, limit: int):
    """What is asked most: (topic, times)."""
    n = func.count()
    statement = select(turns.c.topic, n).where(turns.c.direction == "in", turns.c.topic.is_not(None))
    return c.execute(statement.group_by(turns.c.topic).order_by(n.desc(), turns.c.topic).limit(limit)).all()
