"""The statements of alerts and of the call-out list. Private to bots."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy import case as by_value

from db.new_rows import insert_into
from db.tables import alerts, case_events, cases, duty

#: What lays a case open to everybody again.
_LAID_OPEN = ("released", "reopened")
#: Workers take alerts, and write down what became of them, one after the other.
_LOCK = 7468
#: A message to somebody is on its way for so long at most; the next to them waits for it.
_ON_ITS_WAY = timedelta(seconds=30)
#: So many messages a person gets by one channel within so long about cases that still nobody looks after. What comes
#: meanwhile waits and is told in one.
MOST_TOLD, TOLD_WITHIN = 5, timedelta(minutes=10)


# -- the call-out list


def people(c: Connection):
    return c.execute(select(duty).order_by(duty.c.active.desc(), duty.c.position, duty.c.name, duty.c.id)).all()


def person(c: Connection, duty_id: int):
    return c.execute(select(duty).where(duty.c.id == duty_id)).one_or_none()


def add_person(c: Connection, **values) -> int:
    return c.execute(insert(duty).values(**values)).inserted_primary_key[0]


def change_person(c: Connection, duty_id: int, **values) -> None:
    c.execute(update(duty).where(duty.c.id == duty_id).values(**values))


def latest(c: Connection):
    """The newest alert of each person and channel: duty_id, channel, status, at, error, case_id."""
    newest = select(func.max(alerts.c.id)).group_by(alerts.c.duty_id, alerts.c.channel)
    columns = (alerts.c.duty_id, alerts.c.channel, alerts.c.status, alerts.c.at, alerts.c.error, alerts.c.case_id)
    return c.execute(select(*columns).where(alerts.c.id.in_(newest)).order_by(alerts.c.channel)).all()


def tried_since(c: Connection, duty_id: int, since: datetime) -> bool:
    """Whether a trial was sent to this person since then."""
    found = select(alerts.c.id).where(alerts.c.duty_id == duty_id, alerts.c.case_id.is_(None), alerts.c.at > since)
    return c.execute(found.limit(1)).first() is not None


# -- whom nobody looks after


def urgent(c: Connection):
    """Red cases that nobody has, and those that became red after somebody took them. `laid_open`: when the newest event
    let everybody in again; `touched`: somebody of the staff did something since it became red.
    """
    laid_open = select(func.max(case_events.c.at)).where(
        case_events.c.case_id == cases.c.id, case_events.c.kind.in_(_LAID_OPEN)
    )
    statement = select(
        cases.c.id, cases.c.opened_at, cases.c.raised_at, cases.c.claimed_by,
        laid_open.scalar_subquery().label("laid_open"),
        and_(cases.c.claimed_by.is_not(None), _touched_since(cases.c.raised_at)).label("touched"),
    )  # fmt: skip
    return c.execute(statement.where(_nobodys()).order_by(cases.c.id)).all()


def _nobodys():
    overtaken = and_(cases.c.claimed_by.is_not(None), cases.c.raised_at > cases.c.claimed_at)
    red = (cases.c.danger == "red") & cases.c.status.in_(("open", "claimed"))
    return red & or_(cases.c.claimed_by.is_(None), overtaken)


def calls(c: Connection):
    """(case_id, round, when it began) of all rounds about the cases of `urgent`."""
    statement = select(alerts.c.case_id, alerts.c.round, func.min(alerts.c.at).label("at")).join(cases)
    return c.execute(statement.where(_nobodys()).group_by(alerts.c.case_id, alerts.c.round)).all()


def _touched_since(moment):
    by_staff = (case_events.c.case_id == cases.c.id) & case_events.c.by.is_not(None)
    return exists().where(by_staff, case_events.c.at > moment).correlate(cases, alerts)


# -- alerts on their way


def one_at_a_time(c: Connection) -> None:
    """Nobody else is here until the transaction ends: two that mark many rows would wait for each other for ever."""
    if c.dialect.name == "postgresql":
        c.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def add(c: Connection, rows: Sequence[dict]) -> list[int | None]:
    """The cases of those that are new: another worker may have written the same round."""
    if not rows:
        return []
    statement = insert_into(c, alerts).on_conflict_do_nothing().returning(alerts.c.case_id)
    return list(c.execute(statement, list(rows)).scalars())


def note_calls(c: Connection, case_ids: Iterable[int], at: datetime) -> None:
    if rows := [{"case_id": case_id, "kind": "alerted", "at": at} for case_id in case_ids]:
        c.execute(insert(case_events), rows)


def _due(channel: str, now: datetime):
    waits = (alerts.c.status == "to-send") & (alerts.c.channel == channel)
    return waits & (alerts.c.next_try_at.is_(None) | (alerts.c.next_try_at <= now))


def _next(channel: str, now: datetime) -> Select:
    """Of each person who may be told now the first alert that is due, people in danger before trials; every trial."""
    in_danger = alerts.c.case_id.is_not(None)
    free = _due(channel, now) & in_danger & alerts.c.duty_id.not_in(_told_enough(channel, now))
    first = select(func.min(alerts.c.id)).where(free).group_by(alerts.c.duty_id)
    chosen = select(alerts.c.id).where(_due(channel, now), or_(~in_danger, alerts.c.id.in_(first)))
    return chosen.order_by(~in_danger, alerts.c.id)


def _told_enough(channel: str, now: datetime):
    """Whom a message is on its way to, and who got as many as anybody gets in a while. What one message tells has one
    time of sending. Times ahead of us were written before the clock was set back.
    """
    mine = select(alerts.c.duty_id).where(alerts.c.channel == channel, alerts.c.case_id.is_not(None))
    until, sent = alerts.c.next_try_at, alerts.c.sent_at
    unheeded = alerts.c.case_id.in_(select(cases.c.id).where(_nobodys()))
    on_its_way = mine.where(alerts.c.status == "sending", until > now, until <= now + _ON_ITS_WAY)
    lately = mine.where(alerts.c.status == "sent", sent > now - TOLD_WITHIN, sent <= now, unheeded)
    return on_its_way.union_all(lately.group_by(alerts.c.duty_id).having(func.count(sent.distinct()) >= MOST_TOLD))


def is_due(c: Connection, channel: str, now: datetime) -> bool:
    return c.execute(_next(channel, now).limit(1)).first() is not None


def call_off(c: Connection) -> int:
    """What nobody has to hear any more: somebody took the case, or the person is off the list."""
    taken = and_(
        cases.c.claimed_by.is_not(None), or_(cases.c.claimed_at >= alerts.c.at, _touched_since(alerts.c.at))
    )
    over = or_(cases.c.status == "closed", cases.c.danger != "red", taken)
    settled = exists().where(cases.c.id == alerts.c.case_id, over)
    gone = exists().where(duty.c.id == alerts.c.duty_id, duty.c.active.is_(False))
    statement = update(alerts).where(alerts.c.status == "to-send", alerts.c.case_id.is_not(None), or_(settled, gone))
    return c.execute(statement.values(status="called-off")).rowcount


def claim(c: Connection, worker: str, channel: str, limit: int, now: datetime) -> list[int]:
    """One a person: it tells what else waits for them."""
    statement = (
        update(alerts)
        .where(alerts.c.id.in_(_next(channel, now).limit(limit)))
        .values(status="sending", worker=worker, attempts=alerts.c.attempts + 1, next_try_at=now + _ON_ITS_WAY)
        .returning(alerts.c.id)
    )
    return list(c.execute(statement).scalars())


def waiting_with(c: Connection, ids: Sequence[int]):
    """(first, id, case_id) of what waits for the same person by the same channel as the alert `first` of `ids`."""
    first = alerts.alias()
    same = (alerts.c.duty_id == first.c.duty_id) & (alerts.c.channel == first.c.channel)
    waits = (alerts.c.status == "to-send") & alerts.c.case_id.is_not(None)
    statement = select(first.c.id.label("first"), alerts.c.id, alerts.c.case_id).join(first, same)
    return c.execute(statement.where(first.c.id.in_(ids), first.c.case_id.is_not(None), waits)).all()


def held(c: Connection, ids: Sequence[int]):
    """These alerts with whom they call and, unless the case is restricted, why it was opened."""
    reason = by_value((cases.c.restricted.is_(True), ""), else_=func.coalesce(cases.c.reason, "")).label("reason")
    columns = (
        alerts.c.id, alerts.c.channel, alerts.c.worker, alerts.c.case_id, alerts.c.round, alerts.c.at, duty.c.name,
        duty.c.email, duty.c.number_sealed, duty.c.language, reason, cases.c.claimed_by.is_not(None).label("claimed"),
    )  # fmt: skip
    statement = select(*columns).join(duty).outerjoin(cases, cases.c.id == alerts.c.case_id)
    return c.execute(statement.where(alerts.c.id.in_(ids)).order_by(alerts.c.id)).all()


def attempts(c: Connection, alert_id: int) -> int:
    """How often it was tried."""
    return c.execute(select(alerts.c.attempts).where(alerts.c.id == alert_id)).scalar_one()


def record(c: Connection, alert_id: int, worker: str, **values) -> bool:
    mine = (alerts.c.id == alert_id) & (alerts.c.status == "sending") & (alerts.c.worker == worker)
    return c.execute(update(alerts).where(mine).values(**values, worker=None)).rowcount == 1


def record_together(c: Connection, ids: Sequence[int], **values) -> None:
    """The same became of those that another alert told of."""
    for at in range(0, len(ids), 500):
        told = alerts.c.id.in_(ids[at : at + 500]) & (alerts.c.status == "to-send")
        c.execute(update(alerts).where(told).values(**values))


def holders(c: Connection, channel: str) -> list[str]:
    held = (alerts.c.status == "sending") & (alerts.c.channel == channel)
    return list(c.execute(select(alerts.c.worker).where(held).distinct()).scalars())


def held_by(c: Connection, channel: str, workers: Sequence[str], limit: int) -> list[int]:
    held = (alerts.c.status == "sending") & (alerts.c.channel == channel) & alerts.c.worker.in_(workers)
    return list(c.execute(select(alerts.c.id).where(held).order_by(alerts.c.id).limit(limit)).scalars())


# -- for the desk and the warnings


def waiting(c: Connection, restricted_too: bool):
    """Of cases nobody has: how many are red, how many there are, and the newest red one."""
    red = cases.c.danger == "red"
    statement = select(func.count().filter(red), func.count(), func.max(cases.c.id).filter(red))
    statement = statement.where(cases.c.status == "open", cases.c.claimed_by.is_(None))
    return c.execute(statement if restricted_too else statement.where(cases.c.restricted.is_(False))).one()


def last_failed(c: Connection, channel: str) -> bool:
    """Whether the newest alert that was tried by this channel did not get through."""
    tried = alerts.c.status.in_(("sent", "failed")) | (alerts.c.error != "")
    statement = select(alerts.c.status).where(alerts.c.channel == channel, alerts.c.status != "called-off", tried)
    return c.execute(statement.order_by(alerts.c.id.desc()).limit(1)).scalar() not in (None, "sent")


def reachable(c: Connection):
    """Of the active people on the list: how many there are, with an e-mail address, with a number."""
    number, email = duty.c.number_sealed.is_not(None), duty.c.email != ""
    counted = (func.count().filter(number | email), func.count().filter(email), func.count().filter(number))
    return c.execute(select(*counted).where(duty.c.active.is_(True))).one()
