"""The desk of people behind the bot: cases, what was done about them, who is called out."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from db.tables.base import metadata
from db.types import Id, UtcText

#: A hand-over to a person. danger: red | amber | none. status: open | claimed | closed.
cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("danger", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    Column("opened_at", UtcText, nullable=False),
    #: The person of the staff who opened it; empty when the machine did.
    Column("opened_by", Id),
    #: When it became as urgent as it is: alerts count from here.
    Column("raised_at", UtcText),
    Column("claimed_by", Id, ForeignKey("staff.id")),
    Column("claimed_at", UtcText),
    #: When a person of the staff first wrote to them.
    Column("answered_at", UtcText),
    #: Only for who is trained in safeguarding.
    Column("restricted", Boolean, nullable=False, server_default="0"),
    Column("outcome", Text),
    Column("closed_at", UtcText),
    Column("closed_by", Id),
    #: Counts what staff did: a form made from an older state is not carried out unknowingly.
    Column("version", Integer, nullable=False, server_default="0"),
    Index("ix_cases_open", "status", "danger", "opened_at"),
    Index("ix_cases_conversation", "conversation_id", "id"),
)

#: What happened to a case, in order. kind: opened | raised | claimed | released | handed-over | note | replied |
#: restricted | unrestricted | alerted | closed | reopened.
case_events = Table(
    "case_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    #: Who did it; empty when the machine did. For a hand-over also to whom.
    Column("by", Id),
    Column("to", Id),
    Column("at", UtcText, nullable=False),
    Column("text_sealed", LargeBinary),
    Index("ix_case_events_case", "case_id", "id"),
)

#: What a case can be found by: keyed digests of its words without accents, parted by blanks. No words can be read
#: out of it.
case_words = Table(
    "case_words",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("folded", Text, nullable=False),
    #: The newest turn and event whose words are in it.
    Column("turn_id", Id, nullable=False, server_default="0"),
    Column("event_id", Id, nullable=False, server_default="0"),
)

#: Who is called out for somebody in danger, first the lowest `position`.
duty = Table(
    "duty",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("number_sealed", LargeBinary),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("created_by", Id),
    Column("created_at", UtcText, nullable=False),
)

#: One call about one case to one person of the call-out list. channel: email | sms. status: to-send → sending → sent |
#: failed, or called-off when somebody took the case before it went. `round` counts the repeats.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    #: Empty: a trial, about nobody.
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("duty_id", Id, ForeignKey("duty.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("status", Text, nullable=False, server_default="to-send"),
    Column("at", UtcText, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcText),
    Column("worker", Text),
    Column("sent_at", UtcText),
    Column("error", Text, nullable=False, server_default=""),
    UniqueConstraint("case_id", "duty_id", "channel", "round"),
    Index("ix_alerts_open", "status", "id",
          sqlite_where=text("status IN ('to-send', 'sending')"),
          postgresql_where=text("status IN ('to-send', 'sending')")),
)
