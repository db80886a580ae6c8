"""Other limits for a wave that is on its way: more money, more messages a day, another share of failures."""

from datetime import datetime

from campaigns import rules
from campaigns.store import waves as store
from campaigns.waves.planning import check_limits
from campaigns.waves.steps import note, wave_for
from db.engine import Database

#: What may be changed once a wave is open.
LIMITS = frozenset({"daily_quota", "budget_vnd", "failure_limit"})


def change_limits(db: Database, wave_id: int, *, by: int | None, now: datetime, **limits: int | None) -> None:
    """Sets some of LIMITS of a wave that is being sent or paused; None = no limit any more. It is not resumed by that.

    Another officer than the author decides, as with the approval that covered the old limits. Raises Mistake:
    wave-unknown, wave-cannot-limits, limits-own, quota-wrong, budget-wrong, failure-limit-wrong.
    """
    if strange := set(limits) - LIMITS:
        raise TypeError(f"not limits: {strange}")
    check_limits(**limits)
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "limits")
        rules.check_other(wave.author_id, by)
        before = {name: getattr(wave, name) for name in limits}
        store.change(c, wave_id, **limits)
        note(c, wave_id, "limits", by, now, before=before, after=limits)
