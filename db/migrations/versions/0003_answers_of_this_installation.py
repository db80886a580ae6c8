"""Answers of this installation: versions, groups taken over, test calls to help lines, lists of agencies."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _versions()
    _replays()
    _adoptions()
    _agencies()


def _versions() -> None:
    op.create_table(
        "answer_versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("written_by", ID, nullable=True),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.Column("submitted_by", ID, nullable=True),
        sa.Column("submitted_at", sa.Text(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_answer_versions_decided_by_staff")),
        sa.ForeignKeyConstraint(["submitted_by"], ["staff.id"], name=op.f("fk_answer_versions_submitted_by_staff")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_answer_versions_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_versions")),
        sa.UniqueConstraint("topic", "language", "number", name=op.f("uq_answer_versions_topic")),
    )
    op.create_index(
        "ix_answer_versions_live",
        "answer_versions",
        ["topic", "language"],
        unique=True,
        sqlite_where=sa.text("status = 'live'"),
        postgresql_where=sa.text("status = 'live'"),
    )
    op.create_index("ix_answer_versions_status", "answer_versions", ["status"], unique=False)


def _replays() -> None:
    op.create_table(
        "answer_replays",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.Text(), nullable=True),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.Column("result_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["answer_versions.id"], name=op.f("fk_answer_replays_version_id_answer_versions")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_answer_replays_asked_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_replays")),
    )
    op.create_index("ix_answer_replays_version", "answer_replays", ["version_id", "id"], unique=False)
    op.create_index("ix_answer_replays_status", "answer_replays", ["status", "id"], unique=False)


def _adoptions() -> None:
    op.create_table(
        "answer_adoptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_answer_adoptions_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_adoptions")),
    )
    op.create_index("ix_answer_adoptions_group", "answer_adoptions", ["group", "id"], unique=False)
    op.create_table(
        "line_checks",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_line_checks_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_checks")),
    )
    op.create_index("ix_line_checks_number", "line_checks", ["number", "id"], unique=False)


def _agencies() -> None:
    op.create_table(
        "agency_lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("agencies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="loaded", nullable=False),
        sa.Column("refused", sa.Text(), server_default="[]", nullable=False),
        sa.Column("loaded_by", ID, nullable=True),
        sa.Column("loaded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["loaded_by"], ["staff.id"], name=op.f("fk_agency_lists_loaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_lists")),
    )
    op.create_table(
        "agencies",
        sa.Column("id", ID, nullable=False),
        sa.Column("list_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("also", sa.Text(), server_default="", nullable=False),
        sa.Column("licence", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="licensed", nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["agency_lists.id"], name=op.f("fk_agencies_list_id_agency_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    op.create_index("ix_agencies_list", "agencies", ["list_id"], unique=False)
