"""How often a group of unanswered questions was asked, and by how many people, kept as it happens."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = """
    UPDATE question_groups SET
        asked = (SELECT count(*) FROM hard_questions WHERE group_id = question_groups.id),
        people = (SELECT count(DISTINCT turns.conversation_id) FROM hard_questions
                  JOIN turns ON turns.id = hard_questions.turn_id WHERE group_id = question_groups.id)
"""


def upgrade() -> None:
    for name in ("asked", "people"):
        op.add_column("question_groups", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_question_groups_people", "question_groups", ["status", "people", "asked"], unique=False)
    op.execute(COUNTED)
