"""Statements about previews that are kept."""

from datetime import datetime

from sqlalchemy import Connection, select

from campaigns.store.new_rows import insert_into
from db.tables import wave_previews


def keep(c: Connection, *, wave_id: int, digest: str, at: datetime, preview: str) -> None:
    """In place of the one before."""
    statement = insert_into(c, wave_previews).values(wave_id=wave_id, digest=digest, at=at, preview=preview)
    new = {name: statement.excluded[name] for name in ("digest", "at", "preview")}
    c.execute(statement.on_conflict_do_update(index_elements=[wave_previews.c.wave_id], set_=new))


def get(c: Connection, wave_id: int):
    return c.execute(select(wave_previews).where(wave_previews.c.wave_id == wave_id)).first()
