"""The statements of the bots room. Private to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, literal_column, select, update

from db.new_rows import insert_into
from db.tables import conversations, turns

#: SQLite takes an index of open turns only where these words stand in the statement itself.
_OPEN = tuple(literal_column(f"'{status}'") for status in ("waiting", "to-send", "sending"))


def is_open(table=turns) -> ColumnElement[bool]:
    """Says what the index of open turns is for, beside the status that is asked for."""
    return table.c.status.in_(_OPEN)


def begin(c: Connection, **found) -> int | None:
    """The id of a new conversation with this person on this platform; None when there is one already."""
    statement = insert_into(c, conversations).values(**found, created_at=found["last_at"], heard_at=found["last_at"])
    statement = statement.on_conflict_do_nothing(index_elements=["platform", "person_index"])
    return c.execute(statement.returning(conversations.c.id)).scalar_one_or_none()


def begin_all(c: Connection, rows: Sequence[Mapping]) -> set[bytes]:
    """The same for many people of one platform, the columns of each; the person_index of those who are new."""
    statement = insert_into(c, conversations)
    statement = statement.on_conflict_do_nothing(index_elements=["platform", "person_index"])
    return {bytes(index) for index in c.execute(statement.returning(conversations.c.person_index), rows).scalars()}


def conversation(c: Connection, **found) -> int:
    """The id of the conversation with this person on this platform, who does something now; made when there is none."""
    statement = _heard(c).values(**found, created_at=found["last_at"], heard_at=found["last_at"])
    return c.execute(statement.returning(conversations.c.id)).scalar_one()


def conversations_of(c: Connection, rows: Sequence[Mapping]) -> dict[bytes, int]:
    """`conversation` for many people of one platform: person_index → id."""
    c.execute(_heard(c, with_gateway=False), rows)
    return known(c, rows[0]["platform"], [row["person_index"] for row in rows])


def known(c: Connection, platform: str, people: Iterable[bytes]) -> dict[bytes, int]:
    """person_index → id of the conversations there are."""
    theirs = (conversations.c.platform == platform) & conversations.c.person_index.in_(list(people))
    rows = c.execute(select(conversations.c.person_index, conversations.c.id).where(theirs))
    return {bytes(index): conversation_id for index, conversation_id in rows}


def _heard(c: Connection, with_gateway: bool = True):
    """Whoever does something can be written to again, and what they came by first is what they came by."""
    statement = insert_into(c, conversations)
    new = statement.excluded
    changes = {
        "last_at": new.last_at, "heard_at": new.heard_at, "said_since": 0, "gone_at": None,
        "came_by": func.coalesce(conversations.c.came_by, new.came_by),
    }
    changes |= {"gateway": new.gateway} if with_gateway else {}
    return statement.on_conflict_do_update(index_elements=["platform", "person_index"], set_=changes)


def left(c: Connection, conversation_id: int, at: datetime) -> None:
    """The person blocks us or follows us no longer, unless they did something after that."""
    nothing_since = conversations.c.heard_at.is_(None) | (conversations.c.heard_at <= at)
    c.execute(update(conversations).where(conversations.c.id == conversation_id, nothing_since).values(gone_at=at))


def find_conversation(c: Connection, platform: str, person_index: bytes) -> int | None:
    found = (conversations.c.platform == platform) & (conversations.c.person_index == person_index)
    return c.execute(select(conversations.c.id).where(found)).scalar_one_or_none()


def is_known(c: Connection, provider_id: str) -> bool:
    return c.execute(select(turns.c.id).where(turns.c.provider_id == provider_id)).first() is not None


def already_heard(c: Connection, provider_ids: Sequence[str]) -> set[str]:
    """Those of these ids that are turns already."""
    wanted = turns.c.provider_id.in_(list(provider_ids))
    return set(c.execute(select(turns.c.provider_id).where(wanted)).scalars())


def add_turn(c: Connection, **values) -> int:
    return c.execute(insert(turns).values(**values)).inserted_primary_key[0]


def add_turns(c: Connection, rows: Sequence[Mapping]) -> set[str]:
    """Turns in their order, and the provider_ids of those that are new; one that is known changes nothing."""
    if not rows:
        return set()
    statement = insert_into(c, turns).on_conflict_do_nothing(index_elements=["provider_id"])
    return set(c.execute(statement.returning(turns.c.provider_id), rows).scalars())


def turn_by(c: Connection, conversation_id: int, provider_id: str):
    """id, status, kind and text_sealed of what the person sent with this id of the provider, or None."""
    mine = (turns.c.conversation_id == conversation_id) & (turns.c.provider_id == provider_id)
    columns = (turns.c.id, turns.c.status, turns.c.kind, turns.c.text_sealed)
    return c.execute(select(*columns).where(mine, turns.c.direction == "in")).one_or_none()


def rewrite(c: Connection, turn_id: int, text_sealed: bytes) -> bool:
    """Changes what waits to be answered; False when it does not wait any more."""
    statement = update(turns).where(turns.c.id == turn_id, turns.c.status == "waiting")
    return c.execute(statement.values(text_sealed=text_sealed)).rowcount == 1


def offered(c: Connection, turn_ids: Iterable[int]):
    """id, conversation_id and choices of replies."""
    wanted = turns.c.id.in_(list(turn_ids)) & (turns.c.direction == "out")
    return c.execute(select(turns.c.id, turns.c.conversation_id, turns.c.choices).where(wanted)).all()


def waiting(c: Connection, limit: int, now: datetime | None = None) -> list[int]:
    """What waits, oldest first; with `now` without what is put off."""
    statement = select(turns.c.id).where(is_open(), turns.c.status == "waiting")
    if now:
        statement = statement.where(turns.c.next_try_at.is_(None) | (turns.c.next_try_at <= now))
    return list(c.execute(statement.order_by(turns.c.id).limit(limit)).scalars())


def asked(c: Connection, turn_id: int):
    """The waiting turn with what is known of its conversation, or None."""
    talk = conversations.c
    columns = (
        turns.c.id, turns.c.conversation_id, turns.c.kind, turns.c.text_sealed, turns.c.at, turns.c.attempts,
        talk.platform, talk.context, talk.person_index, talk.address_sealed, talk.language, talk.gateway,
        talk.attended_until, talk.bot_returns, talk.came_by,
    )
    statement = select(*columns).join(conversations).where(turns.c.id == turn_id, turns.c.status == "waiting")
    return c.execute(statement).one_or_none()


def waiting_before(c: Connection, turn_id: int):
    """id and next_try_at of what the same person sent earlier and waits too, oldest first."""
    mine = select(turns.c.conversation_id).where(turns.c.id == turn_id).scalar_subquery()
    earlier = (turns.c.conversation_id == mine) & (turns.c.status == "waiting") & (turns.c.id < turn_id)
    return c.execute(select(turns.c.id, turns.c.next_try_at).where(is_open(), earlier).order_by(turns.c.id)).all()


def put_off(c: Connection, turn_id: int, until: datetime) -> None:
    """It could not be answered just now."""
    statement = update(turns).where(turns.c.id == turn_id, turns.c.status == "waiting")
    c.execute(statement.values(attempts=turns.c.attempts + 1, next_try_at=until))


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


def remember(c: Connection, asked, in_order: bool, **values) -> bool:
    """Writes what the engine remembers, if nothing has changed since `asked` was read: neither its memory, nor who
    answers this person, nor (`in_order`) that what they sent earlier is answered.
    """
    talk, other = conversations.c, turns.alias()
    earlier = (other.c.conversation_id == talk.id) & (other.c.status == "waiting") & (other.c.id < asked.id)
    unchanged = (
        (talk.id == asked.conversation_id) & (talk.context == asked.context) & (talk.bot_returns == asked.bot_returns)
        & talk.attended_until.is_not_distinct_from(asked.attended_until)
    )
    if in_order:
        unchanged &= ~exists().where(is_open(other), earlier)
    return c.execute(update(conversations).where(unchanged).values(**values)).rowcount == 1


def let_bot_return(c: Connection, now: datetime) -> int:
    """No person of the staff answers any more where their time is over."""
    over = conversations.c.attended_until.is_not(None) & (conversations.c.attended_until <= now)
    back = {"attended_by": None, "attended_until": None, "bot_returns": True}
    return c.execute(update(conversations).where(over).values(**back)).rowcount


def said(c: Connection, conversation_id: int, after: int, limit: int):
    """The newest `limit` turns of a conversation after turn `after`, oldest first."""
    columns = (
        turns.c.id, turns.c.direction, turns.c.status, turns.c.text_sealed, turns.c.choices, turns.c.topic,
        turns.c.danger, turns.c.confidence, turns.c.why_sealed, turns.c.language, turns.c.at, turns.c.reply_to,
        turns.c.kind, turns.c.written_by, turns.c.sent_at, turns.c.helpful,
    )
    statement = select(*columns).where(turns.c.conversation_id == conversation_id, turns.c.id > after)
    return c.execute(statement.order_by(turns.c.id.desc()).limit(limit)).all()[::-1]


def counts(c: Connection):
    """Conversations, messages heard, messages answered with a topic, red ones."""
    heard = turns.c.direction == "in"
    row = c.execute(
        select(
            func.count().filter(heard),
            func.count().filter(heard & turns.c.topic.is_not(None)),
            func.count().filter(heard & (turns.c.danger == "red")),
        ).select_from(turns)
    ).one()
    talks = c.execute(select(func.count()).select_from(conversations)).scalar_one()
    return talks, *row


def topics(c: Connection, limit: int):
    """What is asked most: (topic, times)."""
    n = func.count()
    statement = select(turns.c.topic, n).where(turns.c.direction == "in", turns.c.topic.is_not(None))
    return c.execute(statement.group_by(turns.c.topic).order_by(n.desc(), turns.c.topic).limit(limit)).all()
