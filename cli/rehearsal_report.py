"""How the command line tells of a rehearsal: sentences first, then the days, then when each commune is reached."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.rehearsal import Kept, Rehearsal
from cli.context import language
from cli.wave_report import spoken
from messages.errors import Mistake, sentence


def lines(kept: Kept, zone: ZoneInfo) -> Iterator[str]:
    result = kept.result
    yield from _sentences(result, zone)
    yield from (f"! {_warning(warning.code, warning.values, zone)}" for warning in result.warnings)
    yield from (f"- {n:>9} {code}" for code, n in {**result.skipped, **result.failures}.items())
    yield from (f"{day.day} {day.messages:>9} {'' if day.vnd is None else day.vnd:>13}" for day in result.days)
    for area in result.areas:
        times = f"{spoken(area.first, zone)} {spoken(area.last, zone)}"
        yield f"{area.name or area.code or '–':32} {area.people:>9} {times}"


def _sentences(result: Rehearsal, zone: ZoneInfo) -> Iterator[str]:
    if result.begins and result.ends:
        reached = {"n": result.messages, "begins": spoken(result.begins, zone), "ends": spoken(result.ends, zone)}
        yield sentence("rehearsal-reached", language(), **reached)
    if result.cost_vnd is not None:
        yield sentence("rehearsal-costs", language(), segments=result.segments, vnd=result.cost_vnd)
    if result.failing:
        yield sentence("rehearsal-failing", language(), n=result.failing)


def _warning(code: str, values: dict, zone: ZoneInfo) -> str:
    told = {name: _told(value, zone) for name, value in values.items()}
    return sentence(f"rehearsal-{code}", language(), **told)


def _told(value: object, zone: ZoneInfo) -> object:
    """A moment as people write it; anything else as it is."""
    try:
        return spoken(datetime.fromisoformat(value), zone) if "T" in value else value
    except (TypeError, ValueError):
        return value


def outage(text: tuple[str, str] | None, day: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """"10:00" is an hour of `day`, anything else an ISO time (Vietnam's, if it has no zone).

    Raises Mistake: time-unreadable.
    """
    return tuple(_moment(each, day, zone) for each in text) if text else None


def _moment(text: str, day: datetime, zone: ZoneInfo) -> datetime:
    written = f"{day.astimezone(zone).date()}T{text}" if len(text) <= len("10:00") else text
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Mistake("time-unreadable", at=text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
