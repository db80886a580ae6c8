"""Cases and people on duty for tests, as rows."""

from datetime import datetime

from sqlalchemy import insert, select, update

from bots.alerts import call_list
from db.engine import Database
from db.tables import alerts, case_events, cases, conversations
from staff import accounts
from tests.make import NOW


def a_case(db: Database, *, danger: str = "red", reason: str = "confined", at: datetime = NOW, **columns) -> int:
    """An open case, red at `at`, of somebody new."""
    with db.transaction() as c:
        n = len(c.execute(select(conversations.c.id)).all())
        talk = c.execute(
            insert(conversations).values(
                platform="web", person_index=f"p{n}".encode(), created_at=at, last_at=at,
                address_sealed=db.seal.seal(f"p{n}", "conversations.address"),
            )
        ).inserted_primary_key[0]  # fmt: skip
        values = {"danger": danger, "reason": reason, "opened_at": at, "raised_at": at, **columns}
        return c.execute(insert(cases).values(conversation_id=talk, **values)).inserted_primary_key[0]


def change(db: Database, case_id: int, **columns) -> None:
    with db.transaction() as c:
        c.execute(update(cases).where(cases.c.id == case_id).values(**columns))


def did(db: Database, case_id: int, kind: str, *, at: datetime, by: int | None = 1) -> None:
    """Somebody of the staff did something about a case."""
    with db.transaction() as c:
        c.execute(insert(case_events).values(case_id=case_id, kind=kind, at=at, by=by))


def claimed(db: Database, case_id: int, *, at: datetime, by: int) -> None:
    change(db, case_id, status="claimed", claimed_by=by, claimed_at=at)
    did(db, case_id, "claimed", at=at, by=by)


def an_officer(db: Database) -> int:
    token = accounts.add(db, email="truc@nghean.example", role="safeguard", now=NOW)
    return accounts.redeem(db, token=token, now=NOW).id


def on_duty(db: Database, name: str = "Hà", *, by: int = 1, **given) -> int:
    ways = {} if given.keys() & {"email", "number"} else {"email": "ha@nghean.example", "number": "0912345678"}
    return call_list.add(db, name=name, by=by, now=NOW, **{**ways, **given})


def written(db: Database) -> list:
    """Every alert, oldest first."""
    with db.reading() as c:
        return c.execute(select(alerts).order_by(alerts.c.id)).all()


def events(db: Database, case_id: int) -> list[str]:
    with db.reading() as c:
        found = select(case_events.c.kind).where(case_events.c.case_id == case_id).order_by(case_events.c.id)
        return list(c.execute(found).scalars())
