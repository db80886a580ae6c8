"""What the desk keeps counted, so that no page counts a million people: everybody, and each large list, by kind.

A small list is counted when it is looked at. A large one is counted by itself, after somebody joined or left, and its
page says as of when.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row

from campaigns.kinds import Kinds
from campaigns.store import audience, contacts
from campaigns.store import kinds as store
from campaigns.store import lists as list_store
from db.engine import Database

#: Lists with fewer people are counted when they are looked at: some 50 ms.
LARGE = 20_000
#: After so long it is counted anew who opted out and who is dead.
OLD = timedelta(minutes=15)


@dataclass(frozen=True)
class Makeup:
    """Who is on a list: by kind, and how many of them opted out or have a dead number. `at` None = counted just now."""

    kinds: Kinds
    opted_out: int
    dead: int
    at: datetime | None


def kept_of(c: Connection, row: Row) -> Makeup | None:
    """A large list (its row) as it was last counted, even when it changed a moment ago; None when there is no count."""
    kept = store.kept_of(c, row.id) if row.people >= LARGE else None
    return kept and Makeup(kept.kinds, kept.opted_out, kept.dead, row.figures_at)


def of_list(c: Connection, row: Row) -> Makeup:
    """The list counted now, with those whose time is over and who are still to be taken off."""
    found = store.look(c, row, audience.members_of(row.id))
    return Makeup(found.kinds, found.opted_out, found.dead, None)


def everybody(c: Connection) -> Kinds:
    """All people there are, by kind."""
    return store.of_everybody(c)


def refresh(db: Database, now: datetime) -> int:
    """Counts what is not counted any more as it stands; how many counts were renewed."""
    return _refresh_everybody(db) + sum(_refresh_list(db, list_id, now) for list_id in _large(db))


def _refresh_everybody(db: Database) -> int:
    """Only who came since the last time, and those a part at a time: it holds up whoever writes."""
    renewed, more = 0, True
    while more:
        with db.transaction() as c:
            contacts.take_turns(c)  # an import may still hold numbers lower than the newest
            more = store.keep_everybody(c)
        renewed += more
    return renewed


def _large(db: Database) -> list[int]:
    with db.reading() as c:
        return list_store.with_at_least(c, LARGE)


def _refresh_list(db: Database, list_id: int, now: datetime) -> bool:
    with db.reading() as c:
        row = list_store.row(c, list_id)
        kept = row and store.kept_of(c, list_id)
        holds = kept and kept.holds(row, now)
        if row is None or (holds and row.figures_at > now - OLD):
            return False
        on_list = audience.still_on([row.id], now)
        found = replace(kept, **store.unreachable(c, on_list)) if holds else store.look(c, row, on_list, now)
    with db.transaction() as c:
        store.keep(c, list_id, found, now)
    return True
