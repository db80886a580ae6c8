"""Conversations as the desk may see them outside a case: who, where and about what, never what was said; and for a
case in danger what the person cried and the help line they were told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bots.cases import talks_store as store
from bots.readable import readable
from db.engine import Database
from messages.errors import Mistake
from staff.model import Officer


@dataclass(frozen=True)
class Talk:
    """`address` is the platform's own (E.164, a user id), `topic` and `danger` the latest, `case_id` the open case."""

    id: int
    platform: str
    address: str
    last_at: datetime
    language: str | None = None
    topic: str | None = None
    danger: str | None = None
    case_id: int | None = None


@dataclass(frozen=True)
class Cry:
    """The words with which somebody in danger became a case, and the machine's latest answer with the help line;
    `told_status` tells whether it arrived. Empty where there was none.
    """

    words: str = ""
    at: datetime | None = None
    told: str = ""
    told_at: datetime | None = None
    told_status: str = ""


def recent(db: Database, officer: Officer, *, limit: int = 50, after: int = 0) -> list[Talk]:
    """Conversations, the newest first, but for the first `after`. Of people whose case is restricted only those who are
    trained in safeguarding learn.
    """
    with db.reading() as c:
        rows = store.recent(c, officer.may("safeguarding"), limit, after)
    return [_talk(db, row) for row in rows]


def show(db: Database, officer: Officer, conversation_id: int) -> Talk:
    """Raises Mistake (conversation-unknown), also when the officer may not know of it."""
    with db.reading() as c:
        row = store.conversation(c, conversation_id, officer.may("safeguarding"))
    if row is None:
        raise Mistake("conversation-unknown", id=conversation_id)
    return _talk(db, row)


def _talk(db: Database, row) -> Talk:
    values = dict(row._mapping)
    return Talk(address=readable(db, values.pop("address_sealed"), "conversations.address"), **values)


def cries(db: Database, conversation_ids: Iterable[int]) -> dict[int, Cry]:
    """By conversation, of those in which somebody was in danger."""
    with db.reading() as c:
        rows = store.cries(c, list(conversation_ids))
    found: dict[int, dict] = {}
    for row in rows:
        words = readable(db, row.text_sealed, "turns.text")
        heard = row.direction == "in"
        values = {"words": words, "at": row.at} if heard else {
            "told": words, "told_at": row.at, "told_status": row.status,
        }
        found.setdefault(row.conversation_id, {}).update(values)
    return {conversation_id: Cry(**values) for conversation_id, values in found.items()}
