"""Codes by which people stop our messages on a page, where a gateway cannot hear their answer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop_codes",
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(), nullable=False),
        sa.Column("nth", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code_index", name=op.f("pk_stop_codes")),
        sa.UniqueConstraint("person_index", name=op.f("uq_stop_codes_person_index")),
    )
