"""The book of those who want no more messages, for officers: looked up, added to by hand or by a file, written out.

Whatever happens to lists and contacts, a line of this book stays until the person changes their mind; taking one out is
written down with its reason. An address is known by its blind index alone; the number of a line is only there while the
person is among our contacts, or was told with it.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Row

from campaigns import consent, upload
from campaigns.formulas import csv_lines
from campaigns.masking import masked
from campaigns.model import actor
from campaigns.reading import Choices
from campaigns.responses import CARRIED_OVER
from campaigns.store import consent as store
from campaigns.typed import read_number
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms import numbers
from staff import audit

#: How a line came into the book when no villager said it to us.
BY_HAND, BY_FILE = "staff", CARRIED_OVER
#: More are a file, not a text box; a file with more is to be split.
MOST_TYPED, MOST_IN_A_FILE = 1_000, 200_000
MOST_BYTES = 20 << 20
_REASON_LETTERS = 300
_AT_ONCE = 5_000
_HEADINGS = ("Số điện thoại / Phone", "Ngày / Date (UTC)", "Kênh / Channel", "Lý do / Reason")


@dataclass(frozen=True)
class Line:
    """A line of the book. `key` is the blind index in hexadecimal digits; `number` is None when nobody knows it."""

    key: str
    number: str | None
    at: datetime
    channel: str
    reason: str
    by: int | None


@dataclass(frozen=True)
class Unreadable:
    """Where in the text or file (counted from 1), and the code of sms.numbers that says why."""

    line: int
    code: str


@dataclass(frozen=True)
class Added:
    added: int
    already: int
    unreadable: Sequence[Unreadable]

def counts(db: Database) -> dict[str, int]:
    """How many lines, by channel, most first."""
    with db.reading() as c:
        return store.counts(c)


def latest(db: Database, most: int = 50) -> list[Line]:
    """The newest lines, numbers masked."""
    with db.reading() as c:
        return [_line(db, row) for row in store.latest(c, most)]


def look_up(db: Database, written: str, *, country: str = numbers.HOME) -> Line | None:
    """The line of this number, however it is written. Raises Mistake: number-missing, number-unreadable."""
    index = db.seal.index(read_number(written, country).e164)
    with db.reading() as c:
        row = store.one(c, index)
    return row and _line(db, row)


def show(db: Database, key: str) -> Line:
    """Raises Mistake: optout-unknown."""
    with db.reading() as c:
        row = store.one(c, _index(key))
    if row is None:
        raise Mistake("optout-unknown")
    return _line(db, row)


def add(
    db: Database, text: str, *, reason: str, country: str = numbers.HOME, by: int | None, now: datetime
) -> Added:
    """Adds the numbers of `text`, one a line. Raises Mistake: optout-reason-missing, optout-reason-long,
    optouts-too-many, number-missing, country-unknown.
    """
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Mistake("number-missing")
    if len(lines) > MOST_TYPED:
        raise Mistake("optouts-too-many", most=MOST_TYPED)
    return _add(db, lines, BY_HAND, _reason(reason), country, by, now)


def add_file(
    db: Database, content: bytes, *, reason: str, country: str = numbers.HOME, by: int | None, now: datetime
) -> Added:
    """Adds the numbers of a file's phone column, as lists are read; a file without headings is read by its first
    column. Raises Mistake as `add`, and what campaigns.upload raises.
    """
    reason = _reason(reason)
    if len(content) > MOST_BYTES:
        raise Mistake("upload-too-big", most=MOST_BYTES >> 20)
    reading = _reading(content)
    if reading.total > MOST_IN_A_FILE:
        raise Mistake("optouts-too-many", most=MOST_IN_A_FILE)
    at = reading.columns.phone
    rows = upload.records(io.BytesIO(content), reading)
    lines = [(line, cells[at] if at < len(cells) else "") for line, cells in rows]
    return _add(db, lines, BY_FILE, reason, country, by, now)


def lift(db: Database, key: str, *, reason: str, by: int | None, now: datetime) -> None:
    """Takes a line out, because the person changed their mind: messages may reach them again.

    Raises Mistake: optout-reason-missing, optout-reason-long, optout-unknown.
    """
    reason, index = _reason(reason), _index(key)
    with db.transaction() as c:
        if not store.remove(c, index):
            raise Mistake("optout-unknown")
        detail, about = {"reason": reason}, f"person:{key[:8]}"
        audit.record(c, at=now, actor=actor(by), action="consent.lift", object=about, detail=detail)


def export(db: Database, *, in_full: bool, by: int | None, now: datetime) -> Iterator[str]:
    """The whole book as lines of CSV, which can be taken in again; who takes it is written down before the first.

    `in_full` writes whole numbers: only for who may see them (`see-numbers`).
    """
    with db.transaction() as c:
        detail = {"lines": sum(store.counts(c).values()), "in_full": in_full}
        audit.record(c, at=now, actor=actor(by), action="consent.export", object="optouts", detail=detail)
    return csv_lines(_exported(db, in_full))


def _exported(db: Database, in_full: bool) -> Iterator[Sequence[str]]:
    yield _HEADINGS
    last = b""
    while True:
        with db.reading() as c:
            rows = list(store.after(c, last, _AT_ONCE))
        for row in rows:
            line = _line(db, row, in_full)
            yield _as_dialled(line.number or ""), f"{line.at:%Y-%m-%d %H:%M}", line.channel, line.reason
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].person_index


def _as_dialled(number: str) -> str:
    """A number of Vietnam in groups, which no spreadsheet takes for a sum or robs of its 0.

    >>> _as_dialled("+84912345678"), _as_dialled("+447911123400")
    ('0912 345 678', '+447911123400')
    """
    if not number.startswith("+84") or not number[1:].isdigit():
        return number
    return f"0{number[3:6]} {number[6:9]} {number[9:]}"


def _reading(content: bytes):
    opened = partial(io.BytesIO, content)
    try:
        return upload.find_reading(opened, len(content))
    except Mistake as mistake:
        if mistake.code != "upload-no-phone-column":
            raise
    plain = Choices(heading_row=0, columns={"phone": 0})
    return upload.look(opened, len(content), plain).reading


def _add(
    db: Database, lines: Iterable[tuple[int, str]], channel: str, reason: str, country: str, by: int | None,
    now: datetime,
) -> Added:  # fmt: skip
    lines = list(lines)
    try:
        read = numbers.read_many([text for _, text in lines], country.upper())
    except ValueError:
        raise Mistake("country-unknown", country=country) from None
    unreadable = [Unreadable(at, one.code) for (at, _), one in zip(lines, read, strict=True) if not one.valid]
    good = list(dict.fromkeys(one.e164 for one in read if one.valid))
    added = sum(
        _add_some(db, good[first : first + _AT_ONCE], {"reason": reason, "by": by}, channel, now)
        for first in range(0, len(good), _AT_ONCE)
    )
    already = len(lines) - len(unreadable) - added
    detail = {"added": added, "already": already, "unreadable": len(unreadable), "channel": channel, "reason": reason}
    with db.transaction() as c:
        audit.record(c, at=now, actor=actor(by), action="consent.add", object="optouts", detail=detail)
    return Added(added, already, unreadable)


def _add_some(db: Database, good: Sequence[str], given: dict[str, object], channel: str, now: datetime) -> int:
    rows = [
        {"person_index": db.seal.index(e164), "number_sealed": db.seal.seal(e164, "optouts.number"), **given}
        for e164 in good
    ]
    with db.transaction() as c:
        return consent.brought_in(c, rows, channel, now)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Mistake("optout-reason-missing")
    if len(reason) > _REASON_LETTERS:
        raise Mistake("optout-reason-long", most=_REASON_LETTERS)
    return reason


def _index(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        raise Mistake("optout-unknown") from None


def _line(db: Database, row: Row, in_full: bool = False) -> Line:
    number = _number(db, row)
    shown = number if in_full or number is None else masked(number)
    return Line(row.person_index.hex(), shown, row.at, row.channel, row.reason, row.by)


def _number(db: Database, row: Row) -> str | None:
    for sealed, field in ((row.told, "optouts.number"), (row.known, "contacts.number")):
        try:
            if sealed:
                return db.seal.open(sealed, field)
        except CannotOpen:
            continue
    return None
