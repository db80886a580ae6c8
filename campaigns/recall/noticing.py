"""Finding out that the database is a copy, and stopping everything that would send from it."""

from datetime import datetime

from sqlalchemy import Connection

from campaigns import workers
from campaigns.halts import COPY
from campaigns.model import COPY_PUT_BACK, WaveStatus, actor
from campaigns.series.rule import SeriesStatus
from campaigns.series.steps import note as note_series
from campaigns.store import halts as halt_store
from campaigns.store import locks
from campaigns.store import recalled as store
from campaigns.store import series as series_store
from campaigns.store import waves as wave_store
from campaigns.waves.steps import note as note_wave
from db.engine import Database
from db.watermark import Watermark, copied_at
from staff import audit

#: Waves that would go on by themselves, or with one press of a button.
UNDER_WAY = (WaveStatus.SCHEDULED, WaveStatus.SENDING, WaveStatus.PAUSED)


def notice(db: Database, mark: Watermark, now: datetime) -> bool:
    """Stops everything when the database turns out to be a copy that was put back; whether it did. Costs two small
    reads when it is not.
    """
    if not mark.went_back():
        return False
    with db.transaction(durable=True) as c:
        locks.open_alone(c)
        made = copied_at(c)
        if not mark.take_note(c):  # another process was quicker
            return False
        _hold(c, made, "system", now)
    return True


def beat(db: Database, mark: Watermark, now: datetime) -> None:
    """Says that this database is being worked on; stops everything when it turns out to have gone back in time."""
    if not mark.beat():
        notice(db, mark, now)


def hold(db: Database, *, by: int | None, now: datetime) -> None:
    """The same by hand, for a whole machine that was put back: then nothing here can tell."""
    with db.transaction(durable=True) as c:
        locks.open_alone(c)
        _hold(c, None, actor(by), now)


def _hold(c: Connection, made: datetime | None, who: str, now: datetime) -> None:
    made = made or workers.newest_seen(c)  # when the copy's own processes last said that they live
    halt_store.lift(c, by=None, at=now, kind=COPY)  # of a copy put back before: this one is looked at anew
    halt_id = halt_store.add(c, reason=COPY_PUT_BACK, by=None, at=now, kind=COPY)
    wave_ids = store.note_all(c, now=now, copied_at=made, held=UNDER_WAY)
    for wave in wave_store.several(c, wave_ids):
        if wave.status in (WaveStatus.SCHEDULED, WaveStatus.SENDING):
            wave_store.change(c, wave.id, status=WaveStatus.PAUSED, pause_reason=COPY_PUT_BACK)
            note_wave(c, wave.id, "pause", "system", now, reason=COPY_PUT_BACK)
    for row in series_store.with_status(c, SeriesStatus.ACTIVE):
        series_store.change(c, row["id"], status=str(SeriesStatus.PAUSED), pause_reason=COPY_PUT_BACK)
        note_series(c, row["id"], "pause", "system", now, reason=COPY_PUT_BACK)
    store.start_ids_anew(c)
    detail = {"waves": len(wave_ids), "copied": made.isoformat() if made else ""}
    audit.record(c, at=now, actor=who, action="recall.hold", object=f"halt:{halt_id}", detail=detail)
