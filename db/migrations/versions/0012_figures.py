"""Counters behind the figures, and what they count by. An upgraded installation fills them by itself, a part at a
time (campaigns.figures.mend), the carriers of deliveries first: nobody waits at the start until millions of rows are
written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("carrier", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("area", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("wave_id", ID, nullable=True))
    op.add_column("turns", sa.Column("register", sa.Text(), nullable=True))
    begun = sa.text("came_by IS NOT NULL")
    op.create_index(op.f("ix_conversations_came_by"), "conversations", ["created_at", "came_by"],
                    sqlite_where=begun, postgresql_where=begun)
    _counters("wave_figures", "wave_id", "by", "which", "status", "reason")
    _counters("response_counts", "wave_id", "area", "kind")
    _counters("optout_days", "day", "area", "channel")
    _counters("bot_days", "day", "platform", "what", "key")
    _counters("topic_areas", "day", "area", "topic")
    _counters("wave_topics", "wave_id", "topic")
    op.create_table(
        "responses",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_responses_wave_id_waves")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_responses_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wave_id", "contact_id", "kind", name=op.f("pk_responses")),
    )
    op.create_index(op.f("ix_responses_contact"), "responses", ["contact_id"])
    op.create_index(op.f("ix_wave_figures_which"), "wave_figures", ["by", "which"])
    op.create_index(op.f("ix_spending_day"), "spending", ["day"])


def _counters(table: str, *keys: str) -> None:
    """A table of numbers by `keys`."""
    columns = [sa.Column(key, ID if key == "wave_id" else sa.Text(), nullable=False,
                         server_default="" if key in ("reason", "key") else None) for key in keys]
    waves = [sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f(f"fk_{table}_wave_id_waves"))]
    op.create_table(
        table,
        *columns,
        sa.Column("n", sa.Integer(), nullable=False),
        *(waves if "wave_id" in keys else ()),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
    )
