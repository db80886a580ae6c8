"""Stop everything: while a stop stands, no wave is opened and no message of a wave is handed over, by any process.

The rows are the truth, so it holds at once for every process on the same database: claims are refused, and what a
running sender has claimed and not handed over is given back within two seconds. What people ask is answered all the
same: somebody in danger must not wait for an officer to find the button again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.model import actor
from campaigns.store import halts as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: Characters of a reason.
LONGEST_REASON = 500

#: Kinds of stops: by a person, or because the database is a copy that was put back (campaigns.recall).
STOP, COPY = "stop", "copy"


@dataclass(frozen=True)
class Halt:
    """A stop of everything. `by` and `lifted_by`: an officer's id, None for the operator of the machine. `kind`: STOP,
    or COPY, which only campaigns.recall lifts.
    """

    id: int
    at: datetime
    by: int | None
    reason: str
    lifted_at: datetime | None = None
    lifted_by: int | None = None
    kind: str = STOP


def stop(db: Database, *, reason: str, by: int | None, now: datetime) -> int:
    """Stops every wave within two seconds, until somebody lifts it; the id of the stop.

    Whoever may plan waves may stop them: this asks for no second person. Stopping again what is stopped is a stop of
    its own, with its own reason. Raises Mistake: halt-reason-missing.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Mistake("halt-reason-missing")
    with db.transaction() as c:
        halt_id = store.add(c, reason=reason, by=by, at=now, kind=STOP)
        _note(c, "halts.stop", halt_id, by, now, reason)
    return halt_id


def lift(db: Database, *, by: int | None, now: datetime, reason: str = "") -> None:
    """Waves go on where they were, each under its own approval; any officer may, not only who stopped.

    Raises Mistake: halt-not-standing, restored-halt (the database is a copy that nobody has looked at yet).
    """
    with db.transaction() as c:
        lifted = store.lift(c, by=by, at=now, kind=STOP)
        if not lifted:
            raise Mistake("restored-halt" if store.standing(c, COPY) else "halt-not-standing")
        for halt_id in lifted:
            _note(c, "halts.lift", halt_id, by, now, " ".join(reason.split())[:LONGEST_REASON])


def standing(db: Database) -> Halt | None:
    """The stop that holds now; the first where several do."""
    with db.reading() as c:
        row = store.standing(c)
    return row and Halt(*row)


def halted(c: Connection) -> bool:
    """Whether everything is stopped, in the caller's transaction."""
    return store.standing(c) is not None


def history(db: Database, limit: int = 20) -> Sequence[Halt]:
    """The last stops, newest first."""
    with db.reading() as c:
        return [Halt(*row) for row in store.newest(c, limit)]


def _note(c: Connection, action: str, halt_id: int, by: int | None, now: datetime, reason: str) -> None:
    detail = {"reason": reason} if reason else {}
    audit.record(c, at=now, actor=actor(by), action=action, object=f"halt:{halt_id}", detail=detail)
