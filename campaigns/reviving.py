"""Numbers of which a gateway said that nobody can be reached there, and bringing them back: a provider's bad day must
not bury people for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.model import actor
from campaigns.store import dead as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit


@dataclass(frozen=True)
class Buried:
    """People whose number one wave found dead; `wave_id` None = nobody wrote down which."""

    wave_id: int | None
    wave: str | None
    people: int
    first: datetime | None
    last: datetime | None


def by_wave(db: Database) -> Sequence[Buried]:
    """Who is dead, by the wave that found it; the latest first."""
    with db.reading() as c:
        return [Buried(*row) for row in store.by_wave(c)]


def revive_wave(db: Database, wave_id: int, *, by: int | None, now: datetime) -> int:
    """Everybody whom this wave found dead is written to again; how many. Raises Mistake: nobody-dead."""
    with db.transaction() as c:
        revived = store.revive(c, wave_id)
        if not revived:
            raise Mistake("nobody-dead")
        detail = {"people": revived}
        audit.record(c, at=now, actor=actor(by), action="lists.revive", object=f"wave:{wave_id}", detail=detail)
    return revived


def revive_person(db: Database, contact_id: int, *, by: int | None, now: datetime) -> None:
    """This person is written to again. Raises Mistake: nobody-dead."""
    with db.transaction() as c:
        if not store.revive_one(c, contact_id):
            raise Mistake("nobody-dead")
        audit.record(c, at=now, actor=actor(by), action="lists.revive", object=f"contact:{contact_id}", detail={})
