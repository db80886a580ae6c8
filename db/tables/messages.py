"""Campaigns and the messages officers write."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from db.tables.base import metadata
from db.types import Id, UtcText

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("goal", Text, nullable=False, server_default=""),
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
    Column("written_by", Id, ForeignKey("staff.id")),
    Column("written_at", UtcText, nullable=False),
    UniqueConstraint("message_id", "number"),
)
