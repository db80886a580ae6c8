"""Waves laid out over areas or lists: one for each, in their order, each beginning when the one before has ended.

They are drafts like any other: each is looked at and approved by itself. The order is the order of their beginnings,
so moving one moves the beginnings of all drafts after it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import areas, pacing, programme, routing, waves
from campaigns import audience as audiences
from campaigns.hours import Hours
from campaigns.model import Form, Texts, Wave, WaveStatus
from campaigns.rehearsal.playing import expected_end
from campaigns.store import audience as audience_store
from campaigns.store import programme as store
from campaigns.store import waves as wave_store
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway

#: More waves than this at once is a slip: Nghệ An has 130 communes and wards.
MOST_PARTS = 200
#: A wave begins on a quarter of an hour.
STEP = timedelta(minutes=15)
#: In which order the parts come.
ORDERS = ("given", "most", "fewest")


@dataclass(frozen=True)
class Part:
    """One wave to be: the name it gets behind the campaign's, and its audience."""

    name: str
    audience: Mapping[str, object]


@dataclass(frozen=True)
class Plan:
    """What all waves of a layout have in common."""

    version_id: int
    gateway: str
    form: str = Form.VI
    rate: float | None = None
    daily_quota: int | None = None
    on_holidays: bool = False
    #: Our own address, for what the wave writes into its texts.
    link_base: str | None = None


def parts_of_areas(db: Database, codes: Sequence[str], lists: Sequence[int] = ()) -> list[Part]:
    """A part for each area (former district, or today's commune or ward), of everybody there or only of `lists`.

    Raises Mistake: area-unknown and the others of campaigns.audience.checked.
    """
    with db.reading() as c:
        names = areas.names(c)
    base = {"lists": list(lists)} if lists else {}
    checked = [(code, audiences.checked(db, {**base, "areas": [code]})) for code in dict.fromkeys(codes)]
    return [Part(names[code], audience) for code, audience in checked]


def parts_of_lists(db: Database, list_ids: Sequence[int]) -> list[Part]:
    """A part for each list. Raises Mistake: audience-list-gone."""
    checked = [audiences.checked(db, {"lists": [list_id]}) for list_id in dict.fromkeys(list_ids)]
    with db.reading() as c:
        return [Part(*audience_store.list_names(c, audience["lists"]), audience) for audience in checked]


def lay_out(
    db: Database,
    campaign_id: int,
    gateways: Mapping[str, Gateway],
    *,
    parts: Sequence[Part],
    plan: Plan,
    first: datetime,
    order: str = "given",
    by: int | None,
    now: datetime,
) -> list[int]:
    """Drafts a wave for each part that has somebody to write to, from `first` on; their ids in order.

    Each begins on the quarter hour after the one before is expected to end; with a daily quota on the next day, so that
    no day brings more than the quota. Raises Mistake: campaign-unknown, campaign-closed, layout-empty (no part, or
    nobody in any), layout-large, layout-endless (a part would take years), gateway-unknown, and what waves.plan raises.
    """
    _check(parts)
    with db.reading() as c:
        routing.required(c, plan.gateway, gateways)
        campaign = programme.taking(c, campaign_id)
        position = store.next_position(c, campaign_id)
        texts = _texts(c, plan.version_id)
    begins, timed = _first(first, plan.on_holidays), []
    for part in _ordered(db, parts, plan, gateways, order, now):
        timed.append((part, begins))
        begins = _after(db, _imagined(campaign_id, part, plan, begins, now), texts, gateways, now)
    if not timed:
        raise Mistake("layout-empty", most=MOST_PARTS)
    made = [
        waves.plan(
            db, name=f"{campaign.name[:80]} · {part.name}"[:120], audience=part.audience, **vars(plan),
            starts_at=starts_at, campaign_id=campaign_id, position=position + n, by=by, now=now,
        )
        for n, (part, starts_at) in enumerate(timed)
    ]  # fmt: skip
    for wave_id in made:
        waves.preview(db, wave_id, gateways, now)  # kept: their pages and the calendar need not count
    return made


def _check(parts: Sequence[Part]) -> None:
    if not 0 < len(parts) <= MOST_PARTS:
        raise Mistake("layout-large" if parts else "layout-empty", most=MOST_PARTS)


def _imagined(campaign_id: int, part: Part, plan: Plan, starts_at: datetime, now: datetime) -> Wave:
    """The wave of a part as it would stand."""
    return Wave(
        id=0, name=part.name, campaign_id=campaign_id, audience=part.audience, **vars(plan), starts_at=starts_at,
        ignore_quiet_hours=False, status=WaveStatus.DRAFT, pause_reason=None, author_id=None, created_at=now,
        opened_at=None, finished_at=None,
    )  # fmt: skip


def submit_all(
    db: Database, campaign_id: int, *, by: int | None, now: datetime, hosts: Collection[str] = (),
    gateways: Mapping[str, Gateway] | None = None,
) -> int:  # fmt: skip
    """Sends every draft of the campaign for approval; how many. Each is still approved by itself. `hosts` and
    `gateways` as there.

    Raises Mistake: campaign-unknown, layout-no-drafts, and what waves.submit raises.
    """
    drafts = [wave for wave in _waves(db, campaign_id) if wave.status == WaveStatus.DRAFT]
    if not drafts:
        raise Mistake("layout-no-drafts")
    for wave in drafts:
        waves.submit(db, wave.id, by=by, now=now, hosts=hosts, gateways=gateways)
    return len(drafts)


def move(
    db: Database,
    campaign_id: int,
    wave_id: int,
    gateways: Mapping[str, Gateway],
    *,
    up: bool,
    by: int | None,
    now: datetime,
) -> None:
    """A draft changes places with the draft before (or after) it, and both begin accordingly.

    At the end of the order nothing happens. Raises Mistake: campaign-unknown, wave-unknown, layout-fixed (one of the
    two is no draft any more: return it to its author first).
    """
    there = _waves(db, campaign_id)
    place = next((n for n, wave in enumerate(there) if wave.id == wave_id), None)
    if place is None:
        raise Mistake("wave-unknown", id=wave_id)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(there):
        return
    if any(there[n].status != WaveStatus.DRAFT for n in (place, other)):
        raise Mistake("layout-fixed", name=there[other].name)
    starts = [wave.starts_at for wave in there if wave.status == WaveStatus.DRAFT and wave.starts_at]
    there[place], there[other] = there[other], there[place]
    with db.transaction() as c:
        programme.taking(c, campaign_id, lock=True)
        store.place(c, [wave.id for wave in there])
    if there[place].starts_at and there[other].starts_at:
        _retime(db, [wave for wave in there if wave.status == WaveStatus.DRAFT], min(starts), gateways, by, now)


def _retime(
    db: Database,
    drafts: Sequence[Wave],
    begins: datetime,
    gateways: Mapping[str, Gateway],
    by: int | None,
    now: datetime,
) -> None:
    """The drafts that have a time begin one after the other, in this order."""
    for wave in drafts:
        if wave.starts_at is None:
            continue
        if wave.starts_at != begins:
            waves.change(db, wave.id, by=by, now=now, starts_at=begins)
        with db.reading() as c:
            texts = _texts(c, wave.version_id)
        begins = _after(db, replace(wave, starts_at=begins), texts, gateways, now)


def _texts(c: Connection, version_id: int) -> Texts:
    texts = wave_store.texts(c, version_id)
    if texts is None:
        raise Mistake("version-unknown", id=version_id)
    return texts


def _waves(db: Database, campaign_id: int) -> list[Wave]:
    with db.reading() as c:
        programme.found(c, campaign_id)
        return wave_store.several(c, store.wave_ids(c, campaign_id))


def _ordered(
    db: Database, parts: Sequence[Part], plan: Plan, gateways: Mapping[str, Gateway], order: str, now: datetime
) -> list[Part]:
    """Those with somebody to write to."""
    leaves = routing.traits_of(db, plan.gateway, gateways).leaves_machine
    counts = [audiences.count(db, part.audience, form=plan.form, leaves_machine=leaves, now=now) for part in parts]
    there = [(found.recipients, part) for found, part in zip(counts, parts, strict=True) if found.recipients]
    if order != "given":
        there.sort(key=lambda each: each[0], reverse=order == "most")
    return [part for _, part in there]


def _first(moment: datetime, on_holidays: bool) -> datetime:
    return Hours(on_holidays=on_holidays).next_start(moment)


def _after(db: Database, wave: Wave, texts: Texts, gateways: Mapping[str, Gateway], now: datetime) -> datetime:
    """When the wave after this one may begin."""
    with db.reading() as c:
        played = expected_end(db, c, wave, texts, routing.required(c, wave.gateway, gateways), now)
    if played.stopped == "unending":
        raise Mistake("layout-endless", name=wave.name)
    ends = played.ends or wave.starts_at
    midnight = pacing.next_day(ends)
    return _first(midnight if wave.daily_quota else ends + (midnight - ends) % STEP, wave.on_holidays)
