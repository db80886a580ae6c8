"""Waves, their approvals and their deliveries."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.tables.base import metadata
from db.types import Id, UtcText

#: status: draft → submitted → approved → scheduled → sending ⇄ paused → finished | cancelled.
waves = Table(
    "waves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("campaign_id", Id, ForeignKey("campaigns.id")),
    Column("version_id", Id, ForeignKey("message_versions.id"), nullable=False),
    #: Which Vietnamese a Vietnamese reader gets: vi | vi-unaccented. en = everybody gets English.
    Column("form", Text, nullable=False, server_default="vi"),
    #: JSON, see campaigns.audience: {"lists": [ids]}.
    Column("audience", Text, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("rate", Float),
    Column("ignore_quiet_hours", Boolean, nullable=False, server_default="0"),
    Column("starts_at", UtcText),
    Column("status", Text, nullable=False, server_default="draft"),
    Column("pause_reason", Text),
    Column("author_id", Id, ForeignKey("staff.id")),
    Column("created_at", UtcText, nullable=False),
    Column("opened_at", UtcText),
    Column("finished_at", UtcText),
    Index("ix_waves_status", "status"),
)

#: A decision on exactly these bytes: `digest` covers texts, audience, gateway and timetable as they were shown.
approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("wave_id", Id, ForeignKey("waves.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("by", Id, ForeignKey("staff.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", UtcText, nullable=False),
)

#: One row per (wave, contact). status: queued → sending → accepted → delivered | undelivered | failed;
#: skipped (reason says why); unknown (nobody can tell whether the gateway got it: never sent again by itself).
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("wave_id", Id, ForeignKey("waves.id"), nullable=False),
    Column("contact_id", Id, ForeignKey("contacts.id"), nullable=False),
    Column("area", Text),
    Column("status", Text, nullable=False, server_default="queued"),
    Column("reason", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("worker", Text),
    Column("ref", Text),
    Column("segments", SmallInteger),
    Column("next_try_at", UtcText),
    Column("sent_at", UtcText),
    Column("done_at", UtcText),
    UniqueConstraint("wave_id", "contact_id"),
    Index("ix_deliveries_queued", "wave_id", "id", sqlite_where=text("status = 'queued'"),
          postgresql_where=text("status = 'queued'")),
    Index("ix_deliveries_sending", "worker", sqlite_where=text("status = 'sending'"),
          postgresql_where=text("status = 'sending'")),
    Index("ix_deliveries_ref", "ref", sqlite_where=text("ref IS NOT NULL"),
          postgresql_where=text("ref IS NOT NULL")),
    Index("ix_deliveries_contact_sent", "contact_id", "sent_at", sqlite_where=text("sent_at IS NOT NULL"),
          postgresql_where=text("sent_at IS NOT NULL")),
    # Every row is updated three or four times, so the default of 20 % dead rows would come too late.
    postgresql_with={"fillfactor": 80, "autovacuum_vacuum_scale_factor": 0.02},
)

#: How many deliveries of a wave stand where: changed in the same transaction as the rows it counts.
wave_tally = Table(
    "wave_tally",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("area", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("reason", Text, primary_key=True, server_default=""),
    Column("n", Integer, nullable=False),
)

#: What a segment costs, from a day on. carrier "*" = any other.
prices = Table(
    "prices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("gateway", Text, nullable=False),
    Column("carrier", Text, nullable=False, server_default="*"),
    Column("vnd_per_segment", Integer, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("gateway", "carrier", "valid_from"),
)
