"""What the bot could not answer, grouped for people to decide; nothing here teaches it by itself."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from db.tables.base import metadata
from db.types import Id, UtcText

#: Questions that are alike. status: open | done | outside | ignored. `decision` says what was made of it:
#: example | draft | outside | ignored, with the topic.
question_groups = Table(
    "question_groups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("language", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    Column("decision", Text),
    Column("topic", Text),
    Column("decided_by", Id),
    Column("decided_at", UtcText),
    Column("first_at", UtcText, nullable=False),
    Column("last_at", UtcText, nullable=False),
    #: How many questions are in it, of how many conversations: kept as they come, for pages that must not count them.
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("people", Integer, nullable=False, server_default="0"),
    Index("ix_question_groups_status", "status", "last_at"),
    Index("ix_question_groups_people", "status", "people", "asked"),
)

#: One message that was not answered, or whose answer did not help, without what could name a person.
#: why: abstained | not-helpful.
hard_questions = Table(
    "hard_questions",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id"), primary_key=True, autoincrement=False),
    Column("group_id", Id, ForeignKey("question_groups.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    #: Commune, when it is known; the Monday of its week in Vietnam.
    Column("area", Text),
    Column("week", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    Index("ix_hard_questions_group", "group_id", "at"),
)

#: Lines that are none of ours, as staff marked them and another person approved. status: submitted → live | returned;
#: live → withdrawn.
outside_lines = Table(
    "outside_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="submitted"),
    Column("group_id", Id, ForeignKey("question_groups.id")),
    Column("written_by", Id),
    Column("written_at", UtcText, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", UtcText),
    Index("ix_outside_lines_status", "status"),
)
