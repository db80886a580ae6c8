"""Who said stop. Kept by the blind index of an address, an opt-out outlives the contact, every list and import.

The functions take the caller's transaction: the word that somebody wants no more messages and what else follows from
it stand or fall together.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.store import consent as store
from db.engine import Database


def opt_out(c: Connection, person_index: bytes, *, channel: str, reason: str = "", now: datetime) -> bool:
    """From now on nothing is sent to that person on any channel; False when they had said so before.

    `person_index` is `db.seal.index(address)`; `channel` is where they said it (sms, web, zalo, staff, gateway…).
    """
    return store.add(c, person_index, channel=channel, reason=reason, now=now)


def opt_in(c: Connection, person_index: bytes, now: datetime) -> bool:
    """The person asked to hear from us again; False when they never opted out."""
    return store.remove(c, person_index)


def is_out(c: Connection, person_index: bytes) -> bool:
    return bool(store.out_among(c, [person_index]))


def counts(db: Database) -> dict[str, int]:
    """How many people opted out, by the channel they said it on."""
    with db.reading() as c:
        return store.counts(c)
