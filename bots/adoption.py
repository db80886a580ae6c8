"""Shipped answers are desk research; an installation takes them over group by group before it says them outside.

An adoption names the digest of every text that was read. A text that changes afterwards is no longer adopted. An answer
that staff wrote and another person approved here is adopted by that approval. Until then a leaving door says only what
`bots.speech.ALWAYS_SAID` names (docs/decisions/0006-adoption.md).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from bots import adoption_store as store
from bots import wordings
from bots.answering.content import from_json
from bots.help_lines import Line, lines_in
from bots.wordings import PHRASES, groups
from db.engine import Database
from messages.book import Book
from messages.errors import Mistake
from messages.lint import phones
from staff import accounts, audit

#: A test call counts so long; then somebody calls again before the group can be adopted anew.
CALL_HOLDS = timedelta(days=180)
OUTCOMES = ("answered", "unanswered", "wrong")
LONGEST_NOTE = 500

#: Whether what is said on a platform (by SMS: through a gateway) leaves this machine.
Leaves = Callable[[str, str | None], bool]
#: (name, language) → the digests that may be said.
_Approved = Mapping[tuple[str, str], set[str]]


@dataclass(frozen=True)
class Call:
    """A test call of a help line. outcome: answered | unanswered | wrong; `by` is None for the operator."""

    outcome: str
    note: str
    by: int | None
    at: datetime


@dataclass(frozen=True)
class LineState:
    """A help line and the newest test call of it."""

    line: Line
    call: Call | None

    def tested(self, now: datetime) -> bool:
        """Somebody answered, not too long ago."""
        return self.call is not None and self.call.outcome == "answered" and now - self.call.at <= CALL_HOLDS


@dataclass(frozen=True)
class GroupState:
    """`state`: "adopted" | "changed" | "not adopted". `open` are the names that may not be said outside yet; `digest`
    is that of all the group says now; `who`, `when` and `note` are of the newest adoption.
    """

    group: str
    state: str
    topics: tuple[str, ...]
    open: tuple[str, ...]
    digest: str
    lines: tuple[LineState, ...]
    who: int | None = None
    when: datetime | None = None
    note: str = ""

    def untested(self, now: datetime) -> tuple[str, ...]:
        """The numbers to call before the group can be adopted."""
        return tuple(state.line.number for state in self.lines if not state.tested(now))


def state(db: Database, book: Book) -> dict[str, GroupState]:
    """How every group of `book` stands, the phrases first."""
    with db.reading() as c:
        adoptions = {row.group: row for row in store.newest_adoptions(c)}
        approved, calls = _approved(c), _calls(c)
    return {
        group: _state(book, group, names, adoptions.get(group), approved, calls)
        for group, names in groups(book).items()
    }


def _state(book: Book, group: str, names: tuple[str, ...], row, approved: _Approved, calls) -> GroupState:
    found = wordings.digests(book, names)
    not_yet = tuple(name for name in names if not _holds(name, found[name], approved))
    word = "adopted" if not not_yet else "not adopted" if row is None else "changed"
    by_whom = {"who": row.by, "when": row.at, "note": row.note} if row else {}
    lines = tuple(LineState(line, calls.get(line.key)) for line in lines_in(book, names))
    return GroupState(group, word, names, not_yet, wordings.digest_of_all(found), lines, **by_whom)


def adopt(
    db: Database, book: Book, group: str, *, by: int | None, now: datetime, note: str = "", read: str | None = None
) -> None:
    """This installation says the group from now on. `by` is an approver, None the operator of the machine; `read` the
    digest of what was on the page.

    Raises Mistake: answers-group-unknown, answers-not-approver, answers-moved, answers-lines-untested.
    """
    names = _names(book, group)
    actor = _actor(db, by)
    found = wordings.digests(book, names)
    whole = wordings.digest_of_all(found)
    if read is not None and read != whole:
        raise Mistake("answers-moved")
    lines = lines_in(book, names)
    with db.transaction() as c:
        _check_calls(lines, _calls(c), now)
        note = note.strip()[:LONGEST_NOTE]
        store.add_adoption(c, group=group, answers=json.dumps(found, sort_keys=True), note=note, by=by, at=now)
        detail = {"digest": whole, "answers": len(names), "note": note}
        audit.record(c, at=now, actor=actor, action="answers.adopt", object=f"answers:{group}", detail=detail)


def _names(book: Book, group: str) -> tuple[str, ...]:
    found = groups(book)
    if group not in found:
        raise Mistake("answers-group-unknown", group=group, known=", ".join(found))
    return found[group]


def _check_calls(lines: Iterable[Line], calls: Mapping[str, Call], now: datetime) -> None:
    missing = [line.number for line in lines if not LineState(line, calls.get(line.key)).tested(now)]
    if missing:
        raise Mistake("answers-lines-untested", numbers=", ".join(missing), days=CALL_HOLDS.days)


def check_line(
    db: Database, book: Book, *, number: str, outcome: str, by: int | None, now: datetime, note: str = ""
) -> Line:
    """Writes down a test call of a number, in any spelling, that `book` says somewhere; returns the line.

    Raises Mistake: line-unknown, line-outcome-wrong, answers-not-approver.
    """
    if outcome not in OUTCOMES:
        raise Mistake("line-outcome-wrong", outcome=outcome, known=", ".join(OUTCOMES))
    line, actor = _line(book, number), _actor(db, by)
    with db.transaction() as c:
        note = note.strip()[:LONGEST_NOTE]
        store.add_call(c, number=line.key, outcome=outcome, note=note, by=by, at=now)
        detail = {"outcome": outcome, "note": note}
        audit.record(c, at=now, actor=actor, action="answers.call", object=f"line:{line.key}", detail=detail)
    return line


def _line(book: Book, number: str) -> Line:
    written = number.strip()
    key = phones.key(written) if any(letter.isdigit() for letter in written) else ""
    every = [name for names in groups(book).values() for name in names]
    found = next((line for line in lines_in(book, every) if line.key == key), None)
    if found is None:
        raise Mistake("line-unknown", number=written[:40])
    return found


def _actor(db: Database, by: int | None) -> str:
    if by is None:
        return "machine"
    officer = accounts.by_id(db, by)
    if officer is None or not officer.may("approve"):
        raise Mistake("answers-not-approver")
    return officer.actor


@dataclass(frozen=True)
class _Snapshot:
    book: Book
    version: tuple
    names: frozenset[str]


#: What was found out last, for each database; right as long as its version is.
_snapshots: WeakKeyDictionary[Database, _Snapshot] = WeakKeyDictionary()


def may_say(db: Database, book: Book) -> frozenset[str]:
    """The names of `book` that may be said outside. Cheap: read anew only when something was adopted or went live."""
    with db.reading() as c:
        version = store.version(c)
        kept = _snapshots.get(db)
        if kept and kept.book is book and kept.version == version:
            return kept.names
        approved = _approved(c)
    every = wordings.digests(book, [name for names in groups(book).values() for name in names])
    names = frozenset(name for name, found in every.items() if _holds(name, found, approved))
    _snapshots[db] = _Snapshot(book, version, names)
    return names


def untested(db: Database, book: Book, now: datetime) -> tuple[str, ...]:
    """The numbers a cry for help is answered with that nobody has reached by a test call lately."""
    with db.reading() as c:
        calls = _calls(c)
    lines = lines_in(book, groups(book).get(PHRASES, ()))
    return tuple(line.number for line in lines if not LineState(line, calls.get(line.key)).tested(now))


def _holds(name: str, found: Mapping[str, str], approved: _Approved) -> bool:
    return all(digest in approved.get((name, language), ()) for language, digest in found.items())


def _approved(c: Connection) -> _Approved:
    found: dict[tuple[str, str], set[str]] = {}
    for row in store.newest_adoptions(c):
        for name, by_language in json.loads(row.answers).items():
            for language, digest in by_language.items():
                found.setdefault((name, language), set()).add(digest)
    for row in store.live_answers(c):
        found.setdefault((row.topic, row.language), set()).add(wordings.digest(from_json(row.content).answer))
    return found


def _calls(c: Connection) -> dict[str, Call]:
    return {row.number: Call(row.outcome, row.note, row.by, row.at) for row in store.newest_calls(c)}
