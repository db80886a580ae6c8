"""Waves are opened when they are due: a delivery for each of their people.

All in one transaction; those of a large wave a part at a time, so that the first are on their way while the last are
still looked up, and nobody waits long behind a part. A part is a range of contacts, and `waves.opening_after` says how
far the parts have come: whoever is killed between two of them leaves nothing half done.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import halts, routing, rules
from campaigns.model import APPROVAL_VOID, COPY_PUT_BACK, GATEWAY_MISSING, DeliveryStatus, Skip, Texts, Wave, WaveStatus
from campaigns.store import audience, audience_counts, experiments, locks, opening, recalled, tally
from campaigns.store import waves as store
from campaigns.store.audience import Part
from campaigns.waves.steps import digest_of, note, put_to_rest, texts_of
from campaigns.waves.waiting import may_begin
from db.engine import Database
from sms.gateway import Gateway

log = logging.getLogger(__name__)

#: People of a part: some 150 ms of SQLite's only writer, and enough for every gateway until the next.
PART = 25_000
#: How long a wave waits for a process that has its gateway's settings.
OTHERS_MAY_OPEN = timedelta(minutes=10)

#: Called in each opening transaction with the wave's id and how many deliveries it queued.
OnOpen = Callable[[Connection, int, int], None]


def open_due(
    db: Database, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None = None
) -> dict[int, int]:
    """Opens every scheduled wave whose time has come: its deliveries and their tally in one transaction each; of a
    large wave the first part, the others are `open_on`'s.

    While it is day for any of its people, unless the wave ignores the night: what is due at night, or a few minutes
    before it, opens in the morning (see waiting_why). A wave whose gateway is gone, or whose approval does not cover
    what it would send, is paused instead. Nothing opens while everything is stopped. Returns wave id → deliveries
    queued. One wave that cannot be opened does not keep the others waiting: its error is raised after them.
    """
    with db.reading() as c:
        due = [] if halts.halted(c) else [wave for wave in store.due(c, now) if _ours(c, wave, gateways, now)]
    return _each(due, lambda wave: _open_one(db, wave, gateways, now, on_open))


def open_on(
    db: Database, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None = None
) -> dict[int, int]:
    """One more part of every wave that is being opened, paused or not, and whose gateway is here: wave id → deliveries
    queued. Empty when all are wholly open, everything is stopped, or others are at it. Errors come as in `open_due`.
    """
    with db.reading() as c:
        found = [] if halts.halted(c) else store.being_opened(c)
        ours = [wave for wave in found if routing.leads(c, wave.gateway, gateways)]

    def further(wave: Wave) -> int | None:
        return _opening(db, wave.id, lambda c: _open_further(c, wave.id, gateways, now, on_open))

    return _each(ours, further)


def _each(waves: Sequence[Wave], open_it: Callable[[Wave], int | None]) -> dict[int, int]:
    """Wave id → what `open_it` queued, None aside; the first error is raised after the last wave."""
    opened, errors = {}, []
    for wave in waves:
        try:
            opened[wave.id] = open_it(wave)
        except Exception as error:
            log.exception("wave %s could not be opened", wave.id)
            errors.append(error)
    if errors:
        raise errors[0]
    return {wave_id: n for wave_id, n in opened.items() if n is not None}


def _open_one(
    db: Database, wave: Wave, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> int | None:
    if _reckonable(db, wave, gateways) and not may_begin(db, wave, gateways, now):
        return None
    return _opening(db, wave.id, lambda c: _open(c, wave.id, gateways, now, on_open), first=True)


def _opening(db: Database, wave_id: int, part: Callable[[Connection], int | None], first: bool = False) -> int | None:
    """A part in a transaction of its own: what it queued, None when it was not opened."""
    with db.transaction() as c:
        queued = part(c)
    if queued is not None:
        _tidy(db, wave_id, first=first)
    return queued


def _tidy(db: Database, wave_id: int, *, first: bool = False) -> None:
    """After the first part and after the last."""
    with db.reading() as c:
        over = store.get(c, wave_id).opening_after is None
        rows = sum(tally.by_wave(c, [wave_id])[wave_id].values())
    if first or over:
        opening.tidy(db, rows)


def _reckonable(db: Database, wave: Wave, gateways: Mapping[str, Gateway]) -> bool:
    """Else it is paused, whatever the hour."""
    with db.reading() as c:
        return routing.reckonable(c, wave.gateway, gateways)


def _ours(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    """Another process may have the settings that this one lacks: it gets a while to open the wave before it is paused
    for want of its gateway. Nor can be known who is to be left out because of a wave that is still being opened.
    """
    if store.any_being_opened(c, wave.audience.get("except", {}).get("waves", ())):
        return False
    waited = now - (wave.starts_at or wave.created_at)
    return routing.leads(c, wave.gateway, gateways) or waited > OTHERS_MAY_OPEN


@dataclass(frozen=True)
class _Opening:
    """What a part needs to know of its wave; `covered`: how many people the approval covers at most."""

    wave: Wave
    texts: Texts
    leaves_machine: bool
    covered: float
    now: datetime

    def counted(self, c: Connection) -> int:
        """How many people would get it; of a large audience without reading it."""
        counts = audience_counts.count(
            c, self.wave.audience, form=self.wave.form, texts=self.texts, leaves_machine=self.leaves_machine,
            now=self.now,
        )  # fmt: skip
        return counts.going.total()

    def insert(self, c: Connection, part: Part) -> int | None:
        """Deliveries queued; None, and no row, when the wave would then be for more people than approved."""
        trial = c.begin_nested()
        counts = opening.insert_deliveries(
            c, self.wave, self.texts, leaves_machine=self.leaves_machine, now=self.now,
            arms=experiments.arms(c, self.wave.id), part=part,
        )  # fmt: skip
        if _reached(c, self.wave.id) > self.covered:
            trial.rollback()
            return None
        trial.commit()
        return counts[DeliveryStatus.QUEUED]


def _open(
    c: Connection, wave_id: int, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> int | None:
    """Deliveries queued; None when it was not opened."""
    locks.open_alone(c)
    wave = store.get(c, wave_id, lock=True)
    if wave is None or wave.status != WaveStatus.SCHEDULED:
        return None
    texts = texts_of(c, wave)
    if obstacle := _obstacle(c, wave, gateways, digest_of(c, wave, texts)):
        put_to_rest(c, wave_id, obstacle, "system", now)
        return None
    found = _Opening(wave, texts, routing.required(c, wave.gateway, gateways).leaves_machine, _covered(c, wave_id), now)
    end = _end(c, wave, 0)
    # Of a part alone it could not be told that the whole would be too many.
    too_many = end is not None and found.covered < math.inf and found.counted(c) > found.covered
    queued = None if too_many else found.insert(c, Part(0, end))
    if queued is None:
        put_to_rest(c, wave_id, APPROVAL_VOID, "system", now)
        return None
    store.change(c, wave_id, **_begins(c, wave_id), opened_at=now, opening_after=end)
    _opened(c, wave_id, queued, end, on_open, now)
    return queued


def _open_further(
    c: Connection, wave_id: int, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> int | None:
    """None when there is nothing to do, or another process does it just now."""
    wave = store.being_opened_alone(c, wave_id)
    if wave is None:
        return None
    copied = not _is_settled(c, wave_id)
    leaves_machine = routing.required(c, wave.gateway, gateways).leaves_machine
    found = _Opening(wave, texts_of(c, wave), leaves_machine, _covered(c, wave_id), now)
    end = _end(c, wave, wave.opening_after)
    queued = found.insert(c, Part(wave.opening_after, end))
    if queued is None:  # more came onto its lists meanwhile than were approved: those who are in are as many as may be
        end, queued = None, 0
        put_to_rest(c, wave_id, APPROVAL_VOID, "system", now)
    # What the copy did not have was not opened in it: its people have other keys now than when it went out.
    anew = {"opened_at": now} if copied else {}
    store.change(c, wave_id, opening_after=end, **anew)
    _opened(c, wave_id, queued, end, on_open, now)
    return queued


def _opened(c: Connection, wave_id: int, queued: int, end: int | None, on_open: OnOpen | None, now: datetime) -> None:
    if on_open:
        on_open(c, wave_id, queued)
    if end is None:
        note(c, wave_id, "open", "system", now, **tally.by_wave(c, [wave_id])[wave_id])


def _end(c: Connection, wave: Wave, after: int) -> int | None:
    """Where the next part ends; None when it is the last. In one go are opened waves that compare wordings, so that a
    wording that was given up reaches nobody later, and those of a copy that was put back: everybody is asked about.
    """
    if experiments.arms(c, wave.id) > 1 or not _is_settled(c, wave.id):
        return None
    return audience.end_of_part(c, wave.audience, after, PART)


def _is_settled(c: Connection, wave_id: int) -> bool:
    """Whether it did not stand in a copy of the database, or who has it already has been found out."""
    found = recalled.get(c, wave_id)
    return found is None or found.status == recalled.DONE


def _begins(c: Connection, wave_id: int) -> dict[str, str]:
    """It is sent, unless it stood in a copy of the database: then the gateway is asked first who has it already."""
    if _is_settled(c, wave_id):
        return {"status": WaveStatus.SENDING}
    return {"status": WaveStatus.PAUSED, "pause_reason": COPY_PUT_BACK}


def _covered(c: Connection, wave_id: int) -> float:
    """How many people the approval covers: who was dead, excluded or on no list then must not come back unseen."""
    decisions = store.decisions(c, wave_id)
    most = decisions[0]["most"] if decisions else None
    return math.inf if most is None else most


def _reached(c: Connection, wave_id: int) -> int:
    """How many have got it so far, or will; and those whom chance alone holds back."""
    counts = tally.by_status(c, wave_id)
    return sum(n for (status, why), n in counts.items() if status != DeliveryStatus.SKIPPED or why == Skip.CONTROL)


def _obstacle(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], digest: str) -> str | None:
    if not routing.leads(c, wave.gateway, gateways):
        return GATEWAY_MISSING
    decisions = store.decisions(c, wave.id)
    return None if rules.still_approved(decisions[0] if decisions else None, digest) else APPROVAL_VOID
