"""Asking the gateway about everybody a copy has as waiting: a part at a time, each answer on the disk at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import routing
from campaigns.deliveries import Line, Orphan, line, outcomes, reconciling
from campaigns.deliveries.moving import Books, move
from campaigns.model import COPY_PUT_BACK, DeliveryStatus, WaveStatus
from campaigns.store import deliveries as delivery_store
from campaigns.store import recalled as store
from campaigns.store import waves as wave_store
from campaigns.waves.steps import note
from db.engine import Database
from sms.gateway import Found, Gateway, Whereabouts

S = DeliveryStatus


def to_ask(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> list[int]:
    """Opened waves whose people are to be asked about, as soon as "not there" of their gateway may be believed."""
    with db.reading() as c:
        return [row.wave_id for row in store.standing(c) if _may_ask(c, row, gateways, now)]


def _may_ask(c: Connection, row, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    in_it = row.opened_at is not None and row.opening_after is None  # all who are to be asked about
    if row.status != store.ASKING or not in_it or row.wave_status != WaveStatus.PAUSED:
        return False
    there = [name for name in routing.names(c, row.gateway) if name in gateways]
    longest = max((gateways[name].traits.find_after for name in there), default=0.0)
    return now - row.at >= timedelta(seconds=longest)


def questions(db: Database, line: Line, now: datetime, limit: int = 200) -> list[Orphan]:
    """The next people of the wave to be asked about; none when all are."""
    with db.reading() as c:
        found = store.get(c, line.wave_id)
        rows = store.unasked(c, line.wave_id, found.asked_to, limit)
        since = found.copied_at or wave_store.get(c, line.wave_id).created_at
    texts = reconciling.written_again(db, line, rows, now)
    return [
        Orphan(row.id, row.wave_id, None, row.attempts, since, texts[row.id].outgoing, texts[row.id].segments, True,
               texts[row.id].vnd)
        for row in rows
    ]  # fmt: skip


def settle(
    db: Database, line: Line, asked: Sequence[Orphan], heard: Mapping[int, Found], now: datetime, *, to: int | None
) -> Counter[str]:
    """Writes what was said (delivery → answer) of those `asked`, by the gateway of `line` where it has the message.
    With that everybody up to the delivery `to` is asked about; None leaves that as it was.
    """
    orphans = {orphan.id: orphan for orphan in asked if orphan.id in heard}
    books = Books()
    with db.transaction() as c:
        wave = wave_store.get(c, line.wave_id, lock=True)
        moves = [
            (row, after)
            for row in delivery_store.locked(c, list(orphans))
            if (after := _after(row, orphans[row.id], heard[row.id], line, now))
        ]
        counts = move(c, moves, books)
        there = [row.id for row, after in moves if after["status"] == S.ACCEPTED]
        if line.among is not None and there:
            store.went_through(c, there, line.gateway)
        store.asked(c, wave.id, to=to, there=counts[S.ACCEPTED], doubtful=counts[S.UNKNOWN])
        return counts + reconciling.late_receipts(c, line.gateway, moves, books, now)


def _after(row, orphan: Orphan, answer: Found, line: Line, now: datetime) -> dict | None:
    """A row that waits on is left alone: no gateway ever got it. That one refuses repeats is no help: it knows them by
    when they were handed over first, which is forgotten.
    """
    if row.status != S.QUEUED or row.attempts != orphan.attempt:
        return None
    if answer.where is Whereabouts.THERE:
        after = outcomes.accepted(row, answer.ref or row.ref, orphan.segments, orphan.vnd)
        return {**after, "sent_at": now}  # some time since the copy was made
    # A link of the reader's own, given out since the copy was made, is lost: what would be looked for is another text.
    if answer.where is Whereabouts.NOT_THERE and line.follows is None:
        return None
    return outcomes.changed(row, status=str(S.UNKNOWN), reason=COPY_PUT_BACK, next_try_at=None, done_at=now)


def conclude(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> str:
    """Everybody was asked about, or nobody can be: the wave goes on, or waits for a person ("doubtful")."""
    with db.transaction() as c:
        wave, found = wave_store.get(c, wave_id, lock=True), store.get(c, wave_id)
        able = can_find(c, wave.gateway, gateways, opened=wave.opened_at <= found.at)
        doubtful = found.doubtful + (0 if able else store.queued(c, wave.id))
        if doubtful:
            store.change(c, wave_id, status=store.DOUBTFUL, doubtful=doubtful)
            return store.DOUBTFUL
        release(c, wave_id, "system", now, there=found.there)
        return store.DONE


def can_find(c: Connection, gateway: str, gateways: Mapping[str, Gateway], *, opened: bool) -> bool:
    """Whether it can be found out who has a message of such a wave: of every gateway it may have gone through. What had
    not been `opened` in the copy has other keys now than when it went out.
    """
    there = [gateways[name].traits if name in gateways else None for name in routing.names(c, gateway)]
    return bool(there) and all(each and each.find and (opened or not each.find_by_key) for each in there)


def lines(db: Database, wave_id: int, gateways: Mapping[str, Gateway]) -> list[Line]:
    """One for each gateway to be asked; none when not all of them can be."""
    with db.reading() as c:
        wave, found = wave_store.get(c, wave_id), store.get(c, wave_id)
        able = can_find(c, wave.gateway, gateways, opened=wave.opened_at <= found.at)
        names = routing.names(c, wave.gateway) if able else []
    return [line(db, wave_id, gateways, name) for name in names]


def release(c: Connection, wave_id: int, by: int | str | None, now: datetime, **detail: object) -> None:
    """The wave, whose row is locked, is like any other again, and goes on."""
    store.change(c, wave_id, status=store.DONE)
    if wave_store.get(c, wave_id).status == WaveStatus.PAUSED:
        wave_store.change(c, wave_id, status=WaveStatus.SENDING, pause_reason=None)
        note(c, wave_id, "resume", by, now, reason=COPY_PUT_BACK, **detail)
