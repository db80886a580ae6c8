"""Changing many deliveries in one statement, built once: a claim, what was accepted, and any other change.

Which rows may change, and to what, is for campaigns.deliveries to say.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, Connection, Integer, Text, bindparam, func, literal_column, update

from campaigns.model import DeliveryStatus
from campaigns.store.figures import HOUR_LETTERS
from campaigns.store.many_rows import table_of, values_of
from db.tables import deliveries
from db.types import UtcText, utc_text

S = DeliveryStatus

#: What `hold` is given of each row.
_HELD = {"id": BigInteger, "segments": Integer, "vnd": Integer}


def hold(
    c: Connection, rows: Sequence[tuple[int, int | None, int | None]], worker: str, now: datetime,
    gateway: str | None = None,
) -> None:
    """These (id, segments, VND), locked by `next_queued`, are `worker`'s to send, through `gateway` where their wave
    has many; each hold counts as an attempt.
    """
    dialect = c.dialect.name
    given = {**values_of(dialect, _HELD, rows), "holder": worker, "held_at": now}
    if gateway is None:
        c.execute(_hold(dialect), given)
    else:
        c.execute(_hold(dialect).values(gateway=bindparam("through")), {**given, "through": gateway})


@cache
def _hold(dialect: str):
    given = table_of(dialect, _HELD)
    held = {"status": str(S.SENDING), "worker": bindparam("holder"), "attempts": deliveries.c.attempts + 1,
            "sent_at": bindparam("held_at", type_=UtcText()), "next_try_at": None}
    known = {"segments": given.c.segments, "vnd": given.c.vnd}
    return update(deliveries).where(deliveries.c.id == given.c.id).values(**held, **known)


#: What `write` writes, and the id it writes to.
_WRITTEN = {
    "id": BigInteger,
    "status": Text,
    "reason": Text,
    "worker": Text,
    "ref": Text,
    "segments": Integer,
    "vnd": Integer,
    "maybe_since": Text,
    "next_try_at": Text,
    "sent_at": Text,
    "done_at": Text,
}


def write(c: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows keyed like the columns: all of _WRITTEN."""
    if not rows:
        return
    values = [tuple(_plain(row[name]) for name in _WRITTEN) for row in rows]
    dialect = c.dialect.name
    c.execute(_write(dialect), values_of(dialect, _WRITTEN, values))


@cache
def _write(dialect: str):
    given = table_of(dialect, _WRITTEN)
    changes = {name: given.c[name] for name in _WRITTEN if name != "id"}
    return update(deliveries).values(changes).where(deliveries.c.id == given.c.id)


def _plain(value: object) -> object:
    return utc_text(value) if isinstance(value, datetime) else value


_ACCEPTED = {"id": BigInteger, "attempt": Integer, "ref": Text, "segments": Integer, "vnd": Integer}


def accept(c: Connection, worker: str, rows: Sequence[tuple[int, int, str | None, int, int | None]]) -> list:
    """The usual case in one statement: of these (id, attempt, ref, segments, VND), those this worker still holds are
    accepted. Returns (id, wave_id, area, carrier, hour of the hand-over) of them.
    """
    dialect = c.dialect.name
    return c.execute(_accept(dialect), {**values_of(dialect, _ACCEPTED, rows), "holder": worker}).all()


@cache
def _accept(dialect: str):
    # Conditions on columns of `given`, not on values: PostgreSQL takes these for so selective that it reads the whole
    # table, or all that is being sent by the index on worker (SQLite too), instead of going by id.
    held = {"status": literal_column(f"'{S.SENDING}'"), "worker": bindparam("holder", type_=Text())}
    given = table_of(dialect, _ACCEPTED, **held)
    return (
        update(deliveries)
        .values(status=str(S.ACCEPTED), ref=given.c.ref, segments=given.c.segments, vnd=given.c.vnd)
        .where(
            deliveries.c.id == given.c.id,
            func.coalesce(deliveries.c.status, "") == given.c.status,
            func.coalesce(deliveries.c.worker, "") == given.c.worker,
            deliveries.c.attempts == given.c.attempt,
        )
        .returning(
            deliveries.c.id, deliveries.c.wave_id, deliveries.c.area, deliveries.c.carrier,
            func.substr(deliveries.c.sent_at, 1, HOUR_LETTERS, type_=Text()).label("hour"),
        )
    )
