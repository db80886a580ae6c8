"""Signing in: passwords (argon2id), one-time links, a lock after too many wrong passwords."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from db.engine import Database
from messages.errors import Mistake
from staff import audit, store
from staff.model import ROLES, Officer

#: OWASP's second argon2id profile: 19 MiB, two passes. Sixteen sign-ins at once then cost 300 MB, not 1 GB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Checked when there is no such person, so that a stranger cannot tell by the clock.
_NOBODY = _HASHER.hash("nobody has this password")

LINK_HOURS = 24
PASSWORD_LEAST = 10
FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = 15
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add(
    db: Database, *, email: str, role: str, now: datetime, name: str = "", language: str = "vi", demo: bool = False,
    actor: str = "machine",
) -> str:
    """Adds an officer; returns the one-time sign-in token. Raises Mistake (email-wrong, role-unknown, staff-exists)."""
    email = _clean_email(email)
    _check_role(role)
    with db.transaction() as c:
        if store.officer_by_email(c, email):
            raise Mistake("staff-exists", email=email)
        staff_id = store.add(
            c, email=email, name=name or email.partition("@")[0], role=role, language=language, demo=demo,
            session_stamp=secrets.token_hex(8), created_at=now,
        )
        audit.record(c, at=now, actor=actor, action="staff.add", object=f"staff:{staff_id}", detail={"role": role})
        return _new_link(c, staff_id, now)


def reset(db: Database, *, email: str, now: datetime, actor: str = "machine") -> str:
    """A new one-time link; older links, the password and open sessions end. Raises Mistake (staff-unknown)."""
    with db.transaction() as c:
        officer = store.officer_by_email(c, _clean_email(email))
        if officer is None:
            raise Mistake("staff-unknown", email=email)
        store.forget_links(c, officer.id, now)
        store.change(c, officer.id, password_hash=None, failures=0, locked_until=None,
                     session_stamp=secrets.token_hex(8))
        audit.record(c, at=now, actor=actor, action="staff.reset", object=f"staff:{officer.id}")
        return _new_link(c, officer.id, now)


def sign_in(db: Database, *, email: str, password: str, now: datetime) -> Officer:
    """The officer with this password. Raises Mistake (sign-in-wrong, sign-in-locked)."""
    email = email.strip().lower()
    with db.reading() as c:
        known = store.secrets_of(c, email)
    _count_attempt(db, known, now)
    right = _matches(known.password_hash if known and known.password_hash else _NOBODY, password)
    if not (known and known.password_hash and right):
        raise Mistake("sign-in-wrong")
    return _welcome(db, known.id, now)


def redeem(db: Database, *, token: str, now: datetime) -> Officer:
    """The officer whose one-time link this is; the link is used up. Raises Mistake (link-stale)."""
    with db.transaction() as c:
        staff_id = store.use_link(c, _token_hash(token), now)
        officer = store.officer(c, staff_id) if staff_id else None
        if officer is None or not officer.active:
            raise Mistake("link-stale")
        audit.record(c, at=now, actor=officer.actor, action="staff.link-used", object=f"staff:{officer.id}")
        return officer


def set_password(db: Database, *, staff_id: int, password: str, now: datetime) -> Officer:
    """Raises Mistake (password-short, password-common). Other sessions of the person end."""
    if len(password) < PASSWORD_LEAST:
        raise Mistake("password-short", least=PASSWORD_LEAST)
    if len(set(password.lower())) < 5 or password.lower() in _TOO_COMMON:
        raise Mistake("password-common")
    with db.transaction() as c:
        store.change(c, staff_id, password_hash=_HASHER.hash(password), failures=0, locked_until=None,
                     session_stamp=secrets.token_hex(8))
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.password", object=f"staff:{staff_id}")
        return store.officer(c, staff_id)


def sign_out(db: Database, *, staff_id: int, now: datetime) -> None:
    """Ends every session of this person."""
    with db.transaction() as c:
        store.change(c, staff_id, session_stamp=secrets.token_hex(8))
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.sign-out", object=f"staff:{staff_id}")


def disable(db: Database, *, email: str, now: datetime, actor: str = "machine") -> None:
    """The person may not sign in any more; open sessions and links end. Raises Mistake (staff-unknown)."""
    with db.transaction() as c:
        officer = store.officer_by_email(c, _clean_email(email))
        if officer is None:
            raise Mistake("staff-unknown", email=email)
        store.forget_links(c, officer.id, now)
        store.change(c, officer.id, active=False, session_stamp=secrets.token_hex(8))
        audit.record(c, at=now, actor=actor, action="staff.disable", object=f"staff:{officer.id}")


def set_language(db: Database, *, staff_id: int, language: str) -> None:
    with db.transaction() as c:
        store.change(c, staff_id, language="en" if language == "en" else "vi")


def by_id(db: Database, staff_id: int) -> Officer | None:
    with db.reading() as c:
        return store.officer(c, staff_id)


def known(c: Connection, staff_id: int) -> Officer | None:
    """The officer, in the caller's transaction."""
    return store.officer(c, staff_id)


def everybody(db: Database) -> list[Officer]:
    with db.reading() as c:
        return store.officers(c)


_TOO_COMMON = {"1234567890", "0123456789", "password123", "matkhau123", "qwertyuiop", "nghean2026"}


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise Mistake("email-wrong", email=email)
    return email


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Mistake("role-unknown", role=role, roles=", ".join(ROLES))


def _new_link(c, staff_id: int, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    store.add_link(c, token_hash=_token_hash(token), staff_id=staff_id, expires_at=now + timedelta(hours=LINK_HOURS))
    return token


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_attempt(db: Database, known, now: datetime) -> None:
    """Counts an attempt before its password is looked at, so that forty guesses at once are forty; the right password
    clears the count. Raises Mistake (sign-in-locked) when it is one too many.
    """
    if known is None:
        return
    with db.transaction() as c:
        attempts, until = store.count_attempt(c, known.id)
        if not (until and until > now) and attempts > FAILURES_BEFORE_LOCK:
            until = now + timedelta(minutes=LOCK_MINUTES)
            store.change(c, known.id, failures=0, locked_until=until)
            audit.record(c, at=now, actor="system", action="staff.locked", object=f"staff:{known.id}")
    if until and until > now:
        raise Mistake("sign-in-locked", minutes=int((until - now).total_seconds() // 60) + 1)


def _welcome(db: Database, staff_id: int, now: datetime) -> Officer:
    with db.transaction() as c:
        store.change(c, staff_id, failures=0, locked_until=None)
        officer = store.officer(c, staff_id)
        audit.record(c, at=now, actor=officer.actor, action="staff.sign-in", object=f"staff:{staff_id}")
        return officer
