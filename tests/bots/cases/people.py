"""Who works at the desk in these tests, and who is handed over to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from bots import effects, inbox
from bots.cases import queue, work
from bots.cases.model import Case
from db.engine import Database
from db.tables import conversations, staff, turns
from staff import accounts
from staff.model import Officer

NUMBER = "+84912345678"


@dataclass(frozen=True)
class Desk:
    """Two of the desk, one of them trained in safeguarding, a third who is too, and an officer who only reads."""

    lan: Officer
    minh: Officer
    hoa: Officer
    reader: Officer


def desk_of(db: Database, now: datetime) -> Desk:
    names = {"lan": "staff", "minh": "staff", "hoa": "safeguard", "reader": "officer"}
    for name, role in names.items():
        accounts.add(db, email=f"{name}@example.vn", role=role, name=name.title(), now=now)
    people = {officer.email.partition("@")[0]: officer for officer in accounts.everybody(db)}
    return Desk(**{name: people[name] for name in names})


def writes(
    db: Database, now: datetime, text: str = "cứu em với", *, who: str = "a", platform: str = "zalo",
    language: str | None = "vi",
) -> int:
    """Somebody writes; the id of the conversation."""
    turn_id = inbox.receive(db, platform=platform, address=who, text=text, provider_id=None, now=now, language=language)
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == turn_id).values(status="answered"))
        return c.execute(select(turns.c.conversation_id).where(turns.c.id == turn_id)).scalar_one()


def machine_says(db: Database, conversation_id: int, now: datetime, text: str) -> int:
    row = {"conversation_id": conversation_id, "direction": "out", "status": "sent", "at": now}
    with db.transaction() as c:
        sealed = db.seal.seal(text, "turns.text")
        return c.execute(insert(turns).values(text_sealed=sealed, **row)).inserted_primary_key[0]


def handed_over(
    db: Database, now: datetime, *, who: str = "a", danger: str = "red", reason: str = "confined",
    text: str = "cứu em với", platform: str = "zalo", language: str | None = "vi",
) -> int:
    """Somebody wrote and the machine called for a person; the id of the case."""
    conversation_id = writes(db, now, text, who=who, platform=platform, language=language)
    with db.transaction() as c:
        return effects.hand_over(c, conversation_id, danger, reason, now)


def claimed(db: Database, now: datetime, officer: Officer, **found) -> Case:
    case_id = handed_over(db, now, **found)
    work.claim(db, case_id, by=officer.id, version=0, now=now)
    return queue.show(db, officer, case_id)


def talk_of(db: Database, case: Case):
    """The row of the conversation of a case."""
    with db.reading() as c:
        return c.execute(select(conversations).where(conversations.c.id == case.conversation_id)).one()


def change_talk(db: Database, case: Case, **values) -> None:
    with db.transaction() as c:
        c.execute(update(conversations).where(conversations.c.id == case.conversation_id).values(**values))


def close_account(db: Database, officer: Officer) -> None:
    with db.transaction() as c:
        c.execute(update(staff).where(staff.c.id == officer.id).values(active=False))


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
