"""What the machinery remembers: workers, receipts as they came, allowances, runs of recurring jobs."""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from db.tables.base import metadata
from db.types import Id, UtcText

#: A process that may hold claimed rows. It is dead when `seen_at` is old or, on its own host, its process is gone.
workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("started_at", UtcText, nullable=False),
    Column("seen_at", UtcText, nullable=False),
)

#: Delivery receipts, stored as they arrive and applied in batches; a repeat meets the unique key.
receipts = Table(
    "receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("gateway", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Column("delivery_id", Id),
    Column("received_at", UtcText, nullable=False),
    Column("applied_at", UtcText),
    UniqueConstraint("gateway", "ref", "status"),
    Index("ix_receipts_new", "id", sqlite_where=text("applied_at IS NULL"),
          postgresql_where=text("applied_at IS NULL")),
)

#: A token bucket shared by every worker: one per gateway ("twilio"), and one per wave that has a rate of its own
#: ("wave:12").
allowances = Table(
    "allowances",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", UtcText, nullable=False),
    #: Set when the gateway must rest: bad credentials, no balance, throttled.
    Column("stopped_until", UtcText),
    Column("stopped_why", Text),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("started_at", UtcText, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("counts", Text, nullable=False, server_default="{}"),
    Column("error", Text),
    Index("ix_job_runs_name", "name", "id"),
)

#: Small facts about this installation: the seal's canary, whether the demo was loaded.
keepsakes = Table(
    "keepsakes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
