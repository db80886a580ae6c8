"""What people make of a group of questions. Nothing here changes what the bot says: an example and an outside line do
so once another person has approved them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bots.answering import versions
from bots.answering.content import Content, standing
from bots.answering.living import living
from bots.answering.model import OPEN as VERSIONS_OPEN
from bots.answering.model import Status, Version
from bots.outside import lines as outside
from bots.unanswered import store
from bots.unanswered.choosing import chosen, must_be_outside
from bots.unanswered.model import DONE, DRAFT, EXAMPLE, IGNORED, OPEN, OUTSIDE
from db.engine import Database
from messages.book import Book
from messages.errors import Mistake
from staff import audit

if TYPE_CHECKING:  # it brings NumPy and SciPy along
    from bots.engine import Engine


def make_example(
    db: Database, shipped: Book, group_id: int, *, topic: str, lines: str | Iterable[str], by: int | None, today: date,
    now: datetime,
) -> int:
    """Adds lines to the example questions of an answer, for another person's approval; the id of the version.

    Where somebody works on that answer the lines join that version; what waits for approval waits again. Raises
    Mistake: questions-unknown, questions-decided, answer-unknown, and those of `choosing.chosen`, versions.draft and
    versions.submit.
    """
    texts = chosen(lines)
    with db.reading() as c:
        language = _undecided(store.group(c, group_id), group_id)["language"]
    open_one, base = _standing(db, shipped, topic, language)
    content = _with_questions(open_one.content if open_one else base, texts)
    if open_one is None:
        note = f"#{group_id}"
        version_id = versions.draft(db, shipped, topic=topic, language=language, content=content, base=base.digest,
                                    note=note, by=by, now=now)
    else:
        version_id = open_one.id
        if content != open_one.content:
            versions.edit(db, version_id, content=content, expected=open_one.content.digest, by=by, now=now)
    _decide(db, group_id, EXAMPLE, by, now, topic=topic, version=version_id, lines=len(texts))
    if open_one is None or open_one.status == Status.SUBMITTED:
        versions.submit(db, shipped, version_id, today=today, by=by, now=now)
    return version_id


def _standing(db: Database, shipped: Book, topic: str, language: str) -> tuple[Version | None, Content]:
    """The version somebody works on, if there is one, and what is said now."""
    history = versions.history(db, topic, language)
    said = standing(living(db, shipped), topic, language)
    if said is None:
        raise Mistake("answer-unknown", name=topic[:60])
    return next((each for each in history if each.open), None), said


def _with_questions(content: Content, texts: Sequence[str]) -> Content:
    answer = content.answer
    return replace(content, answer=replace(answer, questions=tuple(dict.fromkeys((*answer.questions, *texts)))))


def drafted(db: Database, group_id: int, *, topic: str, by: int | None, now: datetime) -> None:
    """A new answer was begun from the group's questions. Raises Mistake: questions-unknown, questions-decided."""
    _decide(db, group_id, DRAFT, by, now, topic=topic)


def mark_outside(
    db: Database, engine: "Engine", group_id: int, *, lines: str | Iterable[str], by: int | None, now: datetime
) -> None:
    """Asks another person to approve that these lines are none of ours. Raises Mistake: questions-unknown,
    questions-decided, and those of `choosing`.
    """
    texts = chosen(lines)
    must_be_outside(engine, texts)
    with db.transaction() as c:
        row = _undecided(store.group(c, group_id, lock=True), group_id)
        store.change(c, group_id, decision=OUTSIDE, topic=None, decided_by=by, decided_at=now)
        outside.submit(c, texts, language=row["language"], group_id=group_id, by=by, now=now)


def approve_outside(db: Database, engine: "Engine", ids: Sequence[int], *, by: int | None, now: datetime) -> None:
    """The bot learns them as none of ours, and their groups are closed. Raises Mistake: those of outside.approve and
    of `choosing.must_be_outside`.
    """
    must_be_outside(engine, [line.text for line in outside.some(db, ids)])
    with db.transaction() as c:
        _settle_groups(c, outside.approve(c, ids, by=by, now=now), by, now)


def return_outside(db: Database, ids: Sequence[int], *, by: int | None, now: datetime) -> None:
    """The bot does not learn them. Raises Mistake: those of outside.send_back."""
    with db.transaction() as c:
        _settle_groups(c, outside.send_back(c, ids, by=by, now=now), by, now)


def withdraw_outside(db: Database, ids: Sequence[int], *, by: int | None, now: datetime) -> None:
    """The bot forgets them; a group of which none is left is open again. Raises Mistake: those of outside.withdraw."""
    with db.transaction() as c:
        _settle_groups(c, outside.withdraw(c, ids, by=by, now=now), by, now)


def _settle_groups(c: Connection, found: Iterable[outside.Line], by: int | None, now: datetime) -> None:
    """A group is outside while one of its lines is live, waits while one waits, and is open again without any."""
    for group_id in {line.group_id for line in found if line.group_id is not None}:
        standing_now = outside.statuses(c, group_id)
        row = store.group(c, group_id, lock=True)
        if "live" in standing_now and row["status"] == OPEN:
            store.change(c, group_id, status=OUTSIDE, decision=OUTSIDE, decided_at=now)
        elif not standing_now & {"live", "submitted"} and row["decision"] == OUTSIDE:
            store.change(c, group_id, status=OPEN, decision=None, decided_by=by, decided_at=now)


def ignore(db: Database, group_id: int, *, by: int | None, now: datetime) -> None:
    """Nothing is made of it; who asks so later is counted there. Raises Mistake: questions-unknown,
    questions-decided.
    """
    with db.transaction() as c:
        _undecided(store.group(c, group_id, lock=True), group_id)
        store.change(c, group_id, status=IGNORED, decision=IGNORED, topic=None, decided_by=by, decided_at=now)
        _record(c, "questions.ignore", group_id, by, now)


def reopen(db: Database, group_id: int, *, by: int | None, now: datetime) -> None:
    """Somebody decides anew; a version that is under way or live is not touched. Raises Mistake: questions-unknown,
    questions-open, questions-lines-stand (its outside lines are to be withdrawn or returned first).
    """
    with db.transaction() as c:
        row = _known(store.group(c, group_id, lock=True), group_id)
        if row["decision"] is None:
            raise Mistake("questions-open", n=group_id)
        if outside.statuses(c, group_id) & {"live", "submitted"}:
            raise Mistake("questions-lines-stand", n=group_id)
        store.change(c, group_id, status=OPEN, decision=None, topic=None, decided_by=by, decided_at=now)
        _record(c, "questions.reopen", group_id, by, now)


def settle(db: Database, book: Book, *, now: datetime) -> Mapping[str, int]:
    """Sees what became of examples and drafts: a group is done when its answer is live, and open again when the
    version was given up or taken back.
    """
    done = lapsed = 0
    with db.transaction() as c:
        for row in store.under_way(c):
            found = store.versions_since(c, row["topic"], row["language"], row["decided_at"])
            live = next((decided_at for status, decided_at in found if status == Status.LIVE), None)
            if row["status"] == OPEN and live and row["topic"] in book.topics:
                store.change(c, row["id"], status=DONE, decided_at=live)
                _record(c, "questions.done", row["id"], None, now, topic=row["topic"])
                done += 1
            elif not live and not any(status in VERSIONS_OPEN for status, _ in found):
                store.change(c, row["id"], status=OPEN, decision=None, topic=None, decided_at=now)
                _record(c, "questions.lapsed", row["id"], None, now, topic=row["topic"])
                lapsed += 1
    return {name: n for name, n in (("done", done), ("lapsed", lapsed)) if n}


def _decide(
    db: Database, group_id: int, decision: str, by: int | None, now: datetime, *, topic: str, **detail: object
) -> None:
    with db.transaction() as c:
        _undecided(store.group(c, group_id, lock=True), group_id)
        store.change(c, group_id, decision=decision, topic=topic, decided_by=by, decided_at=now)
        _record(c, f"questions.{decision}", group_id, by, now, topic=topic, **detail)


def _known(row: Mapping | None, group_id: int) -> Mapping:
    if row is None:
        raise Mistake("questions-unknown", n=group_id)
    return row


def _undecided(row: Mapping | None, group_id: int) -> Mapping:
    if _known(row, group_id)["decision"] is not None:
        raise Mistake("questions-decided", n=group_id)
    return row


def _record(c: Connection, action: str, group_id: int, by: int | None, now: datetime, **detail: object) -> None:
    """`by` None: the machine, or whoever is at its command line."""
    actor = "system" if by is None else f"staff:{by}"
    audit.record(c, at=now, actor=actor, action=action, object=f"questions:{group_id}", detail=detail)
