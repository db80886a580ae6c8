"""Statements about previews that are kept."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from db.new_rows import insert_into
from db.tables import wave_previews, waves


def keep(c: Connection, *, wave_id: int, digest: str, at: datetime, preview: str) -> None:
    """In place of the one before."""
    statement = insert_into(c, wave_previews).values(wave_id=wave_id, digest=digest, at=at, preview=preview)
    new = {name: statement.excluded[name] for name in ("digest", "at", "preview")}
    c.execute(statement.on_conflict_do_update(index_elements=[wave_previews.c.wave_id], set_=new))


def drop(c: Connection, wave_id: int) -> None:
    c.execute(delete(wave_previews).where(wave_previews.c.wave_id == wave_id))


def missing(c: Connection) -> list[int]:
    """Waves still to be decided on that nobody has counted, oldest first."""
    undecided = waves.c.status.in_(("draft", "submitted"))
    counted = select(wave_previews.c.wave_id).where(wave_previews.c.wave_id == waves.c.id).exists()
    return list(c.execute(select(waves.c.id).where(undecided, ~counted).order_by(waves.c.id)).scalars())


def get(c: Connection, wave_id: int):
    return c.execute(select(wave_previews).where(wave_previews.c.wave_id == wave_id)).first()
