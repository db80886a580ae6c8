"""Statements about waves that were found in a copy of the database, and about the ids that come after it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from campaigns.model import DeliveryStatus, WaveStatus
from campaigns.store.deliveries import stands
from db import keepsakes
from db.tables import contacts, deliveries, recalled_waves, wave_counts, waves

#: Where a recalled wave stands, see db.tables.waves.
HELD, ASKING, DOUBTFUL, DONE = "held", "asking", "doubtful", "done"
_OVER = (WaveStatus.FINISHED, WaveStatus.CANCELLED)
_FIRST_ID = "first-delivery"
_BILLION = 10**9


def note_all(c: Connection, *, now: datetime, copied_at: datetime | None, held: Collection[str]) -> list[int]:
    """Every wave that is not over, as it stands; those with a status of `held` wait for a person. Their ids."""
    c.execute(delete(recalled_waves))
    queued = func.coalesce(
        select(func.sum(wave_counts.c.n))
        .where(wave_counts.c.wave_id == waves.c.id, wave_counts.c.status == DeliveryStatus.QUEUED)
        .scalar_subquery(), 0,
    )
    found = c.execute(select(waves.c.id, waves.c.status, queued.label("queued")).where(waves.c.status.not_in(_OVER)))
    rows = [
        {"wave_id": row.id, "at": now, "copied_at": copied_at, "stood": row.status, "queued": row.queued,
         "status": HELD if row.status in held else ASKING}
        for row in found
    ]  # fmt: skip
    if rows:
        c.execute(insert(recalled_waves), rows)
    return [row["wave_id"] for row in rows]


def get(c: Connection, wave_id: int):
    return c.execute(select(recalled_waves).where(recalled_waves.c.wave_id == wave_id)).first()


def standing(c: Connection) -> list:
    """Those that are not done, with their waves."""
    columns = (waves.c.name, waves.c.status.label("wave_status"), waves.c.gateway, waves.c.starts_at, waves.c.opened_at,
               waves.c.opening_after)
    statement = select(recalled_waves, *columns).join(waves).where(recalled_waves.c.status != DONE)
    return list(c.execute(statement.where(waves.c.status.not_in(_OVER)).order_by(recalled_waves.c.wave_id)))


def newest(c: Connection):
    """What is the same of all waves of a copy: when it was made, and when it was put back."""
    return c.execute(select(recalled_waves.c.at, recalled_waves.c.copied_at).limit(1)).first()


def change(c: Connection, wave_id: int, **values: object) -> None:
    c.execute(update(recalled_waves).where(recalled_waves.c.wave_id == wave_id).values(values))


def asked(c: Connection, wave_id: int, *, to: int | None, there: int, doubtful: int) -> None:
    counts = {"there": recalled_waves.c.there + there, "doubtful": recalled_waves.c.doubtful + doubtful}
    change(c, wave_id, **counts, **({} if to is None else {"asked_to": to}))


def unasked(c: Connection, wave_id: int, after: int, limit: int) -> list:
    """What the wave has queued with ids above `after`, by id, with who it is for."""
    statement = (
        select(deliveries.c.id, deliveries.c.wave_id, deliveries.c.contact_id, deliveries.c.arm, deliveries.c.attempts,
               deliveries.c.worker, deliveries.c.vnd, contacts.c.number_sealed, contacts.c.fields_sealed,
               contacts.c.language, contacts.c.carrier)
        .join(contacts, contacts.c.id == deliveries.c.contact_id)
        .where(deliveries.c.wave_id == wave_id, stands(DeliveryStatus.QUEUED), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(limit)
    )  # fmt: skip
    return list(c.execute(statement))


def went_through(c: Connection, ids: Collection[int], gateway: str) -> None:
    """It turned out which of many gateways has them."""
    c.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(gateway=gateway))


def queued(c: Connection, wave_id: int) -> int:
    """How many of the wave wait."""
    these = (wave_counts.c.wave_id == wave_id, wave_counts.c.status == DeliveryStatus.QUEUED)
    return c.execute(select(func.coalesce(func.sum(wave_counts.c.n), 0)).where(*these)).scalar_one()


def of_reason(c: Connection, wave_id: int, status: DeliveryStatus, reason: str | None, limit: int) -> list[int]:
    """Ids of deliveries that stand so, a part at a time."""
    these = select(deliveries.c.id).where(deliveries.c.wave_id == wave_id, stands(status))
    these = these.where(deliveries.c.reason.is_(None) if reason is None else deliveries.c.reason == reason)
    return list(c.execute(these.order_by(deliveries.c.id).limit(limit)).scalars())


def start_ids_anew(c: Connection) -> None:
    """Ids given out since the copy was made stand in receipts that are still to come, and at gateways that refuse
    repeats by them: none of them is given to another message.
    """
    last = c.execute(select(func.coalesce(func.max(deliveries.c.id), 0))).scalar_one()
    first = (last // _BILLION + 1) * _BILLION
    keepsakes.write(c, _FIRST_ID, str(first).encode())
    if c.dialect.name == "postgresql":
        c.execute(text("SELECT setval(pg_get_serial_sequence('deliveries', 'id'), :first)"), {"first": first})


def beyond_the_copy(c: Connection, wave_id: int, before: int) -> int:
    """The deliveries of a wave have just been inserted, after the id `before`: they get ids from the new start on,
    where there is one; the id after which they stand now.
    """
    first = int(keepsakes.read(c, _FIRST_ID) or 0)
    if before >= first:
        return before
    if c.dialect.name != "postgresql":  # SQLite gives out the next id after the highest
        new = (deliveries.c.wave_id == wave_id, deliveries.c.id > before, deliveries.c.id < first)
        c.execute(update(deliveries).where(*new).values(id=deliveries.c.id + first))
    return first
