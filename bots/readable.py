"""What was sealed, for a page: what cannot be opened any more must not keep staff from everything else."""

from db.engine import Database
from db.seal import CannotOpen

#: Stands where something cannot be opened: sealed under a key we do not have, or changed.
UNREADABLE = "[?]"


def readable(db: Database, sealed: bytes, field: str) -> str:
    """The text, or UNREADABLE."""
    try:
        return db.seal.open(sealed, field)
    except (CannotOpen, UnicodeDecodeError):
        return UNREADABLE
