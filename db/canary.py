"""Does the key in hand belong to this database? Found out before anything is sealed or looked up.

With a wrong key every number would get another blind index: old opt-outs would no longer be found, and people who
said stop would be written to. So the first start seals a known sentence, and every later start opens it.
"""

from db import keepsakes
from db.engine import Database
from db.seal import CannotOpen

_NAME = "canary"
_SENTENCE = "the key fits"
_FIELD = "keepsakes.value"


def key_fits(db: Database) -> bool:
    """True when the key opens what was sealed at the first start (or this is the first start)."""
    if keepsakes.get(db, _NAME) is None:
        keepsakes.put_once(db, _NAME, db.seal.seal(_SENTENCE, _FIELD))
    try:
        return db.seal.open(keepsakes.get(db, _NAME), _FIELD) == _SENTENCE
    except CannotOpen:
        return False
