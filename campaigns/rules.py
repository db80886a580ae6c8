"""Who may approve what. Two people stand behind a wave: one writes it, another approves exactly those bytes."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from campaigns.hours import Hours
from campaigns.model import FAILURE_LIMIT, WAVE_STEPS, Texts, Wave, WaveStatus, actor
from messages.errors import Mistake

#: What a plan may say since the first approvals were given, and what stands there when it says nothing. Only what is
#: said enters the digest, so that those approvals hold.
LATER: Mapping[str, object] = {
    "daily_quota": None,
    "budget_vnd": None,
    "on_holidays": False,
    "failure_limit": FAILURE_LIMIT,
    "link_target": None,
    "link_base": None,
    "link_personal": None,
    "control": None,
    "control_key": None,
}


#: Steps of the audit that make a wave or a series what it is, and those that decide on it.
MAKING = frozenset({"plan", "change", "drop", "submit"})
DECIDING = frozenset({"approve", "return"})


def digest(
    wave: Wave, texts: Texts, people: Sequence[Sequence[object]] = (), arms: Sequence[Sequence[object]] = ()
) -> str:
    """SHA-256 (hex) of all that an approval covers: texts, audience, gateway, timetable and limits.

    `people` marks who is on the audience's lists (list, how many, when the newest joined): an approval for two hundred
    does not cover five hundred that joined afterwards. `arms` marks what a comparison of wordings would send.
    """
    shown = {
        "name": wave.name,
        "version": wave.version_id,
        "texts": [texts.vi, texts.vi_unaccented, texts.en],
        "form": wave.form,
        "audience": wave.audience,
        "people": [list(map(str, mark)) for mark in people],
        "gateway": wave.gateway,
        "rate": wave.rate,
        "ignore_quiet_hours": wave.ignore_quiet_hours,
        "starts_at": _moment(wave.starts_at),
        **{name: value for name, usual in LATER.items() if (value := getattr(wave, name)) != usual},
        **({"arms": [list(mark) for mark in arms]} if arms else {}),
    }
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def ignores_the_night(wave: Wave, *, leaves_machine: bool) -> bool:
    """Whether the wave may send between 22:00 and 07:00: an exercise that reaches nobody, or what the operator of the
    machine answers for. Looked at again at every claim, because settings may change after an approval.
    """
    return wave.ignore_quiet_hours and (not leaves_machine or wave.author_id is None)


def hours_of(wave: Wave, *, leaves_machine: bool) -> Hours:
    """When the wave may be sent. Who may ignore the night need not keep holidays either."""
    return Hours(ignores_the_night(wave, leaves_machine=leaves_machine), wave.on_holidays)


def check_step(step: str, status: str) -> None:
    """Raises Mistake when `step` (a key of WAVE_STEPS) cannot be taken from `status`."""
    if WaveStatus(status) not in WAVE_STEPS[step]:
        raise Mistake(f"wave-cannot-{step}", status=status)


def makers(steps: Iterable[tuple[str, str]]) -> set[str]:
    """Who planned, changed or submitted what is to be decided on, from the audit's (action, actor), oldest first.

    A decision clears what others did before it, never what the one who decided did: nobody is rid of their own share
    by returning it to themselves.
    """
    found: set[str] = set()
    for action, who in steps:
        step = action.rpartition(".")[2]
        if step in MAKING:
            found.add(who)
        elif step in DECIDING:
            found &= {who}
    return found


def check_approval(
    author_id: int | None,
    by: int | None,
    seen: str,
    current: str,
    *,
    writers: Collection[int | None] = (),
    made: Collection[str] = (),
) -> None:
    """Raises Mistake unless `by` may approve: nobody approves a wave of their own, one whose words they wrote
    (`writers`) or that they had a hand in (`made`: see `makers`), nor bytes other than those they saw.
    """
    if by == author_id or by in writers or actor(by) in made:
        raise Mistake("approval-own")
    if seen != current:
        raise Mistake("approval-stale")


def check_other(author_id: int | None, by: int | None) -> None:
    """Raises Mistake when an officer would set other limits for a wave of their own: another one does; the operator of
    the machine answers for the operator's waves alone.
    """
    if by == author_id and by is not None:
        raise Mistake("limits-own")
    if by is None and author_id is not None:
        raise Mistake("approval-machine")


def check_raising(before: Mapping[str, int | None], after: Mapping[str, int | None], authors: Collection, by) -> None:
    """Raises Mistake when an officer would raise or lift a limit over a wave of their own that is on its way."""
    raised = any(old is not None and (after[name] is None or after[name] > old) for name, old in before.items())
    if raised and by is not None and by in authors:
        raise Mistake("limits-own")


def check_machine(author_id: int | None) -> None:
    """Raises Mistake when an officer wrote the wave: the operator of the machine answers only for their own."""
    if author_id is not None:
        raise Mistake("approval-machine")


def still_approved(approval: Mapping[str, object] | None, current: str) -> bool:
    """Whether the newest decision on a wave is an approval of exactly what it would send now."""
    return approval is not None and approval["decision"] == "approved" and approval["digest"] == current


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
