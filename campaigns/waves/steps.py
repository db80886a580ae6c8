"""Taking one step of a wave: read and lock it, check that the step is allowed, write the new status and the audit
row.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns import experiments, rules
from campaigns.model import Texts, Wave, WaveStatus, actor
from campaigns.store import audience_marks
from campaigns.store import waves as store
from messages.errors import Mistake
from staff import audit


def wave_for(c: Connection, wave_id: int, step: str | None = None) -> Wave:
    """The wave, locked when a `step` is to be taken. Raises Mistake: wave-unknown, wave-cannot-<step>."""
    wave = store.get(c, wave_id, lock=step is not None)
    if wave is None:
        raise Mistake("wave-unknown", id=wave_id)
    if step is not None:
        rules.check_step(step, wave.status)
    return wave


def texts_of(c: Connection, wave: Wave) -> Texts:
    """The texts of the wave's version. Raises Mistake: version-unknown."""
    texts = store.texts(c, wave.version_id)
    if texts is None:
        raise Mistake("version-unknown", id=wave.version_id)
    return texts


def digest_of(c: Connection, wave: Wave, texts: Texts | None = None) -> str:
    """What an approval of the wave as it stands now would cover."""
    texts = texts or texts_of(c, wave)
    return rules.digest(wave, texts, audience_marks.marks(c, wave.audience), experiments.marks(c, wave.id))


def put_to_rest(c: Connection, wave_id: int, reason: str, by: int | str | None, now: datetime) -> None:
    """Pauses the wave for `reason` and writes the audit row; whether it may be paused is for the caller to know."""
    store.change(c, wave_id, status=WaveStatus.PAUSED, pause_reason=reason)
    note(c, wave_id, "pause", by, now, reason=reason)


def note(c: Connection, wave_id: int, step: str, by: int | str | None, now: datetime, **detail: object) -> None:
    """The audit row of a step; `by` is an officer's id, None for the operator of the machine, or "system"."""
    who = by if isinstance(by, str) else actor(by)
    audit.record(c, at=now, actor=who, action=f"waves.{step}", object=f"wave:{wave_id}", detail=detail)
