"""Campaigns and the messages officers write."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("goal", Text, nullable=False, server_default=""),
    #: Hard limits over all its waves; NULL = none. `daily_cap` counts messages of a day in Vietnam.
    Column("budget_vnd", BigInteger),
    Column("daily_cap", Integer),
    Column("starts_on", Text),
    Column("ends_on", Text),
    Column("created_by", Id),
    Column("closed_at", UtcText),
    Column("created_at", UtcText, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", Text, nullable=False),
    Column("campaign_id", Id, ForeignKey("campaigns.id")),
    Column("created_at", UtcText, nullable=False),
    Column("created_by", Id, ForeignKey("staff.id")),
)

#: What a message says; never changed once written. A new wording is a new number.
message_versions = Table(
    "message_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("vi", Text, nullable=False, server_default=""),
    Column("vi_unaccented", Text, nullable=False, server_default=""),
    Column("en", Text, nullable=False, server_default=""),
    #: Marked as an advertisement: it must say [QC] or [AD] and how to refuse more.
    Column("advert", Boolean, nullable=False, server_default="0"),
    #: The name of the starter message it was taken from.
    Column("starter", Text),
    Column("written_by", Id, ForeignKey("staff.id")),
    Column("written_at", UtcText, nullable=False),
    UniqueConstraint("message_id", "number"),
)

#: A version sent to an officer's own phone to be looked at. status: to-send → sending → sent | failed | unknown.
test_sends = Table(
    "test_sends",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", Id, ForeignKey("message_versions.id"), nullable=False),
    Column("form", Text, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("number_sealed", LargeBinary, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("status", Text, nullable=False, server_default="to-send"),
    Column("reason", Text),
    Column("ref", Text),
    Column("worker", Text),
    Column("by", Id, nullable=False),
    Column("created_at", UtcText, nullable=False),
    Column("sent_at", UtcText),
    Index("ix_test_sends_open", "id", sqlite_where=text("status = 'to-send'"),
          postgresql_where=text("status = 'to-send'")),
)

#: A web address a message leads to: /s/<code>. One code per wave and arm; `contact_id` only where following single
#: people was switched on with a reason.
links = Table(
    "links",
    metadata,
    Column("code", Text, primary_key=True),
    Column("wave_id", Id, nullable=False),
    Column("arm", Integer),
    Column("contact_id", Id),
    Column("target", Text, nullable=False),
    Column("created_at", UtcText, nullable=False),
    Index("ix_links_wave_id", "wave_id"),
)

#: How often a link was opened, counted by the hour: nothing of who opened it is kept.
link_hits = Table(
    "link_hits",
    metadata,
    Column("code", Text, ForeignKey("links.code", ondelete="CASCADE"), primary_key=True),
    Column("hour", UtcText, primary_key=True),
    #: person | machine (a preview robot, a mail scanner).
    Column("kind", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)
