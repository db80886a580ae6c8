"""A rehearsal as an officer asks for it: read, played, judged and kept.

Nothing is sent, and nothing but the rehearsal itself is written: no delivery, no count, no allowance, no spending.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import prices, programme, routing
from campaigns.model import DeliveryStatus, Texts, Wave, WaveStatus, actor
from campaigns.rehearsal import scene as scenes
from campaigns.rehearsal.clock import Played, Scene, play
from campaigns.rehearsal.result import Rehearsal, from_json, to_json
from campaigns.rehearsal.verdict import Around, judged
from campaigns.store import rehearsals as store
from campaigns.waves.steps import texts_of, wave_for
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway, Traits
from staff import audit

S = DeliveryStatus
#: Whose past tells how a gateway fares, and how many messages it takes to believe it.
LOOK_BACK, ENOUGH = timedelta(days=30), 500
#: How the simulator's ordinary numbers fare (sms/gateways/simulator_script.py), for a gateway without a past.
USUAL_FAILURES: Mapping[str, float] = {"unreachable-now": 0.020, "unreachable-for-good": 0.010}
#: A rehearsal is of a wave that has not begun.
BEFORE = (WaveStatus.DRAFT, WaveStatus.SUBMITTED, WaveStatus.APPROVED, WaveStatus.SCHEDULED)
#: Longer than a provider is out of reach before somebody looks for another.
LONGEST_OUTAGE = timedelta(days=7)
#: Of a wave's rehearsals a page lists the newest.
LATEST = 20


@dataclass(frozen=True)
class Kept:
    """A stored rehearsal of wave `wave_id`; `by` None = the operator of the machine. `result` is None in a list."""

    id: int
    wave_id: int
    at: datetime
    by: int | None
    result: Rehearsal | None = None


def rehearse(
    db: Database,
    wave_id: int,
    gateways: Mapping[str, Gateway],
    *,
    now: datetime,
    by: int | None,
    outage: tuple[datetime, datetime] | None = None,
    failures: Mapping[str, float] | None = None,
) -> Kept:
    """Plays the wave on a simulated clock and keeps the result. A million people take seconds.

    `outage`: from when to when the gateway is thought to be down. `failures`: reason → share of the messages; None =
    how this gateway fared in the last 30 days, or else how the simulator's numbers do.
    Raises Mistake: wave-unknown, gateway-unknown, routes-missing, rehearsal-late (it has begun), outage-wrong.
    """
    if outage and not timedelta(0) < outage[1] - outage[0] <= LONGEST_OUTAGE:
        raise Mistake("outage-wrong", most=LONGEST_OUTAGE.days)
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        _check(wave)
        traits = routing.required(c, wave.gateway, gateways)
        scene = scenes.read(db, c, wave, texts_of(c, wave), traits, now=now, outage=outage)
        around = _around(c, wave, now, failures)
    played = play(scene.crowds, scene.conditions)
    around = _with_neighbours(db, around, scene, played, now)
    result = judged(scene, played, _undisturbed(scene), around, now)
    return _kept(db, result, by, now)


def expected_end(db: Database, c: Connection, wave: Wave, texts: Texts, traits: Traits, now: datetime) -> Played:
    """How a wave that need not be stored yet would go; nothing is kept."""
    scene = scenes.read(db, c, wave, texts, traits, now=now)
    return play(scene.crowds, scene.conditions)


def show(db: Database, rehearsal_id: int) -> Kept:
    """Raises Mistake: rehearsal-unknown."""
    with db.reading() as c:
        row = store.get(c, rehearsal_id)
    if row is None:
        raise Mistake("rehearsal-unknown", id=rehearsal_id)
    return Kept(row["id"], row["wave_id"], row["at"], row["by"], from_json(json.loads(row["result"])))


def of_wave(db: Database, wave_id: int) -> list[Kept]:
    """The newest rehearsals of a wave, newest first, without their results."""
    with db.reading() as c:
        return [Kept(**row) for row in store.of_wave(c, wave_id, LATEST)]


def as_json(kept: Kept) -> dict[str, object]:
    """A rehearsal with its number, as the command line prints it and the page offers it."""
    return {"rehearsal": kept.id, **to_json(kept.result)}


def _check(wave: Wave) -> None:
    if wave.status not in BEFORE:
        raise Mistake("rehearsal-late")


def _around(c: Connection, wave: Wave, now: datetime, failures: Mapping[str, float] | None) -> Around:
    shares, came_from = (failures, "given") if failures is not None else _shares(c, wave.gateway, now)
    campaign = None if wave.campaign_id is None else programme.found(c, wave.campaign_id)
    return Around(store.area_names(c), shares, came_from, campaign_ends=campaign and campaign.ends_on)


def _shares(c: Connection, gateway: str, now: datetime) -> tuple[Mapping[str, float], str]:
    """Reason → share of what was handed over lately; the usual ones when that was too little to tell."""
    fared = store.fared(c, gateway, now - LOOK_BACK)
    total = sum(fared.values())
    if total < ENOUGH:
        return USUAL_FAILURES, "simulator"
    lost: dict[str, float] = {}
    for (status, reason), n in fared.items():
        if status in (S.UNDELIVERED, S.FAILED, S.UNKNOWN):
            code = reason or status
            lost[code] = lost.get(code, 0.0) + n / total
    return lost, "history"


def _with_neighbours(db: Database, around: Around, scene: Scene, played: Played, now: datetime) -> Around:
    begins, ends = scene.conditions.starts, played.ends or scene.conditions.starts
    with db.reading() as c:
        others = store.neighbours(c, scene.wave, ends, routing.names(c, scene.wave.gateway))
    return replace(around, gbp=prices.rate_on(db, begins), neighbours=len(others))


def _undisturbed(scene: Scene) -> Played | None:
    if scene.conditions.outage is None:
        return None
    return play(scene.crowds, replace(scene.conditions, outage=None))


def _kept(db: Database, result: Rehearsal, by: int | None, now: datetime) -> Kept:
    words = json.dumps(to_json(result), ensure_ascii=False)
    with db.transaction() as c:
        rehearsal_id = store.keep(c, wave_id=result.wave, at=now, by=by, result=words)
        detail: Mapping[str, object] = {"rehearsal": rehearsal_id}
        audit.record(
            c, at=now, actor=actor(by), action="waves.rehearse", object=f"wave:{result.wave}", detail=detail
        )
    return Kept(rehearsal_id, result.wave, now, by, result)


