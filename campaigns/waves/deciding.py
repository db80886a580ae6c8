"""Two people stand behind a wave: the author submits it, another officer approves exactly those bytes or returns it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from campaigns import authoring, one_way, pacing, prices, routing, rules, spending
from campaigns.model import Wave, WaveStatus
from campaigns.store import authoring as message_store
from campaigns.store import experiments, opening
from campaigns.store import prices as price_store
from campaigns.store import waves as store
from campaigns.waves import keeping, steps
from campaigns.waves.changes import kept
from campaigns.waves.steps import digest_of, wave_for
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway
from staff import audit


def submit(
    db: Database, wave_id: int, *, by: int | None, now: datetime, hosts: Collection[str] = (),
    gateways: Mapping[str, Gateway] | None = None,
) -> str:  # fmt: skip
    """Asks for approval; the digest that an approver will have to show. `hosts` (PUBLIC_URL) may be linked to; with
    `gateways` what one cannot hear is promised to nobody.

    Raises Mistake: wave-unknown, wave-cannot-submit, message-blocked, and what one_way.check raises.
    """
    _check_message(db, wave_id, hosts, gateways, now)
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "submit")
        _to(c, wave, WaveStatus.SUBMITTED, "submit", by, now)
        return digest_of(c, wave)


def approve(
    db: Database, wave_id: int, *, by: int, digest: str, note: str = "", now: datetime, hosts: Collection[str] = (),
    gateways: Mapping[str, Gateway] | None = None,
) -> None:  # fmt: skip
    """Officer `by`, who neither wrote, planned, changed nor submitted it, stands behind exactly what `digest` covers
    (as the preview showed it). `hosts` and `gateways`: as in `submit`.

    Raises Mistake: wave-unknown, wave-cannot-approve, approval-own, approval-stale, and as `submit`.
    """
    _check_message(db, wave_id, hosts, gateways, now)
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "approve")
        current = digest_of(c, wave)
        made = rules.makers(audit.steps(c, f"wave:{wave_id}"))
        rules.check_approval(wave.author_id, by, digest, current, writers=_writers(c, wave), made=made)
        shown = {"note": note, "plan": kept(wave), "most": keeping.covers(c, wave)}
        store.decide(c, wave_id=wave_id, digest=current, decision="approved", by=by, at=now, **shown)
        _to(c, wave, WaveStatus.APPROVED, "approve", by, now, digest=current)


def return_to_author(db: Database, wave_id: int, *, by: int, note: str, now: datetime) -> None:
    """Back to draft, with a note for the author. Raises Mistake: wave-unknown, wave-cannot-return."""
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "return")
        current = digest_of(c, wave)
        store.decide(c, wave_id=wave_id, digest=current, decision="returned", by=by, note=note, at=now, plan=kept(wave))
        _to(c, wave, WaveStatus.DRAFT, "return", by, now)


def schedule(db: Database, wave_id: int, *, by: int | None, now: datetime) -> None:
    """Lets an approved wave go at its time (at once when it has none). Raises Mistake: wave-unknown,
    wave-cannot-schedule, routes-missing, price-missing.
    """
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "schedule")
        _check_prices(c, wave, now)
        _to(c, wave, WaveStatus.SCHEDULED, "schedule", by, now)


def approve_by_machine(db: Database, wave_id: int, *, now: datetime) -> None:
    """The operator of this machine answers for a wave made at its command line: approved and scheduled in one go.

    Raises Mistake: wave-unknown, wave-cannot-submit (it is not a draft), approval-machine (an officer wrote it:
    officers approve each other's waves), routes-missing, price-missing.
    """
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "submit")
        rules.check_machine(wave.author_id)
        _check_prices(c, wave, now)
        current = digest_of(c, wave)
        store.decide(c, wave_id=wave_id, digest=current, decision="approved", by=None, note="", at=now, plan=kept(wave))
        _to(c, wave, WaveStatus.SCHEDULED, "approve", None, now, digest=current)


def _versions(c: Connection, wave: Wave) -> list[int]:
    """Of every wording, the wave's own first."""
    return [wave.version_id, *(version for version, _ in experiments.others(c, wave.id))]


def _writers(c: Connection, wave: Wave) -> set[int | None]:
    """Who wrote the words, those of every arm; None for the operator of the machine."""
    return {message_store.version(c, version)["written_by"] for version in _versions(c, wave)}


def unheard(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> Mistake | None:
    """What one_way.check has against the wave, for those who are to know before it is submitted."""
    try:
        with db.reading() as c:
            _check_heard(c, wave_for(c, wave_id), gateways, now)
    except Mistake as mistake:
        return mistake
    return None


def _check_heard(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> None:
    said = [(wave.version_id, wave.form), *experiments.others(c, wave.id)]
    one_way.check(c, wave, said, wave.link_base, gateways, now)


def _check_message(
    db: Database, wave_id: int, hosts: Collection[str], gateways: Mapping[str, Gateway] | None, now: datetime
) -> None:
    """Raises Mistake: message-blocked, when the text says what no text of ours may say; what one_way.check raises."""
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        versions = _versions(c, wave)
        _check_heard(c, wave, gateways or {}, now)
    own = [*hosts, *([wave.link_base] if wave.link_base else ())]
    for version in versions:
        if faults := authoring.blocking(db, version, hosts=own):
            raise Mistake("message-blocked", n=len(faults), title=authoring.version(db, version).title)


def _check_prices(c: Connection, wave: Wave, now: datetime) -> None:
    """Money can be limited only where every message has a price, whichever way it goes. Raises Mistake: price-missing,
    routes-missing.
    """
    routing.check_leads(c, wave.gateway)
    if spending.room(c, wave, now).vnd is None:
        return
    day = pacing.day_of(max(now, wave.starts_at or now))
    for gateway in routing.names(c, wave.gateway):
        known = price_store.on(c, gateway, day)
        if prices.ANY not in known and not opening.carriers(c, wave, now) <= known.keys():
            raise Mistake("price-missing", gateway=gateway)


def _to(
    c: Connection, wave: Wave, status: str, step: str, by: int | None, now: datetime, **detail: object
) -> None:
    store.change(c, wave.id, status=str(status))
    steps.note(c, wave.id, step, by, now, **detail)
