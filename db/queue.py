"""What PostgreSQL keeps for the cluster's job queue: its tables, and how many jobs wait. The jobs only say "look
again"; the truth is in our own rows."""

from sqlalchemy import Connection, inspect, text

#: Two workers that start together must not both make the tables.
_LOCK = 7463


def ensure_tables(c: Connection, schema: str) -> bool:
    """Makes the queue's tables from `schema` (its own SQL script) when they are not there; whether it did."""
    c.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if inspect(c).has_table("procrastinate_jobs"):
        return False
    c.connection.driver_connection.execute(schema)  # a script, not one statement: past SQLAlchemy
    return True


def batches_waiting(c: Connection, task: str) -> dict[int, int]:
    """Wave id → jobs of `task` that wait or run."""
    statement = text(
        "SELECT (args->>'wave_id')::bigint, count(*) FROM procrastinate_jobs"
        " WHERE task_name = :task AND status IN ('todo', 'doing') GROUP BY 1"
    )
    return {wave_id: n for wave_id, n in c.execute(statement, {"task": task})}


def is_waiting(c: Connection, task: str) -> bool:
    statement = text("SELECT 1 FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo' LIMIT 1")
    return c.execute(statement, {"task": task}).first() is not None
