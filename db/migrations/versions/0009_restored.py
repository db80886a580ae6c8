"""A copy of the database that was put back: a stop of its own kind, and the waves to be asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("halts", sa.Column("kind", sa.Text(), server_default="stop", nullable=False))
    op.create_table(
        "recalled_waves",
        sa.Column("wave_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("copied_at", sa.Text(), nullable=True),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_to", ID, server_default="0", nullable=False),
        sa.Column("there", sa.Integer(), server_default="0", nullable=False),
        sa.Column("doubtful", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_recalled_waves_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_recalled_waves")),
    )
