"""What staff do with a case. Each act is an event of the case and a line of the audit.

`by` and `to` are ids of staff. `version` is that of the case the form was made from. Every act raises Mistake:
case-unknown (also for who may not see it), case-not-allowed (no permission "cases"), case-moved-on (another version).
"""

from datetime import datetime

from sqlalchemy import Connection

from bots.cases import opening, store
from bots.cases.acting import Act, acting, clean, worker
from bots.cases.model import BY_STAFF, OUTCOMES
from bots.model import DANGERS
from db.engine import Database
from messages.errors import Mistake
from staff import accounts, audit


def claim(db: Database, case_id: int, *, by: int, version: int, now: datetime) -> None:
    """Raises Mistake: case-taken(name), case-closed."""
    with acting(db, case_id, by=by, now=now) as act:
        act.check_free()
        if act.case.claimed_by == by:  # a second press of the button
            return
        act.check(version)
        act.change(status="claimed", claimed_by=by, claimed_at=now)
        act.record("claimed")


def release(db: Database, case_id: int, *, by: int, version: int, now: datetime) -> None:
    """Only by whoever has it. The machine answers again. Raises Mistake: case-not-yours, case-taken, case-closed."""
    with acting(db, case_id, by=by, now=now) as act:
        act.check_mine()
        act.check(version)
        act.change(status="open", claimed_by=None, claimed_at=None)
        store.leave(act.c, act.case.conversation_id)
        act.record("released")


def lay_down_of_closed_accounts(db: Database, now: datetime) -> int:
    """The cases of who may not sign in any more wait for somebody again; how many."""
    with db.reading() as c:
        found = store.of_closed_accounts(c)
    return sum(_lay_down(db, row, now) for row in found)


def _lay_down(db: Database, row, now: datetime) -> bool:
    with db.transaction() as c:
        store.lock_conversation(c, row.conversation_id)
        if row not in store.of_closed_accounts(c):  # somebody was faster, or took the case over
            return False
        store.change(c, row.id, version=row.version + 1)
        opening.lay_down(c, row.id, row.conversation_id, now)
        audit.record(c, at=now, actor="system", action="cases.released", object=f"case:{row.id}",
                     detail={"from": row.claimed_by})
    return True


def note(db: Database, case_id: int, *, by: int, text: str, now: datetime) -> None:
    """Words for colleagues, sealed; whoever may see the case may add some. Raises Mistake: case-note-empty,
    case-text-too-long(n, most).
    """
    if not (text := clean(text)):
        raise Mistake("case-note-empty")
    with acting(db, case_id, by=by, now=now) as act:
        act.record("note", text=text)


def hand_over(db: Database, case_id: int, *, by: int, to: int, version: int, now: datetime) -> None:
    """To a colleague, who has it then; by whoever has it, or by anybody while nobody does.

    Raises Mistake: case-taken(name), case-closed, case-to-nobody (not active, or not their work),
    case-to-untrained(name) (restricted, and they are not trained in safeguarding).
    """
    with acting(db, case_id, by=by, now=now) as act:
        act.check_free()
        act.check(version)
        _check_receiver(act, to)
        _give(act, to)


def take_over(db: Database, case_id: int, *, by: int, version: int, now: datetime) -> None:
    """From the colleague who has it. Raises Mistake: case-closed."""
    with acting(db, case_id, by=by, now=now) as act:
        if act.case.status == "closed":
            raise Mistake("case-closed")
        act.check(version)
        _give(act, by)


def _check_receiver(act: Act, to: int) -> None:
    officer = accounts.known(act.c, to)
    if officer is None or not officer.may("cases"):
        raise Mistake("case-to-nobody")
    if act.case.restricted and not officer.may("safeguarding"):
        raise Mistake("case-to-untrained", name=officer.name)


def _give(act: Act, to: int) -> None:
    if to == act.case.claimed_by:
        return
    act.change(status="claimed", claimed_by=to, claimed_at=act.now)
    store.pass_on(act.c, act.case.conversation_id, to)
    act.record("handed-over", to=to)


def restrict(db: Database, case_id: int, *, by: int, on: bool, version: int, now: datetime) -> None:
    """Only for people trained in safeguarding, or for everybody at the desk again; with it every case of the person.

    Who has the case and is not trained loses it.
    """
    with acting(db, case_id, by=by, now=now) as act:
        act.check(version)
        if on == act.case.restricted:
            return
        act.change()
        if on:
            opening.shut_away(act.c, act.case.conversation_id, now)
        else:
            store.restrict(act.c, act.case.conversation_id, False)
        act.record("restricted" if on else "unrestricted")


def close(
    db: Database, case_id: int, *, by: int, outcome: str, version: int, now: datetime, words: str = "",
    seen: int | None = None,
) -> None:
    """Ends it; the machine answers again and says so. By whoever has it, or by anybody while nobody does.

    `seen` is the newest turn on the page. Raises Mistake: case-taken(name), case-closed, case-outcome-wrong,
    case-heard-meanwhile (the person wrote after `seen`), case-text-too-long(n, most).
    """
    if outcome not in OUTCOMES:
        raise Mistake("case-outcome-wrong")
    words = clean(words)
    with acting(db, case_id, by=by, now=now) as act:
        act.check_free()
        act.check(version)
        if seen is not None and store.heard_after(act.c, act.case.conversation_id, seen):
            raise Mistake("case-heard-meanwhile")
        act.change(status="closed", outcome=outcome, closed_at=now, closed_by=by)
        store.leave(act.c, act.case.conversation_id)
        act.record("closed", text=words, outcome=outcome)


def reopen(db: Database, case_id: int, *, by: int, version: int, now: datetime) -> None:
    """Takes a closed case up again; `by` has it then. Raises Mistake: case-not-closed, case-open-already(n)."""
    with acting(db, case_id, by=by, now=now) as act:
        if act.case.status != "closed":
            raise Mistake("case-not-closed")
        act.check(version)
        standing = store.standing(act.c, act.case.conversation_id)
        if standing:
            raise Mistake("case-open-already", n=standing.id)
        act.change(status="claimed", claimed_by=by, claimed_at=now, outcome=None, closed_at=None, closed_by=None)
        act.record("reopened")


def open_by_staff(
    db: Database, conversation_id: int, *, by: int, words: str, danger: str, now: datetime
) -> int:
    """The case of this conversation: a new one, or the open one, more urgent where `danger` is. `words` become a note.

    Raises Mistake: conversation-unknown (also for who may not know of it), case-danger-wrong,
    case-text-too-long(n, most).
    """
    if danger not in DANGERS:
        raise Mistake("case-danger-wrong")
    officer, words = worker(db, by), clean(words)
    with db.transaction() as c:
        may_know = officer.may("safeguarding") or not store.was_restricted(c, conversation_id)
        if not may_know or not store.lock_conversation(c, conversation_id):
            raise Mistake("conversation-unknown", id=conversation_id)
        case_id = opening.hand_over(c, conversation_id, danger, BY_STAFF, now, by=by)
        audit.record(c, at=now, actor=officer.actor, action="cases.opened", object=f"case:{case_id}",
                     detail={"danger": danger})
        _add_note(db, c, case_id, by, words, now)
    return case_id


def _add_note(db: Database, c: Connection, case_id: int, by: int, words: str, now: datetime) -> None:
    if words:
        sealed = db.seal.seal(words, "case_events.text")
        store.add_event(c, case_id=case_id, kind="note", by=by, at=now, text_sealed=sealed)
