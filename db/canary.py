"""Does the key in hand belong to this database? Found out before anything is sealed or looked up.

With a wrong key every number would get another blind index: old opt-outs would no longer be found, and people who
said stop would be written to. So the first start seals a known sentence, and every later start opens it.
"""

from db import keepsakes
from db.engine import Database
from db.seal import CannotOpen, Seal

NAME = "canary"
_SENTENCE = "the key fits"
_FIELD = "keepsakes.value"


def key_fits(db: Database) -> bool:
    """True when the key opens what was sealed at the first start (or this is the first start)."""
    if keepsakes.get(db, NAME) is None:
        keepsakes.put_once(db, NAME, db.seal.seal(_SENTENCE, _FIELD))
    return opens(db.seal, keepsakes.get(db, NAME))


def opens(seal: Seal, sealed: bytes) -> bool:
    """Whether `seal` has the key that sealed this canary."""
    try:
        return seal.open(sealed, _FIELD) == _SENTENCE
    except CannotOpen:
        return False
