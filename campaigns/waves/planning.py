"""Planning a wave, and changing a plan: whatever was approved no longer holds then."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from campaigns import audience as audiences
from campaigns import controls, links
from campaigns.deliveries.script import Script
from campaigns.model import FAILURE_LIMIT, LINK, STOP, Form, Wave, WaveStatus
from campaigns.store import experiments, previews
from campaigns.store import waves as store
from campaigns.waves.steps import note, wave_for
from db.engine import Database
from messages.errors import Mistake
from messages.lint.links import STATE_HOSTS

#: What `change` may change.
CHANGEABLE = frozenset({
    *("name", "version_id", "form", "audience", "gateway", "rate", "ignore_quiet_hours", "starts_at"),
    *("campaign_id", "position", "daily_quota", "budget_vnd", "on_holidays", "failure_limit"),
    *("link_target", "link_base", "link_personal", "control"),
})
#: The texts about a link, in the plan of a wave; None where there is nothing to say.
_LINKS = ("link_target", "link_base", "link_personal")

LONGEST_NAME = 120
#: Messages a second. Slower than one in a quarter of an hour is a slip of the keyboard.
SLOWEST = 0.001
#: Outside these years a date is a slip too, and arithmetic about the night before or after it would overflow.
FIRST_YEAR, LAST_YEAR = 2020, 2100
#: More than anybody sends or spends: beyond it is a slip, and some column would not hold it.
MOST_MESSAGES, MOST_VND = 100_000_000, 1_000_000_000_000


#: What a plan says where nothing else is said; the rest of CHANGEABLE must be given.
USUAL: Mapping[str, object] = {
    "form": Form.VI,
    "rate": None,
    "ignore_quiet_hours": False,
    "starts_at": None,
    "campaign_id": None,
    "position": 0,
    "daily_quota": None,
    "budget_vnd": None,
    "on_holidays": False,
    "failure_limit": FAILURE_LIMIT,
    "link_target": None,
    "link_base": None,
    "link_personal": None,
    "control": None,
}


def plan(db: Database, *, by: int | None, now: datetime, **said: object) -> int:
    """A draft; its id. `said`: all of CHANGEABLE that is not USUAL.

    `name`; `version_id`; `audience` as campaigns.audience makes it; `gateway`; `form` (Form); `rate` in messages a
    second; `starts_at` None = at once; `position` among the waves of its campaign (`campaign_id`). Never more than
    `daily_quota` messages on a day in Vietnam, nor than `budget_vnd` in all; it pauses itself at `failure_limit`
    percent of failures. `link_target` is where its short link leads, `link_base` our own address, `link_personal` why
    single people's openings are followed. `control` percent of those who would get it get nothing, drawn by chance.

    Raises Mistake: audience-empty, wave-unnamed, rate-wrong, form-unknown, version-unknown, wave-no-text, quota-wrong,
    budget-wrong, failure-limit-wrong, control-wrong, campaign-unknown, value-out-of-range, link-target-wrong,
    link-target-missing, stop-base-missing.
    """
    row = {**USUAL, **said}
    if set(row) != CHANGEABLE:
        raise TypeError(f"not the columns of a plan: {set(row) ^ CHANGEABLE}")
    checked = _checked(db, row)
    with db.transaction() as c:
        row = {**checked, **_drawn_by(checked, None), "status": WaveStatus.DRAFT, "author_id": by, "created_at": now}
        wave_id = store.add(c, row)
        _make_links(c, wave_id, now)
        note(c, wave_id, "plan", by, now)
    return wave_id


def change(db: Database, wave_id: int, *, by: int | None, now: datetime, **changes: object) -> None:
    """Edits a wave that is not open yet. Whatever was approved no longer holds: it is a draft of `by`'s again.

    Raises Mistake: wave-unknown, wave-cannot-change, and what `plan` raises.
    """
    if strange := set(changes) - CHANGEABLE:
        raise TypeError(f"not columns of a plan: {strange}")
    with db.reading() as c:
        wave = wave_for(c, wave_id)
    checked = _checked(db, {**{name: getattr(wave, name) for name in CHANGEABLE}, **changes})
    with db.transaction() as c:
        wave_for(c, wave_id, "change")
        store.change(c, wave_id, **checked, **_drawn_by(checked, wave), status=WaveStatus.DRAFT, author_id=by)
        previews.drop(c, wave_id)
        _make_links(c, wave_id, now)
        note(c, wave_id, "change", by, now, fields=sorted(changes))


def _checked(db: Database, row: Mapping[str, object]) -> dict[str, object]:
    name = " ".join(str(row["name"]).split())
    if not name:
        raise Mistake("wave-unnamed")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Mistake("wave-name-unusable", most=LONGEST_NAME)
    if row["starts_at"] is not None and not FIRST_YEAR <= row["starts_at"].year <= LAST_YEAR:
        raise Mistake("time-wrong", text=row["starts_at"].date())
    if row["rate"] is not None and not SLOWEST <= row["rate"] <= 100_000:
        raise Mistake("rate-wrong", rate=row["rate"])
    if row["form"] not in set(Form):
        raise Mistake("form-unknown", form=row["form"], known=", ".join(Form))
    check_limits(**{limit: row[limit] for limit in ("daily_quota", "budget_vnd", "failure_limit")})
    controls.checked(row["control"])
    return {**row, **_looked_up(db, row), **_links(row), "name": name, "form": str(row["form"])}


def _drawn_by(row: Mapping[str, object], before: Wave | None) -> dict[str, str | None]:
    """The key of a control group, drawn once: nobody edits a plan until the chance suits them."""
    key = before.control_key if before else None
    return {"control_key": key or (controls.new_key() if row["control"] is not None else None)}


def check_limits(
    *, daily_quota: int | None = None, budget_vnd: int | None = None, failure_limit: int = FAILURE_LIMIT
) -> None:
    """Raises Mistake: quota-wrong, budget-wrong, failure-limit-wrong."""
    if daily_quota is not None and not 1 <= daily_quota <= MOST_MESSAGES:
        raise Mistake("quota-wrong", quota=daily_quota)
    if budget_vnd is not None and not 1 <= budget_vnd <= MOST_VND:
        raise Mistake("budget-wrong", budget=budget_vnd)
    if not 1 <= failure_limit <= 100:
        raise Mistake("failure-limit-wrong", limit=failure_limit)


def _links(row: Mapping[str, object]) -> dict[str, str | None]:
    given = {name: (row[name] or "").strip() or None for name in _LINKS}
    if given["link_target"]:
        given["link_target"] = links.checked_target(given["link_target"], STATE_HOSTS)
    return given


def _make_links(c: Connection, wave_id: int, now: datetime) -> None:
    """At once, so that what is approved is what goes out."""
    wave = store.get(c, wave_id)
    if wave.link_target:
        links.for_wave(c, wave, experiments.arms(c, wave_id), now)


def _looked_up(db: Database, row: Mapping[str, object]) -> dict[str, object]:
    """What the plan names is there."""
    with db.reading() as c:
        texts = store.texts(c, row["version_id"])
        if row["campaign_id"] is not None and not store.has_campaign(c, row["campaign_id"]):
            raise Mistake("campaign-unknown", id=row["campaign_id"])
    if not 0 <= row["position"] <= MOST_MESSAGES:
        raise Mistake("value-out-of-range")
    if texts is None:
        raise Mistake("version-unknown", id=row["version_id"])
    if not texts.for_reader("vi", row["form"]):
        raise Mistake("wave-no-text", form=row["form"])
    if Script(texts, row["form"]).uses(LINK) and not (row["link_target"] and row["link_base"]):
        raise Mistake("link-target-missing")
    if Script(texts, row["form"]).uses(STOP) and not row["link_base"]:
        raise Mistake("stop-base-missing")
    return {"audience": audiences.checked(db, row["audience"])}
