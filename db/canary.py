"""Does the key in hand belong to this database? Found out before anything is sealed or looked up.

With a wrong key every number would get another blind index: old opt-outs would no longer be found, and people who
said stop would be written to. So the first start seals a known sentence, and every later start opens it.
"""

from sqlalchemy import insert, select

from db.engine import Database
from db.seal import CannotOpen
from db.tables import keepsakes

_NAME = "canary"
_SENTENCE = "the key fits"
_FIELD = "keepsakes.value"


def key_fits(db: Database) -> bool:
    """True when the key opens what was sealed at the first start (or this is the first start)."""
    with db.reading() as c:
        sealed = c.execute(select(keepsakes.c.value).where(keepsakes.c.name == _NAME)).scalar_one_or_none()
    if sealed is None:
        return _remember(db)
    try:
        return db.seal.open(sealed, _FIELD) == _SENTENCE
    except CannotOpen:
        return False


def _remember(db: Database) -> bool:
    with db.transaction() as c:
        if c.execute(select(keepsakes.c.name).where(keepsakes.c.name == _NAME)).scalar_one_or_none() is None:
            c.execute(insert(keepsakes).values(name=_NAME, value=db.seal.seal(_SENTENCE, _FIELD)))
    return True
