"""What comes from chat platforms, how it was answered, and tokens that providers renew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("incoming_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_arrivals_provider_id")),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"], unique=False)
    op.create_index(
        "ix_arrivals_waiting",
        "arrivals",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "platform_tokens",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("access_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("refreshed_at", sa.Text(), nullable=False),
        sa.Column("began_with", sa.Text(), server_default="", nullable=False),
        sa.Column("renewals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("renewing_until", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_platform_tokens")),
    )
    op.add_column("conversations", sa.Column("heard_at", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("said_since", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("gone_at", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("attended_by", ID, nullable=True))
    op.add_column("conversations", sa.Column("attended_until", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("bot_returns", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("came_by", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("kind", sa.Text(), server_default="text", nullable=False))
    op.add_column("turns", sa.Column("written_by", ID, nullable=True))
    op.add_column("turns", sa.Column("sent_at", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("provider_ref", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("helpful", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_turns_open_conversation",
        "turns",
        ["conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'to-send', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'to-send', 'sending')"),
    )
    op.create_index(
        "ix_turns_unhelpful",
        "turns",
        ["reply_to"],
        unique=False,
        sqlite_where=sa.text("helpful IS 0"),
        postgresql_where=sa.text("helpful IS false"),
    )
    op.execute("UPDATE conversations SET heard_at = last_at")
    op.execute("UPDATE turns SET sent_at = at WHERE direction = 'out' AND status = 'sent'")
