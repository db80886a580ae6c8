"""Conversations, what was said in them, and cases for a person."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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
    #: When the person last did something, and how many messages they got from us since: some platforms count.
    Column("heard_at", UtcText),
    Column("said_since", Integer, nullable=False, server_default="0"),
    #: Since when the person blocks or no longer follows us: nothing is handed over.
    Column("gone_at", UtcText),
    #: A person of the staff answers; the machine is silent until then.
    Column("attended_by", Id),
    Column("attended_until", UtcText),
    #: The machine's next reply begins by saying that a machine answers again.
    Column("bot_returns", Boolean, nullable=False, server_default="0"),
    #: The commune of the poster, or the link, the conversation began with.
    Column("came_by", Text),
    UniqueConstraint("platform", "person_index"),
    Index("ix_conversations_came_by", "created_at", "came_by", sqlite_where=text("came_by IS NOT NULL"),
          postgresql_where=text("came_by IS NOT NULL")),
)

#: What a platform's door brought, as it came, until it is taken into the conversations: a door answers at once,
#: whatever the load. status: waiting → taken | dropped. `provider_id` begins with the platform's name.
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    #: JSON of bots.platform.Incoming; emptied when taken.
    Column("incoming_sealed", LargeBinary),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("at", UtcText, nullable=False),
    UniqueConstraint("provider_id"),
    Index("ix_arrivals_waiting", "id", sqlite_where=text("status = 'waiting'"),
          postgresql_where=text("status = 'waiting'")),
    Index("ix_arrivals_at", "at"),
)

#: Tokens that a provider renews (Zalo Official Account): the newest pair is on the disk before it is used.
platform_tokens = Table(
    "platform_tokens",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("access_sealed", LargeBinary, nullable=False),
    Column("refresh_sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcText, nullable=False),
    Column("refreshed_at", UtcText, nullable=False),
    #: Digests of the first refresh tokens it was begun with: a new one in the settings begins anew, an old one not.
    Column("began_with", Text, nullable=False, server_default=""),
    #: How many times the pair was renewed: who saw an older number looks again before asking for the next pair.
    Column("renewals", Integer, nullable=False, server_default="0"),
    #: Somebody asks the provider for the next pair until then; nobody else does.
    Column("renewing_until", UtcText),
    #: unheard (asked, no answer was kept: the pair may be lost) | refused | lost (refused after unheard); NULL = none.
    Column("trouble", Text),
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
    #: text | image | sticker | voice | location | file | other: what came when it was not text. follow: the person
    #: began; helpful | unhelpful: a button under an answer was pressed.
    Column("kind", Text, nullable=False, server_default="text"),
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
    #: The person of the staff who wrote this reply; empty where the machine did.
    Column("written_by", Id),
    #: When it was handed over, and the provider's id of it.
    Column("sent_at", UtcText),
    Column("provider_ref", Text),
    #: Of what a person wrote: their commune, and the wave they had got within the week before, where these are known.
    Column("area", Text),
    Column("wave_id", Id),
    #: How Vietnamese was typed: accented | unaccented.
    Column("register", Text),
    #: What the person said of this answer.
    Column("helpful", Boolean),
    UniqueConstraint("provider_id"),
    UniqueConstraint("reply_to"),
    Index("ix_turns_conversation", "conversation_id", "id"),
    Index("ix_turns_open", "status", "id",
          sqlite_where=text("status IN ('waiting', 'to-send', 'sending')"),
          postgresql_where=text("status IN ('waiting', 'to-send', 'sending')")),
    #: What else is open in a conversation: nothing is answered or sent before what comes first.
    Index("ix_turns_open_conversation", "conversation_id", "id",
          sqlite_where=text("status IN ('waiting', 'to-send', 'sending')"),
          postgresql_where=text("status IN ('waiting', 'to-send', 'sending')")),
    #: Few answers are judged not to help, and they are looked for all the time.
    Index("ix_turns_unhelpful", "reply_to", sqlite_where=text("helpful IS 0"),
          postgresql_where=text("helpful IS false")),
)
