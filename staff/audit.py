"""The audit: who did what, when, chained so that a changed or missing row shows.

A row's digest is SHA-256 over the digest before it and the row's own words. It proves order and content to
whoever kept an earlier digest; it does not stop somebody who may rewrite the whole table.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from db.engine import Database
from db.types import utc_text
from staff import store


def record(
    c: Connection, *, at: datetime, actor: str, action: str, object: str, detail: Mapping[str, object] | None = None
) -> None:
    """Adds a row in the caller's transaction, so that what was done and its record stand or fall together.

    `actor`: "staff:<id>", "machine" (somebody at the command line) or "system". Nothing personal in `detail`.
    """
    store.lock_audit(c)
    words = json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True)
    digest = _digest(store.last_digest(c), at, actor, action, object, words)
    store.add_audit(c, at=at, actor=actor, action=action, object=object, detail=words, digest=digest)


def first_broken(db: Database) -> int | None:
    """The id of the first row that does not follow from the one before it; None when the chain holds."""
    before = ""
    with db.reading() as c, store.audit_rows(c) as rows:
        for row in rows:
            if row.digest != _digest(before, row.at, row.actor, row.action, row.object, row.detail):
                return row.id
            before = row.digest
    return None


def latest(db: Database, limit: int = 100, about: str | None = None) -> list:
    """The newest rows, newest first; only those about one object ("wave:12") when `about` is given."""
    with db.reading() as c:
        return list(store.latest_audit(c, limit, about))


def steps(c: Connection, about: str) -> list[tuple[str, str]]:
    """(action, actor) of everything done to an object ("wave:12"), oldest first, in the caller's transaction."""
    return [(row.action, row.actor) for row in store.steps_of(c, about)]


def done_since(c: Connection, *, actor: str, action: str, object: str, since: datetime) -> bool:
    """Whether somebody did this to an object since then, in the caller's transaction."""
    return store.audited_since(c, actor, action, object, since)


def _digest(before: str, at: datetime, actor: str, action: str, about: str, detail: str) -> str:
    words = "\x1f".join((before, utc_text(at), actor, action, about, detail))
    return hashlib.sha256(words.encode()).hexdigest()
