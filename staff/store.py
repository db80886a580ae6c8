"""The statements of the staff room. Private to it."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text, update

from db.tables import audit, sign_in_links, staff
from staff.model import Officer

_OFFICER = (
    staff.c.id,
    staff.c.email,
    staff.c.name,
    staff.c.role,
    staff.c.language,
    staff.c.active,
    staff.c.demo,
    staff.c.session_stamp,
)


def officer(c: Connection, staff_id: int) -> Officer | None:
    row = c.execute(select(*_OFFICER).where(staff.c.id == staff_id)).one_or_none()
    return Officer(*row) if row else None


def officer_by_email(c: Connection, email: str) -> Officer | None:
    row = c.execute(select(*_OFFICER).where(staff.c.email == email)).one_or_none()
    return Officer(*row) if row else None


def officers(c: Connection) -> list[Officer]:
    return [Officer(*row) for row in c.execute(select(*_OFFICER).order_by(staff.c.id))]


def secrets_of(c: Connection, email: str):
    """id and password_hash of an active person, or None."""
    columns = (staff.c.id, staff.c.password_hash)
    return c.execute(select(*columns).where(staff.c.email == email, staff.c.active.is_(True))).one_or_none()


def number_sealed(c: Connection, staff_id: int) -> bytes | None:
    return c.execute(select(staff.c.number_sealed).where(staff.c.id == staff_id)).scalar_one_or_none()


def add(c: Connection, **values) -> int:
    return c.execute(insert(staff).values(**values)).inserted_primary_key[0]


def change(c: Connection, staff_id: int, **values) -> None:
    c.execute(update(staff).where(staff.c.id == staff_id).values(**values))


def count_attempt(c: Connection, staff_id: int) -> tuple[int, datetime | None]:
    """One more attempt: (how many since the last right one, locked until). Counted in the row: at once is still one by
    one.
    """
    statement = update(staff).where(staff.c.id == staff_id).values(failures=staff.c.failures + 1)
    return tuple(c.execute(statement.returning(staff.c.failures, staff.c.locked_until)).one())


def add_link(c: Connection, **values) -> None:
    c.execute(insert(sign_in_links).values(**values))


def use_link(c: Connection, token_hash: bytes, now) -> int | None:
    """Marks the link used and returns whose it was; None when it is unknown, used or past its time."""
    statement = (
        update(sign_in_links)
        .where(
            sign_in_links.c.token_hash == token_hash,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_links.c.staff_id)
    )
    return c.execute(statement).scalar_one_or_none()


def forget_links(c: Connection, staff_id: int, now) -> None:
    """No earlier link of this person works any more."""
    c.execute(
        update(sign_in_links)
        .where(sign_in_links.c.staff_id == staff_id, sign_in_links.c.used_at.is_(None))
        .values(used_at=now)
    )


def lock_audit(c: Connection) -> None:
    """One writer at a time on the chain. SQLite has only one writer anyway."""
    if c.dialect.name == "postgresql":
        c.execute(text("SELECT pg_advisory_xact_lock(7461)"))


def last_digest(c: Connection) -> str:
    return c.execute(select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)).scalar_one_or_none() or ""


def audited_since(c: Connection, actor: str, action: str, object: str, since: datetime) -> bool:
    same = (audit.c.object == object) & (audit.c.action == action) & (audit.c.actor == actor)
    return c.execute(select(audit.c.id).where(same, audit.c.at > since).limit(1)).first() is not None


def add_audit(c: Connection, **values) -> None:
    c.execute(insert(audit).values(**values))


def count_audit(c: Connection, action: str, about: str, *, since: datetime) -> int:
    rows = select(func.count()).where(audit.c.action == action, audit.c.object == about, audit.c.at >= since)
    return c.execute(rows).scalar_one()


def audit_rows(c: Connection):
    """Every row in order, streamed."""
    return c.execution_options(yield_per=1000).execute(select(audit).order_by(audit.c.id))


def steps_of(c: Connection, about: str):
    """(action, actor) of everything done to an object, oldest first."""
    return c.execute(select(audit.c.action, audit.c.actor).where(audit.c.object == about).order_by(audit.c.id)).all()


def latest_audit(c: Connection, limit: int, about: str | None):
    statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
    return c.execute(statement.where(audit.c.object == about) if about else statement).all()
