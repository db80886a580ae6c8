"""How far a large wave has been opened."""

import sqlalchemy as sa
from alembic import op

from db.types import Id

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waves", sa.Column("opening_after", Id))
