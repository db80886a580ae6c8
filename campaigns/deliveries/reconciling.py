"""Deliveries whose sender died, or could not tell, between hand-over and answer: what became of them.

The gateway is asked (by the scheduler, outside any transaction); what it says is settled here. What it cannot tell
becomes "unknown" and is not sent again by itself: we would rather miss one than send twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from campaigns import pacing, workers
from campaigns.deliveries import outcomes, own, receipts
from campaigns.deliveries.lines import Line
from campaigns.deliveries.moving import Books, move
from campaigns.deliveries.writing import price, write
from campaigns.model import WAVE_STEPS, DeliveryStatus, Skip, WaveStatus
from campaigns.store import deliveries as store
from campaigns.store import prices as price_store
from campaigns.store import receipts as receipt_store
from campaigns.store import waves as wave_store
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Found, Outgoing, Whereabouts

S = DeliveryStatus


@dataclass(frozen=True, slots=True)
class Orphan:
    """A message nobody is working on. `certain`: its worker is surely gone, so "not there" may lead to another
    attempt.
    """

    id: int
    wave_id: int
    worker: str | None
    attempt: int
    since: datetime
    outgoing: Outgoing
    segments: int
    certain: bool
    vnd: int | None = None


def waves_with_orphans(db: Database) -> list[int]:
    """Waves of which some deliveries are being sent, by whomever."""
    with db.reading() as c:
        return store.waves_being_sent(c)


def orphans(
    db: Database,
    line: Line,
    watch: workers.Watch,
    *,
    now: datetime,
    limit: int = 200,
    unknown_too: bool = False,
    after: int = 0,
) -> list[Orphan]:
    """The next orphans of a wave, by id from `after` on. `unknown_too`: ask once more about those given up on."""
    with db.reading() as c:
        gone, silent = workers.lost(c, watch, store.holders(c), after=line.traits.find_after)
        rows = store.orphans(
            c,
            workers=sorted(gone | silent),
            now=now,
            wave_id=line.wave_id,
            gateway=None if line.among is None else line.gateway,
            unknown_too=unknown_too,
            after=after,
            limit=limit,
        )
    texts = written_again(db, line, rows, now)
    return [_orphan(row, row.worker not in silent, row.sent_at or now, texts[row.id]) for row in rows]


def _orphan(row, certain: bool, since: datetime, again: "Again") -> Orphan:
    vnd = again.vnd if row.vnd is None else row.vnd
    return Orphan(row.id, row.wave_id, row.worker, row.attempts, since, again.outgoing, again.segments, certain, vnd)


class Again(NamedTuple):
    """What a delivery said, or will say, with its segments and price as far as it is known."""

    outgoing: Outgoing
    segments: int
    vnd: int | None


def written_again(db: Database, line: Line, rows: Sequence, now: datetime) -> dict[int, Again]:
    """By delivery, in exactly the words that went out: each with what is said to its reader alone. A message that
    cannot be written again has no number: nobody can look for it.
    """
    said_to = own.values(db, line, rows, now)
    with db.reading() as c:
        known = price_store.on(c, line.gateway, pacing.day_of(now)) if rows else {}
    found = {}
    for row in rows:
        try:
            outgoing, segments = write(db, line.script_of(row), row, said_to.get(row.contact_id))
        except (Mistake, CannotOpen):
            outgoing, segments = Outgoing(str(row.id), "", ""), 0
        found[row.id] = Again(outgoing, segments, price(row.carrier, segments, known))
    return found


def settle(
    db: Database, line: Line, answers: Sequence[tuple[Orphan, Found]], now: datetime
) -> Counter[str]:
    """Writes what the gateway said; how many deliveries went to each status.

    A row that changed since it was found is left alone: its attempt or its worker is another one.
    """
    asked = {orphan.id: (orphan, answer) for orphan, answer in answers}
    books = Books()
    with db.transaction() as c:
        # Locked, so that the wave does not finish between our look at its status and the row we queue again.
        wave = wave_store.get(c, line.wave_id, lock=True)
        moves = [
            (row, after)
            for row in store.locked(c, list(asked))
            if (after := _after(row, *asked[row.id], line, wave.status, now))
        ]
        counts = move(c, moves, books)
        if counts[S.QUEUED] and wave.status in WAVE_STEPS["reopen"]:
            wave_store.change(c, wave.id, status=WaveStatus.SENDING, finished_at=None)
        counts += late_receipts(c, line.gateway, moves, books, now)
    return counts


def _after(row, orphan: Orphan, answer: Found, line: Line, wave_status: str, now: datetime) -> dict[str, object] | None:
    same = row.status in (S.SENDING, S.UNKNOWN) and row.attempts == orphan.attempt and row.worker == orphan.worker
    if not same or (answer.where is not Whereabouts.THERE and not orphan.certain):
        return None
    after = outcomes.found(row, answer, traits=line.traits, segments=orphan.segments, vnd=orphan.vnd, now=now)
    if after and after["status"] == S.QUEUED and wave_status == WaveStatus.CANCELLED:
        return outcomes.skipped(row, Skip.CANCELLED, now)
    return after


def late_receipts(
    c: Connection, gateway: str, moves: Sequence[tuple], books: Books, now: datetime
) -> Counter[str]:
    """Receipts that came for a message while nobody knew its id, and were given up on since. Writes the books."""
    by_ref: Mapping[str, int] = {after["ref"]: after["id"] for _, after in moves if after["status"] == S.ACCEPTED}
    late = receipt_store.of_refs(c, gateway, list(by_ref)) if by_ref else []
    return receipts.apply(c, [(by_ref[each.ref], each) for each in late], books, now).counts
