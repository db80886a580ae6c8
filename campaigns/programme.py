"""Campaigns: a goal, the waves that serve it in their order, and the limits that hold over all of them.

The waves themselves stand in campaigns.waves, many laid out at once in campaigns.layout, those that come again in
campaigns.series.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from campaigns import rules, stats
from campaigns.model import Figures, Wave, WaveStatus, actor
from campaigns.store import programme as store
from campaigns.store import waves as wave_store
from campaigns.waves.planning import check_limits
from db.engine import Database
from db.types import from_utc_text
from messages.errors import Mistake
from staff import audit

LONGEST_NAME, LONGEST_GOAL = 120, 2000
FIRST_YEAR, LAST_YEAR = 2020, 2100
#: What `change` may change.
CHANGEABLE = frozenset({"name", "goal", "budget_vnd", "daily_cap", "starts_on", "ends_on"})
#: A campaign with such waves cannot be closed.
UNDER_WAY = (WaveStatus.SCHEDULED, WaveStatus.SENDING, WaveStatus.PAUSED)
#: Somebody else has stood behind such a wave under the campaign's limits.
BEHIND = (WaveStatus.APPROVED, *UNDER_WAY)


@dataclass(frozen=True)
class Campaign:
    """`budget_vnd` and `daily_cap` (messages of a day in Vietnam) hold over all its waves; None = no limit."""

    id: int
    name: str
    goal: str
    budget_vnd: int | None
    daily_cap: int | None
    starts_on: date | None
    ends_on: date | None
    created_by: int | None
    closed_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Listed:
    """A campaign in the list: how many of its waves stand where, and what was handed over and spent so far."""

    campaign: Campaign
    waves: Mapping[str, int]
    messages: int
    vnd: int


@dataclass(frozen=True)
class Shown:
    """A campaign with its waves in their order, its messages (id, title), and what was handed over and spent so far,
    in all and by day (ISO, Vietnam's). `expected`: wave → recipients as last counted.
    """

    campaign: Campaign
    waves: Sequence[tuple[Wave, Figures]]
    expected: Mapping[int, int]
    titles: Sequence[tuple[int, str]]
    messages: int
    vnd: int
    by_day: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Span:
    """A wave on the calendar, from its beginning to its end as far as it is known."""

    wave: Wave
    begins: datetime
    ends: datetime


def create(
    db: Database,
    *,
    name: str,
    goal: str = "",
    budget_vnd: int | None = None,
    daily_cap: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """A new campaign; its id. Raises Mistake: campaign-unnamed, campaign-name-unusable, campaign-name-taken,
    campaign-goal-long, campaign-dates-wrong, quota-wrong, budget-wrong.
    """
    given = {"name": name, "goal": goal, "budget_vnd": budget_vnd, "daily_cap": daily_cap, "starts_on": starts_on,
             "ends_on": ends_on}  # fmt: skip
    row = _checked(given)
    with db.transaction() as c:
        _check_free(c, row["name"], None)
        campaign_id = store.add(c, {**row, "created_by": by, "created_at": now})
        _note(c, campaign_id, "create", by, now, **_limits(row))
    return campaign_id


def change(db: Database, campaign_id: int, *, by: int | None, now: datetime, **changes: object) -> None:
    """Edits a campaign; the audit keeps its limits before and after. Raises Mistake: campaign-unknown,
    campaign-closed, limits-own (more money for a wave of one's own that is on its way), and what `create` raises.
    """
    if strange := set(changes) - CHANGEABLE:
        raise TypeError(f"not columns of a campaign: {strange}")
    with db.transaction() as c:
        before = taking(c, campaign_id, lock=True)
        row = _checked({**{name: getattr(before, name) for name in CHANGEABLE}, **changes})
        _check_free(c, row["name"], campaign_id)
        limits = _limits(vars(before))
        rules.check_raising(limits, _limits(row), store.authors(c, campaign_id, BEHIND), by)
        store.change(c, campaign_id, **row)
        _note(c, campaign_id, "change", by, now, before=limits, after=_limits(row))


def close(db: Database, campaign_id: int, *, by: int | None, now: datetime) -> None:
    """Takes no more waves; what was planned stays readable. Raises Mistake: campaign-unknown, campaign-closed,
    campaign-busy (some of its waves are on their way), campaign-series (a series of its makes more).
    """
    with db.transaction() as c:
        campaign = taking(c, campaign_id, lock=True)
        there = store.statuses(c).get(campaign_id, {})
        if busy := sum(there.get(status, 0) for status in UNDER_WAY):
            raise Mistake("campaign-busy", name=campaign.name, n=busy)
        if running := store.active_series(c, campaign_id):
            raise Mistake("campaign-series", name=campaign.name, series=running[0].name)
        store.change(c, campaign_id, closed_at=now)
        _note(c, campaign_id, "close", by, now)


def reopen(db: Database, campaign_id: int, *, by: int | None, now: datetime) -> None:
    """Takes waves again. Raises Mistake: campaign-unknown."""
    with db.transaction() as c:
        found(c, campaign_id)
        store.change(c, campaign_id, closed_at=None)
        _note(c, campaign_id, "reopen", by, now)


def show(db: Database, campaign_id: int) -> Shown:
    """Raises Mistake: campaign-unknown."""
    with db.reading() as c:
        campaign = found(c, campaign_id)
        ids = store.wave_ids(c, campaign_id)
        counts = stats.counts(c, ids)
        messages, vnd = store.spent(c, campaign_id).get(campaign_id, (0, 0))
        previews = store.previews(c, ids)
        return Shown(
            campaign,
            [(wave, Figures(counts[wave.id])) for wave in wave_store.several(c, ids)],
            {wave_id: preview["recipients"] for wave_id, preview in previews.items()},
            store.message_titles(c, campaign_id),
            messages,
            vnd,
            store.spent_on(c, campaign_id),
        )


def all(db: Database) -> list[Listed]:
    """Open campaigns first, the newest first."""
    with db.reading() as c:
        statuses, spent = store.statuses(c), store.spent(c)
        campaigns = [_campaign(row) for row in store.every(c)]
    return [Listed(each, statuses.get(each.id, {}), *spent.get(each.id, (0, 0))) for each in campaigns]


def on_calendar(db: Database, begins: datetime, ends: datetime, now: datetime) -> list[Span]:
    """Waves that go on, or are to begin, from `begins` to before `ends`, by their beginning."""
    with db.reading() as c:
        waves = wave_store.several(c, store.overlapping(c, begins, ends))
        known = store.previews(c, [wave.id for wave in waves])
    return [_span(wave, known.get(wave.id), now) for wave in waves]


def _span(wave: Wave, preview: Mapping | None, now: datetime) -> Span:
    """A wave that has not begun takes as long as its last preview says; one that is sending goes on until now at
    least.
    """
    if wave.opened_at:
        return Span(wave, wave.opened_at, wave.finished_at or max(now, wave.opened_at))
    starts, ends = (from_utc_text(preview[name]) if preview else wave.starts_at for name in ("starts", "ends"))
    return Span(wave, wave.starts_at, wave.starts_at + (ends - starts))


def found(c: Connection, campaign_id: int, *, lock: bool = False) -> Campaign:
    """Raises Mistake: campaign-unknown."""
    row = store.get(c, campaign_id, lock=lock)
    if row is None:
        raise Mistake("campaign-unknown", id=campaign_id)
    return _campaign(row)


def taking(c: Connection, campaign_id: int, *, lock: bool = False) -> Campaign:
    """The campaign, when it still takes waves. Raises Mistake: campaign-unknown, campaign-closed."""
    campaign = found(c, campaign_id, lock=lock)
    if campaign.closed_at is not None:
        raise Mistake("campaign-closed", name=campaign.name)
    return campaign


def _campaign(row: Mapping[str, object]) -> Campaign:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("starts_on", "ends_on")}
    return Campaign(**{**row, **days})


def _checked(given: Mapping[str, object]) -> dict[str, object]:
    """The columns of the row."""
    name, goal = " ".join(str(given["name"]).split()), str(given["goal"]).replace("\r\n", "\n").strip()
    if not name:
        raise Mistake("campaign-unnamed")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Mistake("campaign-name-unusable", most=LONGEST_NAME)
    if len(goal) > LONGEST_GOAL:
        raise Mistake("campaign-goal-long", most=LONGEST_GOAL)
    check_limits(daily_quota=given["daily_cap"], budget_vnd=given["budget_vnd"])
    days = {name: given[name] and given[name].isoformat() for name in ("starts_on", "ends_on")}
    _check_days(given["starts_on"], given["ends_on"])
    return {**given, **days, "name": name, "goal": goal}


def _check_days(first: date | None, last: date | None) -> None:
    years = [day.year for day in (first, last) if day]
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in years) or (first and last and last < first):
        raise Mistake("campaign-dates-wrong")


def _check_free(c: Connection, name: str, own: int | None) -> None:
    if store.id_of(c, name) not in (None, own):
        raise Mistake("campaign-name-taken", name=name)


def _limits(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in ("budget_vnd", "daily_cap")}


def _note(c: Connection, campaign_id: int, step: str, by: int | None, now: datetime, **detail: object) -> None:
    audit.record(
        c, at=now, actor=actor(by), action=f"campaigns.{step}", object=f"campaign:{campaign_id}", detail=detail
    )
