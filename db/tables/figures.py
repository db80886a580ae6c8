"""Counters behind the figures: changed in the transactions that change what they count. `stats rebuild` counts anew."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from db.tables.base import metadata
from db.types import Id, UtcText

#: Deliveries of a wave, counted by one thing at a time beside wave_tally's communes. by: carrier (which = its name) |
#: hour (which = the hour in which they were handed over, "2026-12-01T02" in UTC; only what was handed over).
wave_figures = Table(
    "wave_figures",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("by", Text, primary_key=True),
    Column("which", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("reason", Text, primary_key=True, server_default=""),
    Column("n", Integer, nullable=False),
    # The hours of all waves together. Without `n`, so that a change of it touches no index.
    Index("ix_wave_figures_which", "by", "which"),
)

#: What a reader of a wave did within a week of getting it, the first time each: kind = replied (wrote back by SMS) |
#: asked (and it was a question to the bot) | opted-out. Of several waves it is the newest they got.
responses = Table(
    "responses",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("contact_id", Id, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("area", Text),
    Column("at", UtcText, nullable=False),
    Index("ix_responses_contact", "contact_id"),
)

#: The same counted. area "" = unknown.
response_counts = Table(
    "response_counts",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("area", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

#: People who opted out, by the day in Vietnam, their commune ("" = unknown) and where they said it.
optout_days = Table(
    "optout_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

#: What the bot heard and said, by the day in Vietnam and platform. what: heard | topic (key = its id) | abstained |
#: danger (key = red, amber) | language (key) | register (key = accented, unaccented) | answered | helpful | unhelpful
#: (key = the topic) | began (conversations). A long time is read from few rows: everything is counted once more under
#: its whole week, day = "w" and its Monday ("w2026-11-30"), and under its month ("m2026-12").
bot_days = Table(
    "bot_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("key", Text, primary_key=True, server_default=""),
    Column("n", Integer, nullable=False),
)

#: Questions by the day in Vietnam, the person's commune where it is known, and topic; by whole weeks and
#: months (as in bot_days) too, all topics together as "".
topic_areas = Table(
    "topic_areas",
    metadata,
    Column("day", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

#: Questions asked within a week after a wave, by people who had got it.
wave_topics = Table(
    "wave_topics",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)
