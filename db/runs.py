"""The memory of recurring jobs: what ran when, for how long, with which counts, for the status page."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from db.engine import Database
from db.tables import job_runs

#: Runs kept of each job.
KEPT = 200


def note(
    db: Database, *, name: str, started_at: datetime, ms: int, counts: Mapping[str, int], error: str | None = None
) -> None:
    """Keeps one run, and only the KEPT newest of that job."""
    row = {"name": name, "started_at": started_at, "ms": ms, "counts": json.dumps(counts), "error": error}
    with db.transaction() as c:
        c.execute(insert(job_runs).values(row))
        oldest_kept = (
            select(job_runs.c.id)
            .where(job_runs.c.name == name)
            .order_by(job_runs.c.id.desc())
            .offset(KEPT - 1)
            .limit(1)
            .scalar_subquery()
        )
        c.execute(delete(job_runs).where(job_runs.c.name == name, job_runs.c.id < oldest_kept))


def newest(db: Database) -> list[dict[str, object]]:
    """The last run of every job, by name."""
    last = select(func.max(job_runs.c.id)).group_by(job_runs.c.name)
    with db.reading() as c:
        rows = c.execute(select(job_runs).where(job_runs.c.id.in_(last)).order_by(job_runs.c.name)).mappings()
        return [{**row, "counts": json.loads(row["counts"])} for row in rows]
