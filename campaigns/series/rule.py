"""The rule of a series: what two officers stand behind, and the bytes an approval of it covers. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from campaigns.model import Form, Texts, actor
from campaigns.timetable import AFTER_JOINING, EARLIEST, LATEST, REPEATING, Timetable
from messages.errors import Mistake


class SeriesStatus(StrEnum):
    """draft → submitted → active ⇄ paused → ended; an edit leads back to draft."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


S = SeriesStatus
#: From where each step may be taken.
SERIES_STEPS: Mapping[str, frozenset[SeriesStatus]] = {
    "change": frozenset(S) - {S.ENDED},
    "submit": frozenset({S.DRAFT}),
    "approve": frozenset({S.SUBMITTED}),
    "return": frozenset({S.SUBMITTED, S.ACTIVE, S.PAUSED}),
    "pause": frozenset({S.ACTIVE}),
    "resume": frozenset({S.PAUSED}),
    "end": frozenset(S) - {S.ENDED},
}

#: Years in which a date is no slip of the keyboard, and the longest distance between two occurrences, in days.
FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_DAYS = 366
#: One occurrence reaches at most so many people without an officer, whatever the rule says.
MOST_PEOPLE = 1_000_000
LONGEST_NAME = 100


@dataclass(frozen=True)
class Series:
    """A series as its row says. `settled`: days up to it are made into waves, empty or missed."""

    id: int
    name: str
    campaign_id: int | None
    version_id: int
    form: str
    audience: Mapping[str, object]
    gateway: str
    table: Timetable
    most_people: int
    daily_quota: int | None
    budget_vnd: int | None
    status: str
    pause_reason: str | None
    author_id: int | None
    approved_by: int | None
    approved_digest: str | None
    approved_at: datetime | None
    note: str
    settled: date | None
    created_at: datetime


def check_step(step: str, status: str) -> None:
    """Raises Mistake when `step` (a key of SERIES_STEPS) cannot be taken from `status`."""
    if SeriesStatus(status) not in SERIES_STEPS[step]:
        raise Mistake(f"series-cannot-{step}", status=status)


def check_approval(
    author_id: int | None, by: int | None, seen: str, current: str, *, writer: int | None, made: Collection[str]
) -> None:
    """Raises Mistake unless `by` may approve: nobody approves a series of their own, one whose words they wrote
    (`writer`) or that they had a hand in (`made`: see campaigns.rules.makers), nor a rule other than they saw.
    """
    if by in (author_id, writer) or actor(by) in made:
        raise Mistake("series-own")
    if seen != current:
        raise Mistake("series-stale")


def digest(series: Series, texts: Texts) -> str:
    """SHA-256 (hex) of all that an approval covers: texts, the definition of the audience, timetable and limits.

    Who is on the lists is no part of it (they change, that is the point); how many may be reached at once is.
    """
    shown = {
        "name": series.name,
        "version": series.version_id,
        "texts": [texts.vi, texts.vi_unaccented, texts.en],
        "form": series.form,
        "audience": series.audience,
        "gateway": series.gateway,
        "timetable": row_of(series.table),
        "most_people": series.most_people,
        "daily_quota": series.daily_quota,
        "budget_vnd": series.budget_vnd,
    }
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def row_of(table: Timetable) -> dict[str, object]:
    """The columns of a timetable, as they are stored."""
    return {
        "kind": table.kind,
        "every_days": table.every_days,
        "weekdays": ",".join(map(str, table.weekdays)) or None,
        "days_after": table.days_after,
        "at_time": table.at_time.strftime("%H:%M"),
        "starts_on": table.starts_on.isoformat(),
        "ends_on": table.ends_on and table.ends_on.isoformat(),
    }


def table_of(row: Mapping[str, object]) -> Timetable:
    """The timetable of a stored row."""
    return Timetable(
        kind=row["kind"],
        every_days=row["every_days"],
        weekdays=tuple(int(day) for day in (row["weekdays"] or "").split(",") if day),
        days_after=row["days_after"],
        at_time=time.fromisoformat(row["at_time"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=row["ends_on"] and date.fromisoformat(row["ends_on"]),
    )


def checked(table: Timetable) -> Timetable:
    """`table` with only what its kind uses. Raises Mistake: series-kind-unknown, series-time-wrong,
    series-dates-wrong, series-days-wrong, series-joining-wrong.
    """
    if not EARLIEST <= table.at_time <= LATEST:
        raise Mistake("series-time-wrong", first=f"{EARLIEST:%H:%M}", last=f"{LATEST:%H:%M}")
    last = table.ends_on or table.starts_on
    if last < table.starts_on or table.starts_on.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Mistake("series-dates-wrong")
    if table.kind == REPEATING:
        return _checked_repeating(table)
    if table.kind != AFTER_JOINING:
        raise Mistake("series-kind-unknown", kind=table.kind)
    if not 1 <= (table.days_after or 0) <= MOST_DAYS:
        raise Mistake("series-joining-wrong", most=MOST_DAYS)
    return Timetable(table.kind, table.at_time, table.starts_on, table.ends_on, days_after=table.days_after)


def _checked_repeating(table: Timetable) -> Timetable:
    weekdays = tuple(sorted(set(table.weekdays)))
    if weekdays and not set(weekdays) <= set(range(1, 8)):
        raise Mistake("series-days-wrong", most=MOST_DAYS)
    if not weekdays and not 1 <= (table.every_days or 0) <= MOST_DAYS:
        raise Mistake("series-days-wrong", most=MOST_DAYS)
    every = None if weekdays else table.every_days
    return Timetable(table.kind, table.at_time, table.starts_on, table.ends_on, every_days=every, weekdays=weekdays)


def check_most(most_people: int) -> None:
    """Raises Mistake: series-most-wrong."""
    if not 1 <= most_people <= MOST_PEOPLE:
        raise Mistake("series-most-wrong", most=MOST_PEOPLE)


def checked_name(name: str) -> str:
    """Raises Mistake: series-unnamed, series-name-unusable."""
    name = " ".join(name.split())
    if not name:
        raise Mistake("series-unnamed")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Mistake("series-name-unusable", most=LONGEST_NAME)
    return name


def check_form(form: str, texts: Texts) -> None:
    """Raises Mistake: form-unknown, wave-no-text."""
    if form not in set(Form):
        raise Mistake("form-unknown", form=form, known=", ".join(Form))
    if not texts.for_reader("vi", form):
        raise Mistake("wave-no-text", form=form)
