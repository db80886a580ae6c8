"""Alerts as rows: written when a round is due, claimed by a worker, recorded. A worker may die at any line.

to-send → sending → sent | failed, or called-off when somebody took the case first. Of each person one alert is claimed
at a time; what else waits for them is told in the same message, so that a night of a thousand cries is a few messages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bots.alerts import call_list, rounds, store
from bots.alerts.model import EMAIL, Alert, Person, Urgent, after
from bots.alerts.rounds import Round
from db.engine import Database
from db.seal import CannotOpen
from sms.gateway import Outcome


def begin_rounds(db: Database, pause: timedelta, now: datetime) -> int:
    """Writes the alerts of every round that is due; how many. Two workers at once write each only once."""
    with db.reading() as c:
        if not _due(c, pause, now):
            return 0
    with db.transaction() as c:  # looked at again: somebody may have taken a case, or written the round
        store.one_at_a_time(c)
        people = call_list.everybody_in(db, c)
        due = _due(c, pause, now)
        added = store.add(c, [row for urgent, which in due for row in _rows(urgent, which, people, now)])
        store.note_calls(c, dict.fromkeys(added), now)
    return len(added)


def _due(c: Connection, pause: timedelta, now: datetime) -> list[tuple[Urgent, Round]]:
    found = ((urgent, rounds.due(urgent, pause, now)) for urgent in _urgent(c))
    return [(urgent, which) for urgent, which in found if which]


def _urgent(c: Connection) -> list[Urgent]:
    rows = store.urgent(c)
    calls: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in store.calls(c) if rows else ():
        calls[row.case_id].append((row.round, row.at))
    return [
        Urgent(row.id, _since(row), row.claimed_by is not None, bool(row.touched), calls[row.id]) for row in rows
    ]


def _since(row) -> datetime:
    became = row.raised_at or row.opened_at
    return became if row.claimed_by is not None or row.laid_open is None else max(became, row.laid_open)


def _rows(urgent: Urgent, which: Round, people: Sequence[Person], now: datetime) -> list[dict]:
    return [
        {"case_id": urgent.case_id, "duty_id": person.id, "channel": channel, "round": which.number, "at": now}
        for person in rounds.called(people, which.step)
        for channel in person.channels
    ]


def is_due(db: Database, channel: str, now: datetime) -> bool:
    """Whether anything of this channel waits to be sent now."""
    with db.reading() as c:
        return store.is_due(c, channel, now)


def claim(db: Database, worker: str, channel: str, limit: int, now: datetime) -> list[Alert]:
    """Takes up to `limit` alerts of a channel that are due, one a person; the intent is on the disk when it returns.
    Those nobody has to hear any more are called off first.
    """
    with db.transaction(durable=True) as c:
        store.one_at_a_time(c)
        store.call_off(c)
        ids = store.claim(c, worker, channel, limit, now)
        rows, others = store.held(c, ids), store.waiting_with(c, ids)
    together = defaultdict(list)
    for other in others:
        together[other.first].append((other.id, other.case_id))
    return _opened(db, rows, now, together)


def record(db: Database, results: Iterable[tuple[Alert, Outcome]], now: datetime) -> dict[str, int]:
    """Writes down what became of claimed alerts; how many went to each status."""
    counts: dict[str, int] = defaultdict(int)
    with db.transaction() as c:
        store.one_at_a_time(c)
        for alert, outcome in results:
            values = after(store.attempts(c, alert.id), alert.channel, outcome, now)
            if store.record(c, alert.id, alert.worker, **values):
                counts[values["status"]] += 1
                store.record_together(c, alert.together, **values)
    return dict(counts)


def holders(db: Database, channel: str) -> list[str]:
    """The workers that hold alerts of a channel right now."""
    with db.reading() as c:
        return store.holders(c, channel)


def held_by(db: Database, channel: str, workers: Sequence[str], limit: int, now: datetime) -> list[Alert]:
    """Alerts in the hands of these workers, oldest first."""
    with db.reading() as c:
        rows = store.held(c, store.held_by(c, channel, workers, limit))
    return _opened(db, rows, now)


def _opened(
    db: Database, rows: Iterable, now: datetime, together: Mapping[int, Sequence[tuple[int, int]]] | None = None
) -> list[Alert]:
    """One whose number cannot be opened, or was taken off the list, has failed and does not hold up the others."""
    alerts, lost = [], []
    for row in rows:
        alert = _alert(db, row, (together or {}).get(row.id, ()))
        (alerts if alert.address else lost).append(alert)
    if lost:
        record(db, [(alert, Outcome.refused("number-invalid")) for alert in lost], now)
    return alerts


def _alert(db: Database, row, others: Sequence[tuple[int, int]]) -> Alert:
    address = row.email if row.channel == EMAIL else _number(db, row.number_sealed)
    return Alert(
        id=row.id, channel=row.channel, worker=row.worker, address=address, name=row.name, language=row.language,
        case_id=row.case_id, reason=row.reason, round=row.round, at=row.at, claimed=bool(row.claimed),
        more=len({case_id for _, case_id in others} - {row.case_id}), together=tuple(each for each, _ in others),
    )  # fmt: skip


def _number(db: Database, sealed: bytes | None) -> str:
    try:
        return db.seal.open(sealed, call_list.FIELD) if sealed else ""
    except CannotOpen:
        return ""
