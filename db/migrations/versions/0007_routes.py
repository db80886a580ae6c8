"""Waves by a routing table: which gateway for whom, how each gateway fares, and which one a delivery went through."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "routes",
        sa.Column("id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), server_default="100", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
    )
    op.create_table(
        "gateway_health",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), server_default="1", nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("troubled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_id", ID, nullable=True),
        sa.Column("probes", sa.Text(), server_default="[]", nullable=False),
        sa.Column("usual_seconds", sa.Float(), nullable=True),
        sa.Column("usual_late", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_gateway_health")),
    )
    op.add_column("deliveries", sa.Column("gateway", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("maybe_since", sa.Text(), nullable=True))
