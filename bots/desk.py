"""The desk of people behind the bot: what waits for them, and what was said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bots import store
from bots.model import Choice
from db.engine import Database


@dataclass(frozen=True)
class Case:
    """A hand-over to a person. danger: red | amber | none; status: open | claimed | closed."""

    id: int
    danger: str
    reason: str
    status: str
    opened_at: datetime
    claimed_by: int | None
    conversation_id: int
    platform: str
    language: str | None


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


@dataclass(frozen=True)
class Counts:
    conversations: int
    heard: int
    understood: int
    red: int
    open_cases: int


def to_do(db: Database, limit: int = 200) -> list[Case]:
    """Open and claimed cases, ordered by danger and waiting time."""
    with db.reading() as c:
        return [Case(**row._mapping) for row in store.cases_to_do(c, limit)]


def case(db: Database, case_id: int) -> Case | None:
    """One case, closed ones too; None when there is none."""
    with db.reading() as c:
        row = store.case(c, case_id)
    return Case(**row._mapping) if row else None


def conversation(db: Database, conversation_id: int, *, after: int = 0, limit: int = 200) -> list[Turn]:
    """The newest `limit` turns after turn `after`, oldest first, opened."""
    with db.reading() as c:
        rows = store.said(c, conversation_id, after, limit)
    return [_turn(db, row) for row in rows]


def conversation_of(db: Database, *, platform: str, address: str, after: int = 0, limit: int = 200) -> list[Turn]:
    """The same, for the person at this address; empty when they never wrote."""
    index = db.seal.index(address if platform == "sms" else f"{platform}:{address}")
    with db.reading() as c:
        conversation_id = store.find_conversation(c, platform, index)
    return [] if conversation_id is None else conversation(db, conversation_id, after=after, limit=limit)


def counts(db: Database) -> Counts:
    """How much the bot was asked and understood, and what waits."""
    with db.reading() as c:
        return Counts(*store.counts(c))


def topics(db: Database, limit: int = 10) -> list[tuple[str, int]]:
    """What is asked most: (topic, times)."""
    with db.reading() as c:
        return [(topic, times) for topic, times in store.topics(c, limit)]


def _why(db: Database, row) -> tuple[str, ...]:
    return tuple(json.loads(db.seal.open(row.why_sealed, "turns.why"))) if row.why_sealed else ()


def _turn(db: Database, row) -> Turn:
    return Turn(
        id=row.id, direction=row.direction, status=row.status, at=row.at, topic=row.topic, danger=row.danger,
        text=db.seal.open(row.text_sealed, "turns.text"), why=_why(db, row), language=row.language,
        choices=tuple(Choice(**choice) for choice in json.loads(row.choices)),
    )
