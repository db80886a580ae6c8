"""A conversation as the page it is held on shows it: what was said, what is new, whether more may come by itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots import webtalk_store as store
from bots.model import Choice
from bots.platform import person_of
from db.engine import Database

PLATFORM = "web"
#: Turn ids are given out before they are written down: what staff wrote a moment ago is looked for twice.
OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True)
class Turn:
    """One thing said. `mine`: by the person whose page it is."""

    id: int
    mine: bool
    text: str
    topic: str | None
    danger: str
    language: str | None
    choices: Sequence[Choice]
    reply_to: int | None
    #: The person of the staff who wrote it; None where the machine did.
    written_by: int | None
    helpful: bool | None

    @property
    def by_staff(self) -> bool:
        return self.written_by is not None


@dataclass(frozen=True)
class Talk:
    """`turns` oldest first. `awaited`: a person of the staff was called or answers, or the
    bot still learns, so more may come by itself."""

    turns: Sequence[Turn] = ()
    awaited: bool = False

    def reply_to(self, turn_id: int | None) -> Turn | None:
        """The machine's reply to that message."""
        return next((turn for turn in self.turns if turn.reply_to == turn_id and turn_id is not None), None)


def talk(
    db: Database, address: str, *, now: datetime, after: int = 0, before: int | None = None, limit: int = 60
) -> Talk:
    """The newest `limit` turns after one and before another; empty when this person never wrote."""
    index, recent = _index(db, address), now - OVERLAP if after else None
    with db.reading() as c:
        rows = store.said(c, PLATFORM, index, after=after, before=before, recent=recent, limit=limit)
    turns = tuple(_turn(db, row) for row in reversed(rows) if row.id is not None)
    attended = any(row.attended_until is not None and row.attended_until > now for row in rows[:1])
    awaited = attended or any(row.open for row in rows[:1]) or any(turn.by_staff for turn in turns)
    return Talk(turns, awaited)


def turn_of(db: Database, provider_id: str) -> int | None:
    """The turn of a message that was sent before."""
    with db.reading() as c:
        return store.turn_of(c, provider_id)


def _index(db: Database, address: str) -> bytes:
    return db.seal.index(person_of(PLATFORM, address))


def _turn(db: Database, row) -> Turn:
    return Turn(
        id=row.id, mine=row.direction == "in", text=db.seal.open(row.text_sealed, "turns.text"), topic=row.topic,
        danger=row.danger or "none", language=row.language, reply_to=row.reply_to, helpful=row.helpful,
        choices=tuple(Choice(**choice) for choice in json.loads(row.choices)), written_by=row.written_by,
    )
