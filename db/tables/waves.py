"""Waves, their approvals and their deliveries."""

from sqlalchemy import (
    BigInteger,
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
    #: The place among the waves of its campaign.
    Column("position", Integer, nullable=False, server_default="0"),
    #: Hard limits; NULL = none. `daily_quota` counts messages of a day in Vietnam.
    Column("daily_quota", Integer),
    Column("budget_vnd", BigInteger),
    #: Whether it may also go out on public holidays.
    Column("on_holidays", Boolean, nullable=False, server_default="0"),
    #: Percent of failures at which the wave pauses itself.
    Column("failure_limit", Integer, nullable=False, server_default="20"),
    #: JSON: the results that have been judged by it already, see campaigns.failing.
    Column("seen", Text),
    #: Where the short link of its text leads, and the address before /s/ it is written with.
    Column("link_target", Text),
    Column("link_base", Text),
    #: Why single people's openings are followed; NULL = they are not.
    Column("link_personal", Text),
    #: Percent of those who would get it who get nothing, for comparison; and by what they are drawn: see
    #: campaigns.controls.
    Column("control", SmallInteger),
    Column("control_key", Text),
    #: The series it is an occurrence of, and the day in Vietnam it stands for.
    Column("series_id", Id),
    Column("series_day", Text),
    Column("status", Text, nullable=False, server_default="draft"),
    Column("pause_reason", Text),
    Column("author_id", Id, ForeignKey("staff.id")),
    Column("created_at", UtcText, nullable=False),
    Column("opened_at", UtcText),
    #: While it is being opened: of its people those up to this contact are in. NULL = nobody yet, or all.
    Column("opening_after", Id),
    Column("finished_at", UtcText),
    Index("ix_waves_status", "status"),
    Index("ix_waves_series", "series_id", "series_day", unique=True),
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
    #: JSON: the plan as it was decided on; NULL in decisions of before it was kept.
    Column("plan", Text),
    #: How many people it covers at most, as they were counted before; NULL where nobody counted.
    Column("most", Integer),
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
    #: The carrier of the number when the wave opened.
    Column("carrier", Text),
    Column("status", Text, nullable=False, server_default="queued"),
    Column("reason", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("worker", Text),
    Column("ref", Text),
    Column("segments", SmallInteger),
    #: The country whose hours and holidays hold for the reader; NULL = Vietnam.
    Column("zone", Text),
    #: Which wording of an experiment the person gets; NULL = there is none.
    Column("arm", SmallInteger),
    #: What it cost once it was handed over, in VND.
    Column("vnd", Integer),
    #: Through which gateway it was handed over last; NULL = the wave's own (only a wave by the routing table has many).
    Column("gateway", Text),
    #: When it was handed over first, where nobody could tell what came of it: the gateway knows a repeat by that moment
    #: (sms.gateway.Outgoing.since). NULL = it surely was not handed over, or not without an answer.
    Column("maybe_since", UtcText),
    Column("next_try_at", UtcText),
    Column("sent_at", UtcText),
    Column("done_at", UtcText),
    UniqueConstraint("wave_id", "contact_id"),
    Index("ix_deliveries_queued", "wave_id", "zone", "id", sqlite_where=text("status = 'queued'"),
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
    # Figures over all waves are read from these alone, in order.
    Index("ix_wave_tally_area", "area", "status", "n"),
    Index("ix_wave_tally_status", "status", "reason", "n"),
)

#: The same without areas: what every page and every task asks, a few rows a wave however many communes it reaches.
wave_counts = Table(
    "wave_counts",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
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

#: What one unit of a currency is worth in VND, from a day on.
exchange_rates = Table(
    "exchange_rates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("vnd", Integer, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("currency", "valid_from"),
)

#: What a wave has used up on a day in Vietnam: changed in the transaction that changes the deliveries it counts.
spending = Table(
    "spending",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("segments", Integer, nullable=False, server_default="0"),
    Column("vnd", BigInteger, nullable=False, server_default="0"),
    Index("ix_spending_day", "day"),
)

#: A preview as it was last counted, so that a page need not count a million people. `digest` = what it was made of.
wave_previews = Table(
    "wave_previews",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    Column("preview", Text, nullable=False),
)

#: Waves that come again by themselves. kind: repeating (every `every_days` days, or on `weekdays`, at `at_time` in
#: Vietnam) | after-joining (`days_after` days after somebody joined a list). status: draft → submitted → active ⇄
#: paused → ended; an edit leads back to draft. Each occurrence is an ordinary wave, covered by the series' approval.
series = Table(
    "series",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("campaign_id", Id, ForeignKey("campaigns.id")),
    Column("version_id", Id, ForeignKey("message_versions.id"), nullable=False),
    Column("form", Text, nullable=False, server_default="vi"),
    Column("audience", Text, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("every_days", Integer),
    Column("weekdays", Text),
    Column("days_after", Integer),
    Column("at_time", Text, nullable=False),
    Column("starts_on", Text, nullable=False),
    Column("ends_on", Text),
    #: More people than this in one occurrence, and it waits for an officer.
    Column("most_people", Integer, nullable=False),
    Column("daily_quota", Integer),
    Column("budget_vnd", BigInteger),
    Column("status", Text, nullable=False, server_default="draft"),
    Column("pause_reason", Text),
    #: Days up to this one are made into waves, were empty or were missed: nobody looks at them again.
    Column("settled", Text),
    Column("author_id", Id),
    Column("approved_by", Id),
    Column("approved_digest", Text),
    Column("approved_at", UtcText),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", UtcText, nullable=False),
)

#: Everything stopped at once: while a row has no `lifted_at`, no bulk message is claimed.
halts = Table(
    "halts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcText, nullable=False),
    Column("by", Id),
    Column("reason", Text, nullable=False),
    Column("lifted_at", UtcText),
    Column("lifted_by", Id),
    #: stop: somebody stopped it; copy: the database is a copy that was put back (campaigns.recall).
    Column("kind", Text, nullable=False, server_default="stop"),
)

#: A wave found in a copy of the database that was put back: what it has queued may have gone out since the copy was
#: made. status: held (until a person looks) → asking (row by row, at the gateway) → doubtful (of some nobody can tell;
#: a person decides) → done.
recalled_waves = Table(
    "recalled_waves",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    #: When the copy was put back, when it was made (NULL = nobody knows), and how the wave stood in it.
    Column("at", UtcText, nullable=False),
    Column("copied_at", UtcText),
    Column("stood", Text, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("status", Text, nullable=False),
    #: Deliveries up to this id are asked about; so many of them the gateway had, so many it cannot tell of.
    Column("asked_to", Id, nullable=False, server_default="0"),
    Column("there", Integer, nullable=False, server_default="0"),
    Column("doubtful", Integer, nullable=False, server_default="0"),
    Column("decided_by", Id),
    Column("decided_at", UtcText),
)

#: A comparison of wordings inside one wave. `arms`: JSON list of {"version": id, "form": form}; the first is its own.
#: outcome: reply | link | conversation. status: planned → running → ended | stopped.
experiments = Table(
    "experiments",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("arms", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    #: Per ten thousand: the share expected without a difference, and the smallest difference worth finding.
    Column("expected", Integer, nullable=False),
    Column("smallest", Integer, nullable=False),
    #: People per arm that were worked out for that before the start.
    Column("sample", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("status", Text, nullable=False, server_default="planned"),
    Column("stopped_why", Text),
    #: JSON: the figures and the sentence it ended with.
    Column("result", Text),
    Column("created_by", Id),
    Column("created_at", UtcText, nullable=False),
    Column("ended_at", UtcText),
)

#: What a wave's control group and the others did, as it was counted last: how many people, and how many of them wrote.
#: `final`: their time is over, nobody counts again.
control_looks = Table(
    "control_looks",
    metadata,
    Column("wave_id", Id, ForeignKey("waves.id"), primary_key=True),
    Column("at", UtcText, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("got", Integer, nullable=False),
    Column("got_asked", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("held_asked", Integer, nullable=False),
)

#: A wave played through on a simulated clock; nothing was sent.
rehearsals = Table(
    "rehearsals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("wave_id", Id, ForeignKey("waves.id"), nullable=False),
    Column("at", UtcText, nullable=False),
    Column("by", Id),
    Column("result", Text, nullable=False),
    Index("ix_rehearsals_wave_id", "wave_id"),
)
