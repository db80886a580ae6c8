"""Planning a series, and changing its rule: whatever was approved no longer holds then."""

from collections.abc import Mapping
from datetime import datetime

from campaigns import audience as audiences
from campaigns import programme
from campaigns.deliveries.script import Script
from campaigns.model import LINK, Form
from campaigns.series import rule
from campaigns.series.rule import SeriesStatus
from campaigns.series.steps import note, series_for, texts_of
from campaigns.store import series as store
from campaigns.timetable import AFTER_JOINING, Timetable
from campaigns.waves.planning import check_limits
from db.engine import Database
from messages.errors import Mistake

#: What `change` may change.
CHANGEABLE = frozenset(
    {"name", "version_id", "form", "audience", "gateway", "table", "most_people", "daily_quota", "budget_vnd",
     "campaign_id"}
)  # fmt: skip


def plan(
    db: Database,
    *,
    name: str,
    version_id: int,
    audience: Mapping[str, object],
    gateway: str,
    table: Timetable,
    most_people: int,
    form: str = Form.VI,
    daily_quota: int | None = None,
    budget_vnd: int | None = None,
    campaign_id: int | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """A draft of a series; its id. `audience` as campaigns.audience makes it, without "joined": that is reckoned anew
    for every day. More than `most_people` in one occurrence, and it waits for an officer.

    Raises Mistake: series-unnamed, series-time-wrong, series-days-wrong and the others of campaigns.series.rule;
    series-no-list (after joining, but which list?), series-link (its text has a place for a short link), audience-empty
    and the others of campaigns.audience; version-unknown, form-unknown, wave-no-text, quota-wrong, budget-wrong,
    campaign-unknown, campaign-closed.
    """
    given = {
        "name": name, "version_id": version_id, "form": form, "audience": audience, "gateway": gateway, "table": table,
        "most_people": most_people, "daily_quota": daily_quota, "budget_vnd": budget_vnd, "campaign_id": campaign_id,
    }  # fmt: skip
    row = _checked(db, given)
    with db.transaction() as c:
        series_id = store.add(c, {**row, "status": SeriesStatus.DRAFT, "author_id": by, "created_at": now})
        note(c, series_id, "plan", by, now)
    return series_id


def change(db: Database, series_id: int, *, by: int | None, now: datetime, **changes: object) -> None:
    """Edits the rule. Whatever was approved no longer holds: it is a draft of `by`'s, and makes no more waves.

    Raises Mistake: series-unknown, series-cannot-change, and what `plan` raises.
    """
    if strange := set(changes) - CHANGEABLE:
        raise TypeError(f"not columns of a series: {strange}")
    with db.reading() as c:
        series = series_for(c, series_id)
    row = _checked(db, {**{name: getattr(series, name) for name in CHANGEABLE}, **changes})
    with db.transaction() as c:
        series_for(c, series_id, "change")
        store.change(c, series_id, **row, **NOT_APPROVED, status=SeriesStatus.DRAFT, author_id=by)
        note(c, series_id, "change", by, now, fields=sorted(changes))


#: The columns of an approval that no longer holds.
NOT_APPROVED = {"approved_by": None, "approved_digest": None, "approved_at": None, "pause_reason": None}


def _checked(db: Database, given: Mapping[str, object]) -> dict[str, object]:
    """The columns of the row."""
    table = rule.checked(given["table"])
    rule.check_most(given["most_people"])
    check_limits(daily_quota=given["daily_quota"], budget_vnd=given["budget_vnd"])
    audience = audiences.checked(db, {key: part for key, part in given["audience"].items() if key != "joined"})
    if table.kind == AFTER_JOINING and not audience.get("lists"):
        raise Mistake("series-no-list")
    with db.reading() as c:
        if given["campaign_id"] is not None:
            programme.taking(c, given["campaign_id"])
        texts = texts_of(c, given["version_id"])
    rule.check_form(given["form"], texts)
    if Script(texts, given["form"]).uses(LINK):
        raise Mistake("series-link")
    plain = {name: value for name, value in given.items() if name != "table"}
    checked = {"name": rule.checked_name(given["name"]), "form": str(given["form"]), "audience": audience}
    return {**plain, **checked, **rule.row_of(table)}
