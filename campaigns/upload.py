"""An uploaded file as rows: found out once how it is to be read, then streamed the same way as often as needed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from campaigns import delimited, file_kinds, streams
from campaigns.columns import Columns
from campaigns.encodings import kind_of
from campaigns.file_kinds import MOST_WORKBOOK_BYTES as MOST_WORKBOOK_BYTES
from campaigns.file_kinds import File
from campaigns.reading import Choices, Look, Reading
from messages.errors import Mistake

MOST_ROWS = 1_000_000
MOST_BYTES = 200 << 20
#: Rows that somebody who is asked may look at and that their choices are tried on.
SAMPLE_ROWS = 500

_HEAD_BYTES = 64 << 10
_CELL_LETTERS = 500
#: Different places of a file that are told apart, and how many rows are counted at a time.
_MOST_PLACES = 50_000
_COUNTED_AT_ONCE = 500
_NO_CHOICES = Choices()


def find_reading(open_content, size: int, choices: Choices = _NO_CHOICES) -> Reading:
    """Looks through the whole file and decides how it is read, where `choices` have not.

    Raises Mistake, one for each way in which a file is no list: empty, a picture, a bomb, no phone column, too long…
    """
    return look(open_content, size, choices, asking=False).reading


def look(open_content, size: int, choices: Choices = _NO_CHOICES, *, asking: bool = True) -> Look:
    """As `find_reading`; when somebody can be asked, what a choice would settle is a doubt and no mistake.

    `open_content` gives the file's content anew each time, as a stream of `size` bytes.
    """
    with open_content() as content:
        head = content.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise Mistake("upload-empty")
    kind = kind_of(head)
    if kind not in file_kinds.BY_NAME:
        raise Mistake("upload-not-a-list", kind=kind)
    file = File(open_content, size, head, choices, asking)
    return _counted(file, file_kinds.BY_NAME[kind](file))


def records(content: BinaryIO, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """(row number in the file, counted from 1; cells) of every row below the headings that is not blank."""
    below = islice(enumerate(_rows(content, reading), start=1), reading.columns.heading_row + 1, None)
    return ((number, cells) for number, cells in below if any(map(str.strip, cells)))


def _rows(content: BinaryIO, reading: Reading) -> Iterator[list[str]]:
    if reading.kind == "text":
        lines = streams.lines(content, reading.encoding, reading.tcvn3)
        return delimited.rows(lines, reading.delimiter, len(reading.columns.headings))
    if reading.kind == "workbook":
        return streams.of_sheet(content, reading.sheet, reading.tcvn3)
    return streams.of_page(content, reading.encoding, reading.tcvn3)


def _counted(file: File, found: Look) -> Look:
    """With everything that takes going through all rows: once, whatever is counted."""
    with file.open() as content:
        rows = islice(records(content, found.reading), MOST_ROWS + 1)
        sample = list(islice(rows, SAMPLE_ROWS))
        places = _Places(found.reading.columns if file.asking else None)
        total = places.count(sample)
        while several := list(islice(rows, _COUNTED_AT_ONCE)):
            total += places.count(several)
    if total > MOST_ROWS:
        raise Mistake("upload-too-many-rows", most=f"{MOST_ROWS:,}".replace(",", "."))
    if not total:
        raise Mistake("upload-no-rows")
    reading = replace(found.reading, total=total)
    return replace(found, reading=reading, rows=tuple(sample), places=places.found, places_whole=places.whole)


class _Places:
    """Counts what rows write into the columns of district and commune."""

    def __init__(self, columns: Columns | None):
        self._at = (columns.district, columns.commune) if columns else (None, None)
        self.found: Counter[tuple[str, str]] = Counter()
        self.whole = True

    def count(self, rows: list[tuple[int, list[str]]]) -> int:
        if self.whole and self._at != (None, None):
            self.found.update(self._written(cells) for _, cells in rows)
            self.whole = len(self.found) <= _MOST_PLACES
        return len(rows)

    def _written(self, cells: list[str]) -> tuple[str, str]:
        district, commune = self._at
        wide = len(cells)
        return (
            cells[district][:_CELL_LETTERS] if district is not None and district < wide else "",
            cells[commune][:_CELL_LETTERS] if commune is not None and commune < wide else "",
        )
