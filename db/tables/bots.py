"""Conversations, what was said in them, and cases for a person."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from db.tables.base import metadata
from db.types import Id, UtcText

#: A person on a platform (web | sms | zalo | telegram | terminal). `context` is the engine's JSON memory.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("person_index", LargeBinary, nullable=False),
    Column("address_sealed", LargeBinary, nullable=False),
    #: The SMS gateway the last message came through, and the number it was sent to.
    Column("gateway", Text),
    Column("language", Text),
    Column("context", Text, nullable=False, server_default="{}"),
    Column("created_at", UtcText, nullable=False),
    Column("last_at", UtcText, nullable=False),
    UniqueConstraint("platform", "person_index"),
)

#: One thing said. In: waiting → answered. Out: to-send → sending → sent | failed (sending is a durable intent).
#: `provider_id` is the provider's id of an inbound message: a repeat meets the unique key and changes nothing.
turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("provider_id", Text),
    Column("status", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    #: JSON list of quick replies shown under an answer: [{"text", "say"}].
    Column("choices", Text, nullable=False, server_default="[]"),
    Column("reply_to", Id, ForeignKey("turns.id")),
    Column("topic", Text),
    Column("danger", Text),
    Column("confidence", Float),
    #: JSON list of what decided, for staff; it quotes the person, so it is sealed.
    Column("why_sealed", LargeBinary),
    Column("language", Text),
    Column("at", UtcText, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcText),
    Column("worker", Text),
    UniqueConstraint("provider_id"),
    UniqueConstraint("reply_to"),
    Index("ix_turns_conversation", "conversation_id", "id"),
    Index("ix_turns_open", "status", "id",
          sqlite_where=text("status IN ('waiting', 'to-send', 'sending')"),
          postgresql_where=text("status IN ('waiting', 'to-send', 'sending')")),
)

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
    Column("claimed_by", Id, ForeignKey("staff.id")),
    Column("closed_at", UtcText),
    Index("ix_cases_open", "status", "danger", "opened_at"),
)
