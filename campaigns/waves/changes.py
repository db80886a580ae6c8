"""What an officer decided on, kept with the decision; and what is different now, for whoever decides next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.model import Wave
from campaigns.store import waves as store
from db.engine import Database

#: What a plan says, in the order in which a page tells it. Who is on its lists may change besides: see rules.digest.
FIELDS = (
    "name",
    "campaign_id",
    "audience",
    "version_id",
    "form",
    "starts_at",
    "daily_quota",
    "on_holidays",
    "ignore_quiet_hours",
    "gateway",
    "rate",
    "budget_vnd",
    "failure_limit",
    "link_target",
    "link_personal",
    "control",
)


@dataclass(frozen=True)
class Change:
    """`before` and `after` as JSON holds them: a moment is ISO text."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class Since:
    """The newest decision (decision, by, note, at) and what became different since; nothing when only people joined."""

    decision: Mapping[str, object]
    changes: Sequence[Change]


def kept(wave: Wave) -> str:
    """The plan as JSON, for the row of a decision."""
    return json.dumps(_plan(wave), ensure_ascii=False, sort_keys=True)


def since_last_decision(db: Database, wave: Wave) -> Since | None:
    """None while nobody has decided on the wave, or when the decision did not keep its plan."""
    with db.reading() as c:
        decisions = store.decisions(c, wave.id)
    if not decisions or not decisions[0]["plan"]:
        return None
    before, after = json.loads(decisions[0]["plan"]), json.loads(kept(wave))
    different = [name for name in FIELDS if before.get(name) != after[name]]
    return Since(decisions[0], [Change(name, before.get(name), after[name]) for name in different])


def _plan(wave: Wave) -> dict[str, object]:
    values = {name: getattr(wave, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
