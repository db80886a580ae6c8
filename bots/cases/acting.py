"""One act on a case: who does it, in whose transaction, and how it is written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bots.cases import store
from bots.cases.model import Case
from db.engine import Database
from messages.errors import Mistake
from staff import accounts, audit
from staff.model import Officer

#: A note, or the words a case is closed with.
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Act:
    """`case` as it was when the act began; nobody else changes it until the transaction ends."""

    db: Database
    c: Connection
    case: Case
    officer: Officer
    now: datetime

    def check(self, version: int) -> None:
        """Raises Mistake (case-moved-on) when a colleague did something since the form was made."""
        if version != self.case.version:
            raise Mistake("case-moved-on")

    def check_free(self) -> None:
        """Raises Mistake: case-closed, case-taken."""
        if self.case.status == "closed":
            raise Mistake("case-closed")
        if self.case.claimed_by not in (None, self.officer.id):
            raise Mistake("case-taken", name=self.name_of(self.case.claimed_by))

    def check_mine(self) -> None:
        """Raises Mistake: case-closed, case-taken, case-not-yours (nobody's)."""
        self.check_free()
        if self.case.claimed_by is None:
            raise Mistake("case-not-yours")

    def name_of(self, staff_id: int) -> str:
        return accounts.known(self.c, staff_id).name

    def record(self, kind: str, *, to: int | None = None, text: str = "", **detail: object) -> None:
        """The event and the line of the audit; what was written is sealed in the event and in no audit."""
        sealed = self.db.seal.seal(text, "case_events.text") if text else None
        store.add_event(self.c, case_id=self.case.id, kind=kind, by=self.officer.id, to=to, at=self.now,
                        text_sealed=sealed)
        detail = {**detail, "to": to} if to else detail
        audit.record(self.c, at=self.now, actor=self.officer.actor, action=f"cases.{kind}",
                     object=f"case:{self.case.id}", detail=detail)

    def change(self, **values: object) -> None:
        """Values of the case; forms that were made before are not carried out any more."""
        store.change(self.c, self.case.id, version=self.case.version + 1, **values)


@contextmanager
def acting(db: Database, case_id: int, *, by: int, now: datetime) -> Iterator[Act]:
    """An act of somebody of the desk. Raises Mistake: case-not-allowed, case-unknown (also for who may not see it)."""
    officer = worker(db, by)
    with db.transaction() as c:
        row = store.locked(c, case_id, officer.may("safeguarding"))
        if row is None:
            raise Mistake("case-unknown", n=case_id)
        yield Act(db, c, Case(**row._mapping), officer, now)


def worker(db: Database, by: int) -> Officer:
    """Somebody whose work the cases are. Raises Mistake (case-not-allowed)."""
    officer = accounts.by_id(db, by)
    if officer is None or not officer.may("cases"):
        raise Mistake("case-not-allowed")
    return officer


def clean(text: str, most: int = LONGEST_TEXT) -> str:
    """`text` without blanks around it. Raises Mistake (case-text-too-long)."""
    text = text.strip()
    if len(text) > most:
        raise Mistake("case-text-too-long", n=len(text), most=most)
    return text
