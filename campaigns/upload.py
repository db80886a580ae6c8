"""An uploaded file as rows: found out once how it is to be read, then streamed the same way as often as needed."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO

from campaigns import delimited, sheets
from campaigns.columns import Columns, find_columns, recognised
from campaigns.encodings import find_encoding, kind_of
from messages.errors import Mistake

MOST_ROWS = 1_000_000
MOST_BYTES = 200 << 20
MOST_WORKBOOK_BYTES = 80 << 20

_HEAD_BYTES = 64 << 10
_HEAD_LINES = 200
_LINE_BYTES = 1 << 20
_TELLING_BYTES = 32 << 10


@dataclass(frozen=True)
class Reading:
    """How a file is read: sheet of a workbook, or encoding and delimiter of text. `total` is the number of its rows."""

    columns: Columns
    total: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    sheet: int | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        values = json.loads(text)
        columns = values.pop("columns")
        columns["headings"] = tuple(columns["headings"])
        columns["extra"] = tuple((at, key) for at, key in columns["extra"])
        return cls(columns=Columns(**columns), **values)


def find_reading(open_content: Callable[[], BinaryIO], size: int) -> Reading:
    """Looks through the whole file and decides how it is read.

    Raises Mistake, one for each way in which a file is no list: empty, a picture, a bomb, no phone column, too long…
    """
    with open_content() as content:
        head = content.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise Mistake("upload-empty")
    kind = kind_of(head)
    if kind not in ("text", "workbook"):
        raise Mistake("upload-not-a-list", kind=kind)
    reading = _workbook(open_content, size) if kind == "workbook" else _text(open_content, head)
    with open_content() as content:
        total = sum(1 for _ in islice(records(content, reading), MOST_ROWS + 1))
    if total > MOST_ROWS:
        raise Mistake("upload-too-many-rows", most=f"{MOST_ROWS:,}".replace(",", "."))
    if not total:
        raise Mistake("upload-no-rows")
    return Reading(reading.columns, total, reading.encoding, reading.delimiter, reading.sheet)


def records(content: BinaryIO, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """(row number in the file, counted from 1; cells) of every row below the headings that is not blank."""
    if reading.sheet is not None:
        rows = _clean_cells(sheets.rows(content, reading.sheet))
    else:
        lines = _lines(content, reading.encoding)
        rows = delimited.rows(lines, reading.delimiter, len(reading.columns.headings))
    below = islice(enumerate(rows, start=1), reading.columns.heading_row + 1, None)
    return ((number, cells) for number, cells in below if any(map(str.strip, cells)))


def _lines(content: BinaryIO, encoding: str) -> Iterator[str]:
    return delimited.clean(TextIOWrapper(content, encoding, errors="replace", newline=""))


def _clean_cells(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        yield list(delimited.clean(row))


def _text(open_content: Callable[[], BinaryIO], head: bytes) -> Reading:
    with open_content() as content:
        encoding = find_encoding(head, _telling_lines(content))
    if encoding is None:
        raise Mistake("upload-encoding")
    with open_content() as content:
        lines = list(islice(_lines(content, encoding), _HEAD_LINES))
    delimiter = delimited.find_delimiter(lines)
    columns = find_columns(list(delimited.rows(lines, delimiter)))
    return Reading(columns, encoding=encoding, delimiter=delimiter)


def _telling_lines(content: BinaryIO) -> bytes:
    """The first lines that hold more than ASCII. Raises Mistake for a file whose lines have no end."""
    telling = bytearray()
    for line in iter(partial(content.readline, _LINE_BYTES), b""):
        if len(line) == _LINE_BYTES and b"\r" not in line:
            raise Mistake("upload-not-a-list", kind="?")
        if len(telling) < _TELLING_BYTES and not line.isascii():
            telling += line[:_TELLING_BYTES]
    return bytes(telling)


def _workbook(open_content: Callable[[], BinaryIO], size: int) -> Reading:
    """The one sheet with a phone column. Several are refused: rows of the others would be lost without a word."""
    if size > MOST_WORKBOOK_BYTES:
        raise Mistake("upload-too-big", most=MOST_WORKBOOK_BYTES >> 20)
    with open_content() as content:
        found = sheets.heads(content.read())
    lists = [sheet for sheet in found if recognised(sheet.rows)]
    if len(lists) > 1:
        raise Mistake("upload-many-sheets", sheets=", ".join(sheet.name for sheet in lists))
    if not any(sheet.rows for sheet in found):
        raise Mistake("upload-empty")
    if not lists:
        raise Mistake("upload-no-phone-column")
    return Reading(find_columns(list(_clean_cells(lists[0].rows))), sheet=lists[0].index)
