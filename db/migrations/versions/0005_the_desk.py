"""The desk: what was done about a case, what it is found by, who is called out, and their alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), server_default="vi", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("duty_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="to-send", nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.Text(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alerts_case_id_cases")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_alerts_duty_id_duty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("case_id", "duty_id", "channel", "round", name=op.f("uq_alerts_case_id")),
    )
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["status", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('to-send', 'sending')"),
        postgresql_where=sa.text("status IN ('to-send', 'sending')"),
    )
    op.create_table(
        "case_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("to", ID, nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_case", "case_events", ["case_id", "id"], unique=False)
    op.create_table(
        "case_words",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("turn_id", ID, server_default="0", nullable=False),
        sa.Column("event_id", ID, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_words_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_words")),
    )
    op.add_column("cases", sa.Column("opened_by", ID, nullable=True))
    op.add_column("cases", sa.Column("raised_at", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("claimed_at", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("answered_at", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("restricted", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("closed_by", ID, nullable=True))
    op.add_column("cases", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_cases_conversation", "cases", ["conversation_id", "id"], unique=False)
