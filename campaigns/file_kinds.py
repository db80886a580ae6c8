"""What is found out about a file of each kind before it is read: encoding, delimiter, sheet, columns.

When an officer can be asked (`asking`), what a choice of theirs would settle is a doubt; otherwise it is a Mistake.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import BinaryIO

from campaigns import delimited, sheets, streams, tcvn3
from campaigns.column_choice import propose
from campaigns.columns import Columns, find_columns, recognised
from campaigns.encodings import chosen, find_encoding
from campaigns.reading import Choices, Look, Reading
from messages.errors import Mistake

#: XLSX and ODS are packed; an XLS holds at most 65,536 rows a sheet, a page says everything in tags.
MOST_WORKBOOK_BYTES = 80 << 20

_HEAD_ROWS = 200
_LINE_BYTES = 1 << 20
_TELLING_BYTES = 32 << 10
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
#: What a page may say of itself; UTF-8 is seen without its saying so.
_CHARSETS = {b"windows-1258": "cp1258", b"windows-1252": "cp1252", b"iso-8859-1": "cp1252"}


@dataclass(frozen=True)
class File:
    """What there is to look at: the content, as often as needed, its size and its first bytes; and what is decided."""

    open: Callable[[], BinaryIO]
    size: int
    head: bytes
    choices: Choices
    asking: bool


def text(file: File) -> Look:
    with file.open() as content:
        telling = _telling_lines(content)
    encoding, is_tcvn3, doubts = _encoding(file, telling)
    with file.open() as content:
        lines = list(islice(streams.lines(content, encoding, is_tcvn3), _HEAD_ROWS))
    wanted = file.choices.delimiter
    delimiter = wanted if wanted in delimited.DELIMITERS else delimited.find_delimiter(lines)
    hint = None if is_tcvn3 else _hint(telling.decode(encoding if encoding.startswith("utf") else "latin-1", "replace"))
    columns, more = _columns(list(delimited.rows(lines, delimiter)), file, hint)
    reading = Reading(columns, encoding=encoding, delimiter=delimiter, tcvn3=is_tcvn3)
    return Look(reading, doubts=doubts + more, hint=hint)


def page(file: File) -> Look:
    _refuse_giants(file)
    with file.open() as content:
        telling = content.read(_LINE_BYTES)
    encoding, is_tcvn3, doubts = _encoding(file, telling, _charset(file.head))
    with file.open() as content:
        rows = list(islice(streams.of_page(content, encoding, is_tcvn3), _HEAD_ROWS))
    if not any(map(any, rows)):
        raise Mistake("upload-page")
    hint = None if is_tcvn3 else _hint_of(rows)
    columns, more = _columns(rows, file, hint)
    return Look(Reading(columns, encoding=encoding, tcvn3=is_tcvn3), doubts=doubts + more, hint=hint)


def workbook(file: File) -> Look:
    _refuse_giants(file)
    with file.open() as content:
        found = sheets.heads(content.read())
    if not any(sheet.rows for sheet in found):
        raise Mistake("upload-empty")
    is_tcvn3 = file.choices.encoding == "tcvn3"
    found = [replace(sheet, rows=list(streams.clean_cells(sheet.rows, is_tcvn3))) for sheet in found]
    sheet, doubts = _sheet(found, file)
    hint = None if is_tcvn3 else _hint_of(sheet.rows)
    columns, more = _columns(sheet.rows, file, hint)
    names = tuple((each.index, each.name) for each in found)
    return Look(Reading(columns, sheet=sheet.index, tcvn3=is_tcvn3), sheets=names, doubts=doubts + more, hint=hint)


#: By what encodings.kind_of calls them.
BY_NAME: dict[str, Callable[[File], Look]] = {"text": text, "page": page, "workbook": workbook}


def _refuse_giants(file: File) -> None:
    if file.size > MOST_WORKBOOK_BYTES:
        raise Mistake("upload-too-big", most=MOST_WORKBOOK_BYTES >> 20)


def _sheet(found: list[sheets.Sheet], file: File) -> tuple[sheets.Sheet, tuple[str, ...]]:
    """The chosen sheet, or the one with a phone column. Of several none is taken in silence: rows would be lost."""
    if (wanted := file.choices.sheet) is not None:
        named = [sheet for at, sheet in enumerate(found, start=1) if wanted in (sheet.name, str(at))]
        if not named:
            raise Mistake("upload-no-such-sheet", sheet=wanted, sheets=", ".join(sheet.name for sheet in found))
        return named[0], ()
    lists = [sheet for sheet in found if recognised(sheet.rows)]
    if len(lists) > 1 and not file.asking:
        raise Mistake("upload-many-sheets", sheets=", ".join(sheet.name for sheet in lists))
    filled = [sheet for sheet in found if sheet.rows]
    return (lists or filled)[0], ("upload-many-sheets",) if len(lists) > 1 else ()


def _columns(rows: list[list[str]], file: File, hint: tuple[str, str] | None) -> tuple[Columns, tuple[str, ...]]:
    if file.asking:
        row = file.choices.heading_row
        columns, doubt = propose(rows, None if row is None else max(row, 0) - 1, file.choices.columns)
        return columns, (doubt,) if doubt else ()
    try:
        return find_columns(rows), ()
    except Mistake as mistake:
        if hint and mistake.code == "upload-no-phone-column":
            raise _looks_tcvn3(hint) from mistake
        raise


def _encoding(file: File, telling: bytes, stated: str | None = None) -> tuple[str, bool, tuple[str, ...]]:
    """The codec, whether what it gives is TCVN3, and doubts. `stated` is what the file says of itself."""
    if file.choices.encoding:
        return *chosen(file.choices.encoding, file.head, telling), ()
    found = find_encoding(file.head, telling)
    if stated and not (found or "").startswith("utf"):
        found = stated
    if found:
        return found, False, ()
    hint = _hint(telling.decode("latin-1"))
    if not file.asking:
        raise _looks_tcvn3(hint) if hint else Mistake("upload-encoding")
    return "cp1258", False, () if hint else ("upload-encoding",)


def _charset(head: bytes) -> str | None:
    """The codec that a page names in its own tags."""
    found = _CHARSET.search(head)
    return _CHARSETS.get(found[1].lower()) if found else None


def _hint_of(rows: list[list[str]]) -> tuple[str, str] | None:
    return _hint("\n".join(cell for row in rows for cell in row))


def _hint(text: str) -> tuple[str, str] | None:
    return tcvn3.example(text) if tcvn3.looks_like(text) else None


def _looks_tcvn3(hint: tuple[str, str]) -> Mistake:
    return Mistake("upload-looks-tcvn3", before=hint[0], after=hint[1])


def _telling_lines(content: BinaryIO) -> bytes:
    """The first lines that hold more than ASCII. Raises Mistake for a file whose lines have no end."""
    telling = bytearray()
    for line in iter(partial(content.readline, _LINE_BYTES), b""):
        if len(line) == _LINE_BYTES and b"\r" not in line:
            raise Mistake("upload-not-a-list", kind="?")
        if len(telling) < _TELLING_BYTES and not line.isascii():
            telling += line[:_TELLING_BYTES]
    return bytes(telling)
