"""The job queue's own tables on PostgreSQL. SQLite has no queue: one process works."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    c = op.get_bind()
    if c.dialect.name != "postgresql" or sa.inspect(c).has_table("procrastinate_jobs"):
        return  # workers of before this revision made the same tables at their first start
    schema = Path(__file__).with_name("0010_queue.sql").read_text(encoding="utf-8")
    c.connection.driver_connection.execute(schema)  # a script, not one statement: past SQLAlchemy
