"""The days of a series made into waves: each an ordinary wave that goes out under the approval of the series.

Never twice (series and day are a unique key), never begun on a later day than its own (see campaigns.timetable), and
not made while one of its lists is being filled: an approval covers who is there when the wave is made. Whoever joins
between the making and the opening, seconds later, voids it as with every wave; then it is counted and approved anew.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from campaigns import holidays, pacing, programme, routing, timetable
from campaigns import rules as wave_rules
from campaigns.model import APPROVAL_VOID, Wave, WaveStatus
from campaigns.series.rule import Series, SeriesStatus
from campaigns.series.steps import digest_of, note, series_of, texts_of
from campaigns.store import audience_counts
from campaigns.store import lists as list_store
from campaigns.store import series as store
from campaigns.store import waves as wave_store
from campaigns.timetable import AFTER_JOINING, REPEATING
from campaigns.waves import steps as wave_steps
from campaigns.waves.changes import kept
from db.engine import Database
from db.types import utc_text
from sms.gateway import Gateway

#: Why a wave that did not begin on its day never does.
DAY_OVER = "series-day-over"


def open_series(
    db: Database, gateways: Mapping[str, Gateway], now: datetime, base: str | None = None
) -> Counter[str]:
    """Makes a wave of every day that is due. How many were "made", are "waiting" for an officer, "empty", "kept" back
    or "missed"; "again" approved, or "over" because they had not begun by their evening. `base`: our own
    address (PUBLIC_URL), for what a wave writes into its texts.
    """
    with db.reading() as c:
        active = [series_of(row) for row in store.with_status(c, SeriesStatus.ACTIVE)]
        begun_not = store.not_begun(c)
    jobs = [lambda series=series: _make_due(db, series, gateways, now, base) for series in active]
    jobs += [lambda wave_id=wave_id: _look_after(db, wave_id, gateways, now) for wave_id in begun_not]
    return sum(_all_done(jobs), Counter())


def _all_done(jobs: Sequence[Callable[[], Counter[str]]]) -> list[Counter[str]]:
    """Every job is done, also when one before it failed; the first failure is raised afterwards."""
    counts, failed = [], None
    for job in jobs:
        try:
            counts.append(job())
        except Exception as why:
            failed = failed or why
    if failed:
        raise failed
    return counts


def _make_due(
    db: Database, series: Series, gateways: Mapping[str, Gateway], now: datetime, base: str | None
) -> Counter[str]:
    if timetable.due(series.table, series.settled, now, holidays.sendable).settled == series.settled:
        return Counter()
    with db.transaction() as c:
        return _make_all(c, series.id, gateways, now, base)


def _make_all(
    c: Connection, series_id: int, gateways: Mapping[str, Gateway], now: datetime, base: str | None
) -> Counter[str]:
    series = series_of(store.get(c, series_id, lock=True))
    if series.status != SeriesStatus.ACTIVE or _campaign_closed(c, series):
        return Counter()
    if digest_of(c, series) != series.approved_digest:
        return _pause(c, series, APPROVAL_VOID, now)
    due = timetable.due(series.table, series.settled, now, holidays.sendable)
    lists = series.audience.get("lists", ())
    if due.days and any(list_store.has_unfinished_import(c, list_id) for list_id in lists):
        return Counter()  # looked at again until the evening
    counts = Counter(_make(c, series, day, gateways, now, base) for day in due.days)
    if due.missed:
        note(c, series.id, "missed", "system", now, days=[day.isoformat() for day in due.missed])
    store.change(c, series.id, settled=due.settled.isoformat())
    return counts + Counter(missed=len(due.missed))


def _campaign_closed(c: Connection, series: Series) -> bool:
    return series.campaign_id is not None and programme.found(c, series.campaign_id).closed_at is not None


def _pause(c: Connection, series: Series, why: str, now: datetime) -> Counter[str]:
    store.change(c, series.id, status=str(SeriesStatus.PAUSED), pause_reason=why)
    note(c, series.id, "pause", "system", now, reason=why)
    return Counter(paused=1)


def _make(
    c: Connection, series: Series, day: date, gateways: Mapping[str, Gateway], now: datetime, base: str | None
) -> str:
    """What became of the day: "made", "waiting" (for an officer), "empty" or "kept" (the one before still waits)."""
    if store.wave_of(c, series.id, day.isoformat()) is not None:
        return "kept"
    if series.table.kind == REPEATING and store.unopened(c, series.id):
        note(c, series.id, "missed", "system", now, days=[day.isoformat()], why="one-before-waits")
        return "kept"
    row = wave_row(series, day, now, base)
    people = _people(c, series, row["audience"], gateways, now)
    if not people:
        return "empty"
    wave = wave_store.get(c, wave_store.add(c, row))
    wave_steps.note(c, wave.id, "plan", "system", now, series=series.id, people=people)
    if people > series.most_people:
        return "waiting"
    _approve(c, series, wave, now)
    return "made"


def wave_row(series: Series, day: date, now: datetime, base: str | None = None) -> dict[str, object]:
    """The wave that stands for `day`, as a draft of the series' author."""
    return {
        "name": f"{series.name} · {day:%d/%m/%Y}",
        "campaign_id": series.campaign_id,
        "version_id": series.version_id,
        "form": series.form,
        "audience": audience_of(series, day),
        "gateway": series.gateway,
        "starts_at": timetable.goes_out(series.table, day, holidays.sendable),
        "daily_quota": series.daily_quota,
        "budget_vnd": series.budget_vnd,
        "series_id": series.id,
        "series_day": day.isoformat(),
        "link_base": base,
        "status": WaveStatus.DRAFT,
        "author_id": series.author_id,
        "created_at": now,
    }


def audience_of(series: Series, day: date) -> dict[str, object]:
    """The series' audience on `day`: after joining, those who joined on the one day that is far enough back."""
    if series.table.kind != AFTER_JOINING:
        return dict(series.audience)
    begins, ends = timetable.joined_on(series.table, day)
    return {**series.audience, "joined": {"from": utc_text(begins), "to": utc_text(ends)}}


def _people(
    c: Connection, series: Series, audience: Mapping[str, object], gateways: Mapping[str, Gateway], now: datetime
) -> int:
    traits = routing.traits(c, series.gateway, gateways)
    counted = audience_counts.count(
        c, audience, form=series.form, texts=texts_of(c, series.version_id),
        leaves_machine=traits is None or traits.leaves_machine, now=now,
    )  # fmt: skip
    return counted.going.total()


def _approve(c: Connection, series: Series, wave: Wave, now: datetime) -> None:
    """Under the approval of the series: its approver's name, the digest of the wave as it stands."""
    digest = wave_steps.digest_of(c, wave)
    wave_rules.check_approval(series.author_id, series.approved_by, digest, digest)
    words = f"series:{series.id}"
    wave_store.decide(
        c, wave_id=wave.id, digest=digest, decision="approved", by=series.approved_by, note=words, at=now,
        plan=kept(wave), most=series.most_people,
    )  # fmt: skip
    wave_store.change(c, wave.id, status=str(WaveStatus.SCHEDULED))
    wave_steps.note(c, wave.id, "approve", "system", now, digest=digest, series=series.id, approver=series.approved_by)


def _look_after(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> Counter[str]:
    """A wave of a series that has not begun: "again" approved, "over", or left to wait.

    The series is locked before its wave, as everybody does. A wave that an officer paused is left to officers.
    """
    with db.transaction() as c:
        series = series_of(store.get(c, wave_store.get(c, wave_id).series_id, lock=True))
        wave = wave_store.get(c, wave_id, lock=True)
        voided = wave.status == WaveStatus.PAUSED and wave.pause_reason == APPROVAL_VOID
        if wave.opened_at is not None or not (voided or wave.status == WaveStatus.SCHEDULED):
            return Counter()
        if now < pacing.closing(wave.starts_at):
            again = voided and _approved_again(c, series, wave, gateways, now)
            return Counter(again=int(again))
        wave_store.change(c, wave_id, status=str(WaveStatus.CANCELLED), pause_reason=DAY_OVER, finished_at=now)
        wave_steps.note(c, wave_id, "cancel", "system", now, reason=DAY_OVER)
        return Counter(over=1)


def _approved_again(
    c: Connection, series: Series, wave: Wave, gateways: Mapping[str, Gateway], now: datetime
) -> bool:
    """Approved for whoever is there now, when it is still exactly what the series makes, and not too many."""
    able = series.status == SeriesStatus.ACTIVE and not _campaign_closed(c, series)
    holds = able and digest_of(c, series) == series.approved_digest
    row = wave_row(series, date.fromisoformat(wave.series_day), wave.created_at)
    same = all(getattr(wave, name) == value for name, value in row.items() if name != "status")
    if not holds or not same or not 0 < _people(c, series, wave.audience, gateways, now) <= series.most_people:
        return False
    wave_store.change(c, wave.id, pause_reason=None)
    _approve(c, series, wave, now)
    return True
