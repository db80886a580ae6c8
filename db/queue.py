"""What PostgreSQL keeps for the cluster's job queue: how many jobs wait. The jobs only say "look again"; the truth is
in our own rows. The queue's tables are made by the migrations (0010)."""

from sqlalchemy import Connection, text


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
