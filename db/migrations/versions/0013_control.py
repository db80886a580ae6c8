"""Control groups: some of those who would get a wave get nothing, and both groups are compared."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("waves", sa.Column("control", sa.SmallInteger(), nullable=True))
    op.add_column("waves", sa.Column("control_key", sa.Text(), nullable=True))
    op.create_table(
        "control_looks",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("got", sa.Integer(), nullable=False),
        sa.Column("got_asked", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("held_asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_control_looks_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_control_looks")),
    )
