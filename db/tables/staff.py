"""Officers, their sign-in links and the audit chain."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from db.tables.base import metadata
from db.types import Id, UtcText

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("password_hash", Text),
    Column("totp_sealed", LargeBinary),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("demo", Boolean, nullable=False, server_default="0"),
    #: Wrong passwords since the last right one, and until when no more are listened to.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcText),
    #: Changing it signs the person out everywhere.
    Column("session_stamp", Text, nullable=False, server_default=""),
    Column("created_at", UtcText, nullable=False),
    #: The officer's own phone, for test messages.
    Column("number_sealed", LargeBinary),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", UtcText, nullable=False),
    Column("used_at", UtcText),
)

#: Who did what, chained: `digest` covers the row and the digest before it, so that a change shows.
#: `actor` is "staff:3", "machine" (the operator at the command line) or "system".
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcText, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default="{}"),
    Column("digest", Text, nullable=False),
    #: The history of one wave, looked up on its page.
    Index("ix_audit_object", "object", "id"),
)
