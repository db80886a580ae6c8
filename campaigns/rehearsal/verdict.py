"""What came of a rehearsal: times in Vietnam, failures to expect, and what to know before approving. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns import hours
from campaigns.pacing import FIRST_WAIT, GROWTH, MOST_ATTEMPTS, ZONE
from campaigns.rehearsal.clock import AreaTimes, Day, Played, Rest, Scene
from campaigns.rehearsal.result import AreaReached, DayPlayed, Rehearsal, Span, Waited, Warning

#: How long one message is tried while the gateway answers with errors, in seconds: all its waits together. One that
#: does not answer at all is waited for longer.
TRIED_FOR = sum(FIRST_WAIT * GROWTH**n for n in range(MOST_ATTEMPTS - 1))


@dataclass(frozen=True)
class Around:
    """What stands around the wave: names of communes, how its gateway fares (reason → share), what a pound is worth,
    how many other waves share the gateway meanwhile, and the last day of its campaign.
    """

    names: Mapping[str, str]
    shares: Mapping[str, float]
    shares_from: str
    gbp: int | None = None
    neighbours: int = 0
    campaign_ends: date | None = None


def judged(scene: Scene, played: Played, undisturbed: Played | None, around: Around, now: datetime) -> Rehearsal:
    """`undisturbed` is how it goes without the outage, when there is one."""
    begins = played.spans[0][0] if played.spans else None
    nights, free = _closed(scene, begins, played.ends)
    priced = None if played.unpriced else played.vnd
    found = Rehearsal(
        wave=scene.wave.id,
        at=_local(now),
        rate=scene.conditions.rate,
        recipients=scene.recipients,
        skipped=scene.skipped,
        messages=played.messages,
        left=played.left,
        stopped=played.stopped,
        begins=_local(begins),
        ends=_local(played.ends),
        segments=round(scene.segments),
        cost_vnd=priced,
        cost_gbp=None if priced is None or not around.gbp else round(priced / around.gbp, 2),
        nights=nights,
        holidays=free,
        failures=_failures(scene, played, around),
        failures_from=around.shares_from,
        outage=scene.conditions.outage and tuple(map(_local, scene.conditions.outage)),
        later_by=_later_by(played, undisturbed),
        areas=[_area(area, around) for area in played.areas],
        days=[_day(day, priced is not None) for day in played.days],
        spans=[Span(_local(begins), _local(ends), n) for begins, ends, n in played.spans],
        waits=[_waited(rest, scene) for rest in played.rests],
    )
    return Rehearsal(**{**vars(found), "warnings": list(_warnings(found, scene, played, around))})


def _local(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(ZONE)


def _area(area: AreaTimes, around: Around) -> AreaReached:
    name = around.names.get(area.code, "")
    return AreaReached(area.code or "", name, area.people, _local(area.first), _local(area.last))


def _day(day: Day, priced: bool) -> DayPlayed:
    return DayPlayed(day.day, day.messages, round(day.vnd) if priced else None, _local(day.first), _local(day.last))


def _waited(rest: Rest, scene: Scene) -> Waited:
    why = rest.why
    if why == "hours":
        why = "holiday" if _closed(scene, rest.begins, rest.ends)[1] else "night"
    return Waited(why, _local(rest.begins), _local(rest.ends), rest.waiting)


def _closed(scene: Scene, begins: datetime | None, ends: datetime | None) -> tuple[int, list[tuple[str, str]]]:
    """Nights and holidays between two moments."""
    if begins is None or ends is None:
        return 0, []
    return hours.slept_through(begins, ends, scene.zones, scene.conditions.hours)


def _failures(scene: Scene, played: Played, around: Around) -> dict[str, int]:
    expected = {reason: round(played.messages * share) for reason, share in around.shares.items()}
    if scene.unwritable:
        expected["template-value-missing"] = scene.unwritable
    return {reason: n for reason, n in sorted(expected.items(), key=lambda each: -each[1]) if n}


def _later_by(played: Played, undisturbed: Played | None) -> int | None:
    if undisturbed is None or not (played.ends and undisturbed.ends):
        return None
    return round((played.ends - undisturbed.ends).total_seconds())


def _warnings(found: Rehearsal, scene: Scene, played: Played, around: Around) -> Iterator[Warning]:
    if not found.recipients:
        yield Warning("nobody", {"skipped": sum(found.skipped.values())})
        return
    yield from _about_time(found, scene)
    yield from _about_money(found, scene, played)
    yield from _about_the_gateway(found, scene, around)
    if 2 * sum(found.skipped.values()) > found.recipients + sum(found.skipped.values()):
        yield Warning("most-skipped", {"skipped": sum(found.skipped.values())})
    if found.stopped == "unending":
        yield Warning("unending", {"left": found.left})
    if around.campaign_ends and found.ends and found.ends.date() > around.campaign_ends:
        yield Warning("after-campaign", {"day": around.campaign_ends.isoformat()})


def _about_time(found: Rehearsal, scene: Scene) -> Iterator[Warning]:
    if scene.conditions.starts - scene.wanted > timedelta(minutes=1):
        yield Warning("starts-later", {"wanted": _iso(scene.wanted), "at": _iso(scene.conditions.starts)})
    if found.holidays:
        yield Warning("holidays", {"n": len({day for day, _ in found.holidays})})
    if found.nights and not scene.conditions.hours.restless:
        yield Warning("nights", {"n": found.nights})
    if any(rest.why == "quota" for rest in found.waits):
        quota = min(each.limit for each in scene.conditions.quotas)
        yield Warning("quota-days", {"n": len(found.days), "quota": quota})


def _about_money(found: Rehearsal, scene: Scene, played: Played) -> Iterator[Warning]:
    if found.stopped == "budget":
        yield Warning("budget-stops", {"at": _iso(found.ends or scene.wanted), "left": found.left})
    if played.unpriced:
        limited = scene.conditions.budget_vnd is not None
        yield Warning("price-missing-stops" if limited else "price-missing", {"n": played.unpriced})
    if not scene.exact:
        yield Warning("estimated")


def _about_the_gateway(found: Rehearsal, scene: Scene, around: Around) -> Iterator[Warning]:
    share = 100 * found.failing / max(1, found.messages)
    if share >= scene.wave.failure_limit:
        yield Warning("failures-high", {"percent": round(share), "limit": scene.wave.failure_limit})
    if scene.unwritable:
        yield Warning("unwritable", {"n": scene.unwritable})
    if around.neighbours:
        yield Warning("neighbours", {"n": around.neighbours})
    yield from _about_the_outage(found)


def _about_the_outage(found: Rehearsal) -> Iterator[Warning]:
    if found.outage is None:
        return
    waiting: Sequence[Waited] = [rest for rest in found.waits if rest.why == "outage"]
    if not waiting:
        yield Warning("outage-nothing")
        return
    yield Warning("outage-waits", {"n": waiting[0].waiting, "at": _iso(found.ends) if found.ends else ""})
    if (found.outage[1] - found.outage[0]).total_seconds() > TRIED_FOR:
        yield Warning("outage-pauses", {"minutes": round(TRIED_FOR / 60)})


def _iso(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="seconds")
