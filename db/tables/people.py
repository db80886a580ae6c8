"""Areas, contacts, lists, imports and opt-outs."""

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

#: Provinces, former districts (valid to 2025-06-30), former communes and today's communes and wards.
#: `level`: province | former-district | commune | former-commune. `now` is set on a former commune.
areas = Table(
    "areas",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("former_district", Text),
    Column("now", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Index("ix_areas_folded", "folded"),
)

#: A person. The number and everything that names the person are sealed; `number_index` finds them again.
#: `fields_sealed` is a JSON object (name and the columns for personalisation).
contacts = Table(
    "contacts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number_index", LargeBinary, nullable=False, unique=True),
    Column("number_sealed", LargeBinary, nullable=False),
    Column("fields_sealed", LargeBinary),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("country", Text, nullable=False, server_default="VN"),
    Column("carrier", Text, nullable=False, server_default="unknown"),
    Column("area", Text, ForeignKey("areas.code")),
    Column("former_district", Text, ForeignKey("areas.code")),
    Column("former_commune", Text, ForeignKey("areas.code")),
    Column("source", Text, nullable=False),
    Column("consent", Text, nullable=False, server_default=""),
    #: Made-up people (demo, exercises): the dispatcher refuses to hand them to a gateway that leaves this machine.
    Column("made_up", Boolean, nullable=False, server_default="0"),
    #: A gateway said for good that nobody can be reached there (unknown handset, landline).
    Column("dead", Boolean, nullable=False, server_default="0"),
    #: Since when, and by which wave: a provider's bad day must not bury people for good.
    Column("dead_at", UtcText),
    Column("dead_wave", Id),
    Column("created_at", UtcText, nullable=False),
    Index("ix_contacts_area", "area"),
    Index("ix_contacts_dead", "id", sqlite_where=text("dead = 1"), postgresql_where=text("dead")),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("folded", Text, nullable=False),
    Column("area", Text, ForeignKey("areas.code")),
    Column("created_at", UtcText, nullable=False),
    Column("created_by", Id, ForeignKey("staff.id")),
    #: How many rows of list_members are its own and when the newest joined: changed in the transaction that changes
    #: them, so that nobody has to count a million rows.
    Column("people", Integer, nullable=False, server_default="0"),
    Column("newest_at", UtcText),
    #: How many have left or expired: people + gone only grows, so an approval that names it does not cover who joins
    #: later and still holds when somebody leaves.
    Column("gone", Integer, nullable=False, server_default="0"),
    #: JSON: counts by place, language and carrier as they stood at `figures_at`.
    Column("figures", Text),
    Column("figures_at", UtcText),
    #: An id is never given out again: an approved wave names its lists by id.
    sqlite_autoincrement=True,
)

list_members = Table(
    "list_members",
    metadata,
    Column("list_id", Id, ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", Id, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", UtcText, nullable=False),
    Column("expires_at", UtcText),
    Index("ix_list_members_contact", "contact_id"),
    Index("ix_list_members_expires_at", "expires_at", sqlite_where=text("expires_at IS NOT NULL"),
          postgresql_where=text("expires_at IS NOT NULL")),
    # Its key is all that is asked for: one tree in SQLite instead of two.
    sqlite_with_rowid=False,
)

#: An uploaded file on its way into a list. status: asking (an officer has yet to confirm how it is read) | waiting |
#: working | done | failed | dropped.
#: `position` counts the file's data rows already stored; it moves in the same transaction as their contacts.
imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    #: NULL while an officer is asked how the file is read: the list is made when they confirm.
    Column("list_id", Id, ForeignKey("lists.id")),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("filename", Text, nullable=False),
    Column("stored_as", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("consent", Text, nullable=False, server_default=""),
    Column("country", Text, nullable=False, server_default="VN"),
    Column("area", Text, ForeignKey("areas.code")),
    Column("made_up", Boolean, nullable=False, server_default="0"),
    #: Until when its people stay on the list; NULL = until they leave.
    Column("members_until", UtcText),
    #: JSON: how the file is read (encoding, delimiter, heading row, column for each field, answers about places).
    Column("reading", Text, nullable=False, server_default="{}"),
    #: While asking: the file's first rows and its unclear place names, sealed, so that showing them reads no file.
    Column("sample_sealed", LargeBinary),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("accepted", Integer, nullable=False, server_default="0"),
    Column("rewritten", Integer, nullable=False, server_default="0"),
    Column("duplicates", Integer, nullable=False, server_default="0"),
    Column("known", Integer, nullable=False, server_default="0"),
    Column("opted_out", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    #: JSON: what else happened to rows, counted: {"place-unknown": n, "place-ambiguous": n, "cells-cut": n, …}.
    Column("notes", Text, nullable=False, server_default="{}"),
    Column("error", Text),
    Column("claimed_by", Text),
    Column("claimed_at", UtcText),
    #: Turns that workers took since a batch was last stored: so many that none gets on, and it has failed.
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcText, nullable=False),
    Column("created_by", Id, ForeignKey("staff.id")),
    Column("finished_at", UtcText),
    Index("ix_imports_status", "status"),
)

#: Rows that could not be taken, kept (sealed) to be mended and uploaded again. `line` counts from 1 in the file.
import_refusals = Table(
    "import_refusals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("import_id", Id, ForeignKey("imports.id", ondelete="CASCADE"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("row_sealed", LargeBinary, nullable=False),
    UniqueConstraint("import_id", "line"),
)

#: Outlives the contact; holds on every channel. `person_index` is the blind index of any address of the person.
optouts = Table(
    "optouts",
    metadata,
    Column("person_index", LargeBinary, primary_key=True),
    Column("at", UtcText, nullable=False),
    Column("channel", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    #: Whose numbers came as a list or by hand, until the person is erased: what an export may show.
    Column("number_sealed", LargeBinary),
    Column("by", Id),
)

#: Whose personal stop code is whose, by the blind index of each: the codes themselves stand in messages only. `nth`: of
#: the codes worked out for this person (campaigns.stops) the first that nobody else has.
stop_codes = Table(
    "stop_codes",
    metadata,
    Column("code_index", LargeBinary, primary_key=True),
    Column("person_index", LargeBinary, nullable=False, unique=True),
    Column("nth", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcText, nullable=False),
)
