"""Who may approve what. Two people stand behind a wave: one writes it, another approves exactly those bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.model import WAVE_STEPS, Texts, Wave, WaveStatus
from messages.errors import Mistake


def digest(wave: Wave, texts: Texts, people: Sequence[Sequence[object]] = ()) -> str:
    """SHA-256 (hex) of all that an approval covers: the texts, the audience, the gateway and the timetable.

    `people` marks who is on the audience's lists (list, how many, when the newest joined): an approval for two hundred
    does not cover five hundred that joined afterwards.
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
    }
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def ignores_the_night(wave: Wave, *, leaves_machine: bool) -> bool:
    """Whether the wave may send between 22:00 and 07:00: an exercise that reaches nobody, or what the operator of the
    machine answers for. Looked at again at every claim, because settings may change after an approval.
    """
    return wave.ignore_quiet_hours and (not leaves_machine or wave.author_id is None)


def check_step(step: str, status: str) -> None:
    """Raises Mistake when `step` (a key of WAVE_STEPS) cannot be taken from `status`."""
    if WaveStatus(status) not in WAVE_STEPS[step]:
        raise Mistake(f"wave-cannot-{step}", status=status)


def check_approval(author_id: int | None, by: int | None, seen: str, current: str) -> None:
    """Raises Mistake unless `by` may approve: nobody approves their own wave, nor bytes other than those they saw."""
    if by == author_id:
        raise Mistake("approval-own")
    if seen != current:
        raise Mistake("approval-stale")


def check_machine(author_id: int | None) -> None:
    """Raises Mistake when an officer wrote the wave: the operator of the machine answers only for their own."""
    if author_id is not None:
        raise Mistake("approval-machine")


def still_approved(approval: Mapping[str, object] | None, current: str) -> bool:
    """Whether the newest decision on a wave is an approval of exactly what it would send now."""
    return approval is not None and approval["decision"] == "approved" and approval["digest"] == current


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
