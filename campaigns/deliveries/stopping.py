"""A wave pauses itself: its budget is used up, too much fails, its gateway says that its settings are wrong."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.model import WaveStatus
from campaigns.store import waves as wave_store
from staff import audit


def pause_itself(c: Connection, wave_id: int, reason: str, now: datetime, **detail: object) -> None:
    """The wave's row is locked, and is being sent. The audit comes last: everybody takes its lock last."""
    wave_store.change(c, wave_id, status=WaveStatus.PAUSED, pause_reason=reason)
    tell(c, [wave_id], reason, now, **detail)


def tell(c: Connection, wave_ids: Sequence[int], reason: str, now: datetime, **detail: object) -> None:
    """Writes down that these waves were paused by themselves, for the officers."""
    for wave_id in wave_ids:
        words = {"reason": reason, **detail}
        audit.record(c, at=now, actor="system", action="waves.pause", object=f"wave:{wave_id}", detail=words)
