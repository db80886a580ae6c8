"""What people do with a version of an answer: written, read over, approved by somebody else, taken back.

What changes what is said is decided on exactly the words that were read: `reading` is their digest.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bots.answering import store
from bots.answering.content import Content, from_json, standing, to_json
from bots.answering.living import living_in
from bots.answering.model import OPEN, Status, Version, is_topic, name_of, version
from bots.answering.proof import Remark, blocking, remarks
from db.engine import Database
from messages.book import Book
from messages.errors import LANGUAGES, Mistake
from staff import audit

#: Letters of a note.
LONGEST_NOTE = 500
#: What makes somebody an author of a version.
_WRITING = frozenset({"answers.write", "answers.edit", "answers.submit"})


@dataclass(frozen=True)
class Shown:
    """A version, what stands now in its place, what is to be mended, and the digest of reading both."""

    version: Version
    now: Content | None
    remarks: Sequence[Remark]
    reading: str


def draft(
    db: Database, shipped: Book, *, topic: str, language: str, content: Content, base: str = "", note: str = "",
    by: int | None, now: datetime,
) -> int:
    """Begins a new version of an answer, of a new topic too; its id. `base`: digest of the answer it was begun from, ""
    where there was none.

    Raises Mistake: topic-name-wrong, language-unknown, answer-changed-meanwhile (another answer stands there now),
    answer-being-written (somebody works on it: edit that version), answer-unchanged.
    """
    if language not in LANGUAGES:
        raise Mistake("language-unknown", lang=language)
    if topic not in shipped.topics and not is_topic(topic):
        raise Mistake("topic-name-wrong", name=topic[:60])
    try:
        with db.transaction() as c:
            store.lock_beginning(c)
            _may_begin(c, shipped, topic, language, content, base)
            row = {"topic": topic, "language": language, "content": to_json(content), "base": base,
                   "note": note.strip()[:LONGEST_NOTE], "written_by": by, "written_at": now}  # fmt: skip
            version_id = store.add(c, row)
            _record(c, "answers.write", version_id, by, now, topic=topic, language=language)
            return version_id
    except IntegrityError as why:  # on PostgreSQL two people at once take the same number
        raise Mistake("answer-being-written", topic=topic) from why


def _may_begin(c: Connection, shipped: Book, topic: str, language: str, content: Content, base: str) -> None:
    if store.open_version(c, topic, language):
        raise Mistake("answer-being-written", topic=topic)
    before = _standing(c, shipped, topic, language)
    if base != (before.digest if before else ""):
        raise Mistake("answer-changed-meanwhile")
    if before == content:
        raise Mistake("answer-unchanged")


def edit(
    db: Database, version_id: int, *, content: Content, expected: str, note: str = "", by: int | None, now: datetime
) -> None:
    """Changes a version somebody works on; what was submitted or returned is a draft again. `expected`: the digest of
    the content the writer began from. Raises Mistake: answer-version-unknown, answer-decided,
    answer-changed-meanwhile (nothing is kept).
    """
    with db.transaction() as c:
        before = _open(c, version_id)
        if before.content.digest != expected:
            raise Mistake("answer-changed-meanwhile")
        store.change(c, version_id, status=Status.DRAFT, content=to_json(content), written_by=by, written_at=now,
                     note=note.strip()[:LONGEST_NOTE] or before.note)
        _record(c, "answers.edit", version_id, by, now)


def submit(db: Database, shipped: Book, version_id: int, *, today: date, by: int | None, now: datetime) -> str:
    """Asks somebody else to approve it; the digest they will have read. Raises Mistake: answer-version-unknown,
    answer-decided, answer-not-in-order.
    """
    with db.transaction() as c:
        found = _open(c, version_id)
        if found.status == Status.SUBMITTED:
            return _reading(found, _standing(c, shipped, found.topic, found.language))
        _must_be_in_order(c, shipped, found, today)
        store.change(c, version_id, status=Status.SUBMITTED, submitted_by=by, submitted_at=now)
        _record(c, "answers.submit", version_id, by, now)
        return _reading(found, _standing(c, shipped, found.topic, found.language))


def approve(
    db: Database, shipped: Book, version_id: int, *, digest: str, today: date, by: int | None, now: datetime
) -> None:
    """Makes it what is said from now on. `digest`: Shown.reading of what the approver read.

    Raises Mistake: answer-version-unknown, answer-not-submitted, answer-own (they wrote, changed or submitted it),
    answer-changed-meanwhile (it, or what it replaces, is not what they read), answer-not-in-order.
    """
    with db.transaction() as c:
        found = _submitted(c, version_id)
        if by is None or by in _hands(c, found):
            raise Mistake("answer-own")
        if digest != _reading(found, _standing(c, shipped, found.topic, found.language)):
            raise Mistake("answer-changed-meanwhile")
        _must_be_in_order(c, shipped, found, today)
        store.replace_live(c, found.topic, found.language)
        store.change(c, version_id, status=Status.LIVE, decided_by=by, decided_at=now)
        _record(c, "answers.approve", version_id, by, now, digest=found.content.digest[:16])


def return_to_author(db: Database, version_id: int, *, note: str, by: int | None, now: datetime) -> None:
    """With the reason why. Raises Mistake: answer-version-unknown, answer-not-submitted, answer-reason-missing."""
    with db.transaction() as c:
        _submitted(c, version_id)
        _end(c, version_id, Status.RETURNED, "answers.return", note, by, now)


def withdraw(db: Database, version_id: int, *, note: str, by: int | None, now: datetime) -> None:
    """A live version: what stood before any of ours, the shipped file, is said again. Of one somebody works on: it is
    given up. Raises Mistake: answer-version-unknown, answer-decided, answer-reason-missing.
    """
    with db.transaction() as c:
        found = _version(c, version_id)
        if found.status not in (*OPEN, Status.LIVE):
            raise Mistake("answer-decided")
        _end(c, version_id, Status.WITHDRAWN, "answers.withdraw", note, by, now)


def _end(c: Connection, version_id: int, status: Status, action: str, note: str, by: int | None, now: datetime) -> None:
    reason = " ".join(note.split())[:LONGEST_NOTE]
    if not reason:
        raise Mistake("answer-reason-missing")
    store.change(c, version_id, status=status, note=reason, decided_by=by, decided_at=now)
    _record(c, action, version_id, by, now, why=reason[:120])


def show(db: Database, shipped: Book, version_id: int, *, today: date) -> Shown:
    """Raises Mistake: answer-version-unknown."""
    with db.reading() as c:
        found = version(_row(store.version(c, version_id), version_id))
        now = _standing(c, shipped, found.topic, found.language)
        return Shown(found, now, _remarks(c, shipped, found, today), _reading(found, now))


def history(db: Database, topic: str, language: str | None = None) -> list[Version]:
    """Every version of a topic, newest first."""
    with db.reading() as c:
        return [version(row) for row in store.versions(c, topic, language)]


def under_way(db: Database) -> list[Version]:
    """What somebody works on or waits for, oldest first."""
    with db.reading() as c:
        return [version(row) for row in store.under_way(c)]


def live(db: Database) -> list[Version]:
    """What stands before the shipped files."""
    with db.reading() as c:
        return [version(row) for row in store.live(c)]


def authors(db: Database, version_id: int) -> set[int]:
    """Those who wrote, changed or submitted it, and so do not approve it."""
    with db.reading() as c:
        return _hands(c, version(_row(store.version(c, version_id), version_id)))


def _row(row, version_id: int):
    if row is None:
        raise Mistake("answer-version-unknown", id=version_id)
    return row


def _version(c: Connection, version_id: int) -> Version:
    """The version, held until the end: two people on PostgreSQL must not both find the same."""
    return version(_row(store.version(c, version_id, lock=True), version_id))


def _open(c: Connection, version_id: int) -> Version:
    found = _version(c, version_id)
    if not found.open:
        raise Mistake("answer-decided")
    return found


def _submitted(c: Connection, version_id: int) -> Version:
    found = _version(c, version_id)
    if found.status != Status.SUBMITTED:
        raise Mistake("answer-not-submitted")
    return found


def _hands(c: Connection, found: Version) -> set[int]:
    done = {actor for action, actor in audit.steps(c, found.name) if action in _WRITING}
    numbered = {int(actor.removeprefix("staff:")) for actor in done if actor.startswith("staff:")}
    return numbered | {each for each in (found.written_by, found.submitted_by) if each is not None}


def _standing(c: Connection, shipped: Book, topic: str, language: str) -> Content | None:
    """What is said now, read in this transaction."""
    rows = [row for row in store.live(c) if (row["topic"], row["language"]) == (topic, language)]
    return from_json(rows[0]["content"]) if rows else standing(shipped, topic, language)


def _reading(found: Version, now: Content | None) -> str:
    return hashlib.sha256(f"{found.content.digest} {now.digest if now else ''}".encode()).hexdigest()


def _remarks(c: Connection, shipped: Book, found: Version, today: date) -> list[Remark]:
    second = next(each for each in LANGUAGES if each != found.language)
    row = store.open_version(c, found.topic, second)
    other = from_json(row["content"]) if row else _standing(c, shipped, found.topic, second)
    book = living_in(c, shipped)
    return remarks(book, found.topic, found.language, found.content, today=today, other=other)


def _must_be_in_order(c: Connection, shipped: Book, found: Version, today: date) -> None:
    if wrong := blocking(_remarks(c, shipped, found, today)):
        raise Mistake("answer-not-in-order", n=len(wrong))


def _record(c: Connection, action: str, version_id: int, by: int | None, now: datetime, **detail: object) -> None:
    actor = "machine" if by is None else f"staff:{by}"
    audit.record(c, at=now, actor=actor, action=action, object=name_of(version_id), detail=detail)
