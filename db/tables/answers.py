"""What may be said here: answers changed by staff, answers taken over by this installation, lists of agencies."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from db.tables.base import metadata
from db.types import Id, UtcText

#: An answer in one language as staff wrote it. status: draft → submitted → live → replaced | withdrawn;
#: submitted → returned. At most one version of a topic and language is live; it stands before the shipped file.
answer_versions = Table(
    "answer_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False, server_default="draft"),
    #: JSON of the whole answer: group, title, questions, its three texts, sources, reviewed, expires, choices.
    Column("content", Text, nullable=False),
    #: Digest of the answer it was written from, so that two people do not overwrite each other unknowingly.
    Column("base", Text, nullable=False, server_default=""),
    #: Why it was changed; why it was returned.
    Column("note", Text, nullable=False, server_default=""),
    Column("written_by", Id, ForeignKey("staff.id")),
    Column("written_at", UtcText, nullable=False),
    Column("submitted_by", Id, ForeignKey("staff.id")),
    Column("submitted_at", UtcText),
    Column("decided_by", Id, ForeignKey("staff.id")),
    Column("decided_at", UtcText),
    UniqueConstraint("topic", "language", "number"),
    Index("ix_answer_versions_status", "status"),
    Index("ix_answer_versions_live", "topic", "language", unique=True,
          sqlite_where=text("status = 'live'"), postgresql_where=text("status = 'live'")),
)

#: What a version would change: asked for by a person, worked out in the background. status: waiting → working → done |
#: failed. `digest` is that of what was played through; the result quotes what people asked, so it is sealed.
answer_replays = Table(
    "answer_replays",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", Id, ForeignKey("answer_versions.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("asked_by", Id, ForeignKey("staff.id")),
    Column("asked_at", UtcText, nullable=False),
    Column("worker", Text),
    Column("begun_at", UtcText),
    Column("done_at", UtcText),
    Column("result_sealed", LargeBinary),
    Index("ix_answer_replays_version", "version_id", "id"),
    Index("ix_answer_replays_status", "status", "id"),
)

#: A group of answers read and taken over by this installation. `answers` is JSON {name: {language:
#: digest of what was read}}.
answer_adoptions = Table(
    "answer_adoptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("by", Id, ForeignKey("staff.id")),
    Column("at", UtcText, nullable=False),
    Index("ix_answer_adoptions_group", "group", "id"),
)

#: A test call to a help line. outcome: answered | unanswered | wrong.
line_checks = Table(
    "line_checks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("by", Id, ForeignKey("staff.id")),
    Column("at", UtcText, nullable=False),
    Index("ix_line_checks_number", "number", "id"),
)

#: A list of licensed agencies as loaded by staff; the newest one counts. `as_of` is its own date, ISO.
#: status: draft (somebody is looking at what was read) → loaded. `refused` is JSON [[line, code, name], …].
agency_lists = Table(
    "agency_lists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("as_of", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("agencies", Integer, nullable=False, server_default="0"),
    Column("status", Text, nullable=False, server_default="loaded"),
    Column("refused", Text, nullable=False, server_default="[]"),
    Column("loaded_by", Id, ForeignKey("staff.id")),
    Column("loaded_at", UtcText, nullable=False),
)

#: One agency of a list. status: licensed | suspended | revoked. `folded` is what is searched.
agencies = Table(
    "agencies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("list_id", Id, ForeignKey("agency_lists.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    #: Trade names and short names, one a line.
    Column("also", Text, nullable=False, server_default=""),
    Column("licence", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="licensed"),
    Column("folded", Text, nullable=False),
    Index("ix_agencies_list", "list_id"),
)
