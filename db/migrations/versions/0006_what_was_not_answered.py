"""What the bot could not answer, in groups, and lines that staff marked as none of ours."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "question_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_groups")),
    )
    op.create_index("ix_question_groups_status", "question_groups", ["status", "last_at"], unique=False)
    op.create_table(
        "outside_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("written_by", ID, nullable=True),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["question_groups.id"], name=op.f("fk_outside_lines_group_id_question_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_lines")),
    )
    op.create_index("ix_outside_lines_status", "outside_lines", ["status"], unique=False)
    op.create_table(
        "hard_questions",
        sa.Column("turn_id", ID, autoincrement=False, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["question_groups.id"], name=op.f("fk_hard_questions_group_id_question_groups")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_hard_questions_turn_id_turns")),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_hard_questions")),
    )
    op.create_index("ix_hard_questions_group", "hard_questions", ["group_id", "at"], unique=False)
