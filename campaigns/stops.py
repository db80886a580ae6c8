"""Stop codes: a text says an-lo.example/stop/k7m2p4x9d, and whoever has the text in hand stops our messages there.

For people whose answer no gateway hears. A telephone number alone stops nothing: whoever holds somebody captive knows
their number too, and would cut them off from help. A code proves that the message is at hand. It is worked out from the
person's blind index under the key of this installation, the same in every message; the database knows its blind index
alone, so that who reads the database knows nobody's code.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from campaigns import consent
from campaigns.links import LETTERS
from campaigns.store import stops as store
from db.engine import Database
from db.seal import Seal

#: 26 million million codes: of ten million people's a guess hits one in 2.6 million times, and guesses are slowed.
LENGTH = 9
#: How an opt-out by this page stands in the book.
CHANNEL = "stop-page"
#: Stands for a code in a preview: as long as one.
SAMPLE_CODE = "x" * LENGTH
_FIELD = "stop-code"


def address(base: str, code: str) -> str:
    """What stands in the text, without "https://" as short links do.

    >>> address("https://an-lo.example/", "k7m2p4x9d")
    'an-lo.example/stop/k7m2p4x9d'
    """
    return f"{base.removeprefix('https://').rstrip('/')}/stop/{code}"


def read(written: str) -> str | None:
    """The code in what somebody typed, whatever spaces, dashes, capitals or address around it; None when it is none.

    >>> read(" K7M2 P4X9-D "), read("an-lo.example/stop/k7m2p4x9d"), read("k7m2")
    ('k7m2p4x9d', 'k7m2p4x9d', None)
    """
    plain = "".join(letter for letter in written[:200].rpartition("/")[2].lower() if letter.isalnum())
    return plain if len(plain) == LENGTH and set(plain) <= set(LETTERS) else None


def code_of(seal: Seal, person_index: bytes, nth: int = 0) -> str:
    """The `nth` code of a person: the first, unless somebody else has it."""
    number = int.from_bytes(seal.index(f"{_FIELD}:{nth}:{person_index.hex()}"), "big")
    letters = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


def for_contacts(db: Database, contact_ids: Collection[int], now: datetime) -> dict[int, str]:
    """Contact → code, on the disk when it returns: a code that went out must be known whatever happens next."""
    ids = list(contact_ids)
    with db.reading() as c:
        found = store.of_contacts(c, ids)
    nth = 0
    while missing := [person for _, person, has in found if has is None]:
        with db.transaction(durable=True) as c:
            store.add(c, [_row(db.seal, person, nth, now) for person in missing])
            found = store.of_contacts(c, ids)
        nth += 1
    return {contact: code_of(db.seal, person, has) for contact, person, has in found}


def _row(seal: Seal, person: bytes, nth: int, now: datetime) -> Mapping[str, object]:
    index = _index(seal, code_of(seal, person, nth))
    return {"code_index": index, "person_index": person, "nth": nth, "created_at": now}


def _index(seal: Seal, code: str) -> bytes:
    """What the database knows of a code; looking it up tells nothing of codes that are nearly right."""
    return seal.index(f"{_FIELD}-index:{code}")


def stop(db: Database, code: str, now: datetime) -> bool:
    """From now on nothing is sent to whoever has this code; False when nobody has it."""
    with db.transaction(durable=True) as c:
        person = store.owner(c, _index(db.seal, code))
        if person is not None:
            consent.opt_out(c, person, channel=CHANNEL, reason="asked", now=now)
    return person is not None


def come_back(db: Database, code: str, now: datetime) -> bool:
    """Whoever has this code wants our messages again; False when nobody has it."""
    with db.transaction(durable=True) as c:
        person = store.owner(c, _index(db.seal, code))
        if person is not None:
            consent.opt_in(c, person, now)
    return person is not None
