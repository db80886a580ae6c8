"""What waits at the desk, and one case with all that was said; who may not see a case does not learn of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bots import desk
from bots.cases import store
from bots.cases.model import Case, Event
from bots.readable import readable
from db.engine import Database
from messages.errors import Mistake
from staff import audit
from staff.model import Officer

#: That somebody read a conversation is written down once in so long.
READ_AGAIN = timedelta(hours=1)


def to_do(db: Database, officer: Officer, *, limit: int = 200) -> list[Case]:
    """Open and claimed cases: by danger, then whoever waits longest for staff."""
    with db.reading() as c:
        return [Case(**row._mapping) for row in store.to_do(c, _is_trained(officer), limit)]


def closed(db: Database, officer: Officer, *, limit: int = 200) -> list[Case]:
    """Closed cases, those closed last first."""
    with db.reading() as c:
        return [Case(**row._mapping) for row in store.closed(c, _is_trained(officer), limit)]


def count(db: Database, officer: Officer) -> int:
    """How many open and claimed cases this person may see."""
    with db.reading() as c:
        return store.count(c, _is_trained(officer))


def show(db: Database, officer: Officer, case_id: int) -> Case:
    """One case with `earlier`. Raises Mistake (case-unknown), also when the officer may not see it."""
    with db.reading() as c:
        row = store.one(c, case_id, _is_trained(officer))
        if row is None:
            raise Mistake("case-unknown", n=case_id)
        return replace(Case(**row._mapping), earlier=tuple(store.others(c, row.conversation_id, case_id)))


def hidden(db: Database, officer: Officer) -> int:
    """How many open and claimed cases are only for people trained in safeguarding; 0 for those who are."""
    if _is_trained(officer):
        return 0
    with db.reading() as c:
        return store.hidden(c)


def events(db: Database, case_id: int) -> list[Event]:
    """What happened to a case, oldest first."""
    with db.reading() as c:
        return [_event(db, row) for row in store.events(c, case_id)]


def said(
    db: Database, officer: Officer, case_id: int, *, now: datetime, after: int = 0, limit: int = 200
) -> list[desk.Turn]:
    """What was said with the person, as bots.desk.conversation gives it; that it was read is noted once an hour.

    Raises Mistake (case-unknown).
    """
    case = show(db, officer, case_id)
    _note_reading(db, officer, case_id, now)
    return desk.conversation(db, case.conversation_id, after=after, limit=limit)


def _note_reading(db: Database, officer: Officer, case_id: int, now: datetime) -> None:
    read = {"actor": officer.actor, "action": "cases.read", "object": f"case:{case_id}"}
    since = now - READ_AGAIN
    with db.reading() as c:
        if audit.done_since(c, **read, since=since):
            return
    with db.transaction() as c:
        if not audit.done_since(c, **read, since=since):  # two windows of one person
            audit.record(c, **read, at=now)


def mark(db: Database, officer: Officer) -> str:
    """Another text whenever the queue this person sees has changed."""
    with db.reading() as c:
        return _as_text(store.mark(c, _is_trained(officer)))


def case_mark(db: Database, case_id: int) -> str:
    """Another text with each turn and event of the case; empty when there is none."""
    with db.reading() as c:
        return _as_text(store.case_mark(c, case_id) or ())


def _is_trained(officer: Officer) -> bool:
    return officer.may("safeguarding")


def _as_text(values) -> str:
    """Only to be compared: the times in it are shortened to their digits."""
    return "-".join("" if each is None else _digits(each) for each in values)


def _digits(value: object) -> str:
    return f"{value:%Y%m%d%H%M%S%f}" if isinstance(value, datetime) else str(value)


def _event(db: Database, row) -> Event:
    text = readable(db, row.text_sealed, "case_events.text") if row.text_sealed else ""
    return Event(row.id, row.kind, row.by, row.to, row.at, text)
