"""What was said with people, and how much of it the bot understood. Their cases: bots/cases/."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bots import store
from bots.model import Choice
from bots.platform import person_of
from bots.readable import UNREADABLE, readable
from db.engine import Database


@dataclass(frozen=True)
class Turn:
    """One thing said. `direction` is "in" (the person) or "out" (us)."""

    id: int
    direction: str
    status: str
    text: str
    at: datetime
    topic: str | None
    danger: str | None
    why: Sequence[str]
    choices: Sequence[Choice]
    language: str | None
    #: What came when it was no text (bots.platform.KINDS).
    kind: str = "text"
    #: Who of the staff wrote it; None for the machine and the person.
    written_by: int | None = None
    sent_at: datetime | None = None
    helpful: bool | None = None


@dataclass(frozen=True)
class Counts:
    conversations: int
    heard: int
    understood: int
    red: int


def conversation(db: Database, conversation_id: int, *, after: int = 0, limit: int = 200) -> list[Turn]:
    """The newest `limit` turns after turn `after`, oldest first, opened."""
    with db.reading() as c:
        rows = store.said(c, conversation_id, after, limit)
    return [_turn(db, row) for row in rows]


def conversation_of(db: Database, *, platform: str, address: str, after: int = 0, limit: int = 200) -> list[Turn]:
    """The same, for the person at this address; empty when they never wrote."""
    index = db.seal.index(person_of(platform, address))
    with db.reading() as c:
        conversation_id = store.find_conversation(c, platform, index)
    return [] if conversation_id is None else conversation(db, conversation_id, after=after, limit=limit)


def counts(db: Database) -> Counts:
    """How much the bot was asked and understood."""
    with db.reading() as c:
        return Counts(*store.counts(c))


def topics(db: Database, limit: int = 10) -> list[tuple[str, int]]:
    """What is asked most: (topic, times)."""
    with db.reading() as c:
        return [(topic, times) for topic, times in store.topics(c, limit)]


def _why(db: Database, row) -> tuple[str, ...]:
    why = readable(db, row.why_sealed, "turns.why") if row.why_sealed else UNREADABLE
    return () if why == UNREADABLE else tuple(json.loads(why))


def _turn(db: Database, row) -> Turn:
    return Turn(
        id=row.id, direction=row.direction, status=row.status, at=row.at, topic=row.topic, danger=row.danger,
        text=readable(db, row.text_sealed, "turns.text"), why=_why(db, row), language=row.language,
        choices=tuple(Choice(**choice) for choice in json.loads(row.choices)),
        kind=row.kind, written_by=row.written_by, sent_at=row.sent_at, helpful=row.helpful,
    )
