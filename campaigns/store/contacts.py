"""What everybody heeds who adds contacts. `incoming` adds them."""

from sqlalchemy import Connection, text

#: An advisory lock of its own; tests/house/test_locks.py sees to it that no two share a number.
_IMPORT_LOCK = 7464


def take_turns(c: Connection) -> None:
    """Waits for other imports' batches: two that add the same people in other orders would wait for each other.

    SQLite has one writer anyway.
    """
    if c.dialect.name == "postgresql":
        c.execute(text(f"SELECT pg_advisory_xact_lock({_IMPORT_LOCK})"))

