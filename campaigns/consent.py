"""Who said stop. Kept by the blind index of an address, an opt-out outlives the contact, every list and import.

The functions take the caller's transaction: the word that somebody wants no more messages and what else follows from
it stand or fall together.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns import responses
from campaigns.model import actor
from campaigns.responses import BY_GATEWAY, CARRIED_OVER
from campaigns.store import consent as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit


def opt_out(
    c: Connection,
    person_index: bytes,
    *,
    channel: str,
    reason: str = "",
    now: datetime,
    number_sealed: bytes | None = None,
    by: int | None = None,
) -> bool:
    """From now on nothing is sent to that person on any channel; False when they had said so before.

    `person_index` is `db.seal.index(address)`; `channel` is where they said it (sms, web, zalo, gateway…), or how an
    officer (`by`) brought it in: staff, list. `number_sealed` is kept of numbers that came so (field "optouts.number").
    """
    given = {"channel": channel, "reason": reason, "at": now, "number_sealed": number_sealed, "by": by}
    if not store.add(c, person_index, given):
        return False
    responses.note(c, person_index, responses.OPTED_OUT, now)
    responses.count_optouts(c, [person_index], channel, now)
    return True


def told_by_gateway(c: Connection, people: Collection[bytes], now: datetime) -> None:
    """A gateway refuses to send to these people: they opted out with their carrier, nobody knows when or why."""
    given = {"channel": "sms", "reason": BY_GATEWAY, "at": now}
    new = store.add_many(c, [{"person_index": person, **given} for person in people])
    responses.count_optouts(c, new, "sms", now)


def brought_in(c: Connection, rows: Sequence[Mapping[str, object]], channel: str, now: datetime) -> int:
    """An officer brings in what people said elsewhere, on the telephone (`channel` staff) or to others (list); `rows`
    as the store takes them, without channel and moment. How many of them had not opted out before.
    """
    new = store.add_many(c, [{**row, "channel": channel, "at": now} for row in rows])
    if channel != CARRIED_OVER:
        responses.note_all(c, new, responses.OPTED_OUT, now)
    responses.count_optouts(c, new, channel, now)
    return len(new)


def opt_in(c: Connection, person_index: bytes, now: datetime) -> bool:
    """The person asked to hear from us again; False when they never opted out.

    Written down, because an opt-out that is gone leaves no row of its own.
    """
    lifted = store.remove(c, person_index)
    if lifted:
        audit.record(c, at=now, actor="system", action="consent.opt-in", object=f"person:{person_index.hex()[:8]}")
    return lifted


def check_exercise(db: Database, number: str, *, by: int | None, now: datetime) -> None:
    """An officer is about to answer in the place of whoever has this number, on the wall of test phones: written down,
    and refused (Mistake: exercise-only) when it is a real person, whose consent nobody else may give or take back.
    """
    index = db.seal.index(number)
    with db.transaction() as c:
        if store.is_real(c, index):
            raise Mistake("exercise-only")
        audit.record(c, at=now, actor=actor(by), action="handsets.answer", object=f"person:{index.hex()[:8]}")


def may_exercise(db: Database, number: str) -> bool:
    """Whether an officer may answer in the place of whoever has this number: nobody real has."""
    with db.reading() as c:
        return not store.is_real(c, db.seal.index(number))


def is_out(c: Connection, person_index: bytes) -> bool:
    return bool(store.out_among(c, [person_index]))


def counts(db: Database) -> dict[str, int]:
    """How many people opted out, by the channel they said it on."""
    with db.reading() as c:
        return store.counts(c)
