"""Where people's numbers come from, as uploads said it."""

from campaigns.store import sources as store
from db.engine import Database


def newest(db: Database, limit: int = 20) -> list[str]:
    """The sources of the latest imports, each once."""
    with db.reading() as c:
        return store.newest(c, limit)
