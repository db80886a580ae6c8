"""Who waits for whom on PostgreSQL where three messages a day are at stake; SQLite has one writer anyway."""

from sqlalchemy import Connection, text

#: Claims on PostgreSQL queue here while the daily limit matters, or two waves could each send a person their third.
_LIMIT_LOCK = 7462
_OPENING_LOCK = 7465


def share_openings(c: Connection) -> None:
    """First of all in a claim: no wave opens between the look whether the daily limit matters and the commit."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"SELECT pg_advisory_xact_lock_shared({_OPENING_LOCK})"))


def open_alone(c: Connection) -> None:
    """First of all where a wave opens: waits for the claims under way, who did not count with it."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"SELECT pg_advisory_xact_lock({_OPENING_LOCK})"))


def queue_for_limit(c: Connection) -> None:
    if c.dialect.name == "postgresql":
        c.execute(text(f"SELECT pg_advisory_xact_lock({_LIMIT_LOCK})"))
