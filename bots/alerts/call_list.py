"""The call-out list: who is called when somebody is in danger, in which order, and by what. Numbers are sealed."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bots.alerts import store
from bots.alerts.model import Person
from campaigns.masking import masked
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import LANGUAGES, Mistake
from sms import numbers
from staff import audit

FIELD = "duty.number"
#: Positions are few: each costs one more pause before it is called.
LAST_POSITION = 9
LONGEST_NAME = 80
#: Stands for a number that was sealed under a key we do not have.
UNREADABLE = "?"
#: After a trial the next one to the same person waits so long.
BETWEEN_TRIALS = timedelta(minutes=1)
#: No name has these, and not every database keeps them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>,;\"]{1,64}@[\w-]+(?:\.[\w-]+)+")


def everybody(db: Database) -> list[Person]:
    """The list: those who are called first, by position, then those who rest."""
    with db.reading() as c:
        return everybody_in(db, c)


def everybody_in(db: Database, c: Connection) -> list[Person]:
    """The same in the caller's transaction."""
    return [_person(db, row) for row in store.people(c)]


def latest(db: Database):
    """The newest alert of each person and channel, trials too: duty_id, channel, status, at, error, case_id."""
    with db.reading() as c:
        return store.latest(c)


def show(db: Database, duty_id: int) -> Person:
    """One of them. Raises Mistake: duty-unknown."""
    with db.reading() as c:
        return _person(db, _found(c, duty_id))


def _found(c: Connection, duty_id: int):
    row = store.person(c, duty_id)
    if row is None:
        raise Mistake("duty-unknown")
    return row


def _person(db: Database, row) -> Person:
    return Person(row.id, row.name, row.email, _number(db, row), row.language, row.position, row.active)


def _number(db: Database, row) -> str:
    """Masked. One that cannot be opened keeps nobody else from being called, and its calls fail where staff see it."""
    try:
        return masked(db.seal.open(row.number_sealed, FIELD)) if row.number_sealed else ""
    except CannotOpen:
        return UNREADABLE


def add(
    db: Database, *, name: str, email: str = "", number: str = "", language: str = "vi", position: int = 1, by: int,
    now: datetime,
) -> int:  # fmt: skip
    """Puts somebody on the list. Raises Mistake: duty-name-missing, duty-email-wrong, duty-number-wrong,
    duty-position-wrong, duty-way-missing (neither address nor number).
    """
    values = _checked(name, email, language, position)
    sealed = _sealed(db, number)
    if not values["email"] and sealed is None:
        raise Mistake("duty-way-missing")
    with db.transaction() as c:
        duty_id = store.add_person(c, **values, number_sealed=sealed, created_by=by, created_at=now)
        _note(c, "duty.add", duty_id, by, now)
    return duty_id


def change(
    db: Database, duty_id: int, *, name: str, email: str, number: str = "", forget_number: bool = False,
    language: str = "vi", position: int = 1, by: int, now: datetime,
) -> None:  # fmt: skip
    """Changes somebody; an empty number leaves theirs as it is. Raises what `add` raises, and duty-unknown."""
    values = _checked(name, email, language, position)
    sealed = _sealed(db, number)
    with db.transaction() as c:
        kept = None if forget_number else _found(c, duty_id).number_sealed
        values["number_sealed"] = sealed or kept
        if not values["email"] and values["number_sealed"] is None:
            raise Mistake("duty-way-missing")
        store.change_person(c, duty_id, **values)
        _note(c, "duty.change", duty_id, by, now)


def rest(db: Database, duty_id: int, *, by: int, now: datetime) -> None:
    """They are not called any more; what is on its way to them is called off. Raises Mistake: duty-unknown."""
    _set_active(db, duty_id, False, by, now)


def resume(db: Database, duty_id: int, *, by: int, now: datetime) -> None:
    """They are called again. Raises Mistake: duty-unknown."""
    _set_active(db, duty_id, True, by, now)


def _set_active(db: Database, duty_id: int, active: bool, by: int, now: datetime) -> None:
    with db.transaction() as c:
        _found(c, duty_id)
        store.change_person(c, duty_id, active=active)
        _note(c, "duty.resume" if active else "duty.rest", duty_id, by, now)


def try_out(db: Database, duty_id: int, *, by: int, now: datetime) -> int:
    """Sends them a trial by everything they have; by how many ways. Raises Mistake: duty-unknown, duty-trial-soon."""
    with db.transaction() as c:
        person = _person(db, _found(c, duty_id))
        if store.tried_since(c, duty_id, now - BETWEEN_TRIALS):
            raise Mistake("duty-trial-soon", name=person.name)
        rows = [{"duty_id": duty_id, "channel": channel, "round": 0, "at": now} for channel in person.channels]
        _note(c, "duty.trial", duty_id, by, now)
        return len(store.add(c, rows))


def _checked(name: str, email: str, language: str, position: int) -> dict[str, object]:
    name, email = " ".join(_UNSEEN.sub(" ", name).split())[:LONGEST_NAME], email.strip()
    if not name:
        raise Mistake("duty-name-missing")
    if email and (len(email) > 200 or not _EMAIL.fullmatch(email) or not email.isascii()):
        raise Mistake("duty-email-wrong", email=email[:80])
    if not 1 <= position <= LAST_POSITION:
        raise Mistake("duty-position-wrong", last=LAST_POSITION)
    return {
        "name": name, "email": email, "position": position, "language": language if language in LANGUAGES else "vi",
    }  # fmt: skip


def _sealed(db: Database, text: str) -> bytes | None:
    if not text.strip():
        return None
    number = numbers.read(text)
    if not number.valid:
        raise Mistake("duty-number-wrong", number=text.strip()[:40])
    return db.seal.seal(number.e164, FIELD)


def _note(c: Connection, action: str, duty_id: int, by: int, now: datetime) -> None:
    audit.record(c, at=now, actor=f"staff:{by}", action=action, object=f"duty:{duty_id}")
