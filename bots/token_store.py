"""The statements about tokens that providers renew. Private to the bots room."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from db.new_rows import insert_into
from db.tables import platform_tokens as tokens


def find(c: Connection, platform: str):
    return c.execute(select(tokens).where(tokens.c.platform == platform)).first()


def begin(c: Connection, platform: str, *, empty: bytes, now: datetime) -> None:
    """A row that holds nothing yet, for whoever is first."""
    values = {"platform": platform, "access_sealed": empty, "refresh_sealed": empty}
    statement = insert_into(c, tokens).values(**values, expires_at=now, refreshed_at=now)
    c.execute(statement.on_conflict_do_nothing(index_elements=["platform"]))


def claim(c: Connection, platform: str, *, seen: int, now: datetime, until: datetime) -> bool:
    """Whether the next pair is the caller's to ask for: nobody else asks, and the pair is still the one `seen`.

    Until it is kept, or let go with another word, an answer counts as not heard.
    """
    free = or_(tokens.c.renewing_until.is_(None), tokens.c.renewing_until <= now)
    statement = update(tokens).where(tokens.c.platform == platform, tokens.c.renewals == seen, free)
    return c.execute(statement.values(renewing_until=until, trouble="unheard")).rowcount == 1


def let_go(c: Connection, platform: str, *, until: datetime, trouble: str | None) -> None:
    """Ends the claim that was made until then; what came of it in a word."""
    mine = (tokens.c.platform == platform, tokens.c.renewing_until == until)
    c.execute(update(tokens).where(*mine).values(renewing_until=None, trouble=trouble))


def keep(c: Connection, platform: str, **pair: object) -> None:
    """The new pair. Whoever holds one got it for a refresh token that is dead now: it is the newest, whoever claims."""
    values = {**pair, "renewals": tokens.c.renewals + 1, "renewing_until": None, "trouble": None}
    c.execute(update(tokens).where(tokens.c.platform == platform).values(**values))
