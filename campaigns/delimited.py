"""Rows out of delimited text as people save it: four delimiters, quotes that never close, stray controls. Pure."""

import csv
import io
import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from campaigns.columns import recognised

DELIMITERS = (",", ";", "\t", "|")

#: A quoted cell may run over lines; one that runs over more was opened by a stray quote.
_QUOTED_LINES = 20
_LINES_AT_ONCE = 500
#: What no cell needs: control characters, zero-width marks. Tab and line ends stay.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff]")

# The module's own default (128 KiB) would turn one long cell into an exception; lines are bounded before they get here.
csv.field_size_limit(8 * 1024 * 1024)


def clean(cells: Iterable[str]) -> Iterator[str]:
    """Texts composed (Windows-1258 brings letters and marks apart) and without unseen characters."""
    return map(_clean, cells)


def clean_lines(lines: Iterable[str]) -> Iterator[str]:
    """`clean` for whole lines with their ends, many at a time."""
    lines = iter(lines)
    while several := list(islice(lines, _LINES_AT_ONCE)):
        text = "".join(several)
        cleaned = _clean(text)
        if cleaned != text:
            again = io.StringIO(cleaned, newline="").readlines()
            several = again if len(again) == len(several) else clean(several)
        yield from several


def _clean(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if text.isprintable() else _UNSEEN.sub("", text)


def find_delimiter(head: Sequence[str]) -> str:
    """The delimiter under which the first lines make most sense: a heading row is found, rows are equally wide."""
    return max(DELIMITERS, key=lambda delimiter: _sense(head, delimiter))


def rows(lines: Iterable[str], delimiter: str, width: int = 0) -> Iterator[list[str]]:
    """One list of cells a record, blank lines as empty lists, so that their number is the row's number in the file.

    `width` is the number of headings, when known: then a stray quote that swallows the next rows is read as a letter.
    """
    for record in _records(iter(lines), delimiter, width):
        if '"' in record:
            yield _cells(record, delimiter)
        else:
            # What the csv module does, in a third of the time.
            yield bare.split(delimiter) if (bare := record.rstrip("\r\n")) else []


def _sense(head: Sequence[str], delimiter: str) -> tuple[int, int]:
    parsed = [row for row in rows(head, delimiter) if any(cell.strip() for cell in row)]
    widths = Counter(len(row) for row in parsed)
    usual = max(widths, key=lambda width: (widths[width], width), default=1)
    return recognised(parsed), widths[usual] if usual > 1 else 0


def _records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[str]:
    """Whole records, each one string: a line, or the lines of a quoted cell together."""
    ahead: deque[str] = deque()
    whole = _whole_line(delimiter)
    while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
        if '"' in line and not whole(line) and _is_open(line, delimiter):
            line = _closed(line, ahead, lines, delimiter, width)
        yield line


def _closed(line: str, ahead: deque[str], lines: Iterator[str], delimiter: str, width: int) -> str:
    """`line` with the lines of its open cell; or alone, its quotes taken as letters, when they never close sensibly."""
    record = line
    for number in range(_QUOTED_LINES):
        if number == len(ahead) and (following := next(lines, None)) is not None:
            ahead.append(following)
        if number == len(ahead):
            break
        record += ahead[number]
        if not _is_open(record, delimiter):
            if _swallows_rows(record, delimiter, width):
                break
            for _ in range(number + 1):
                ahead.popleft()
            return record
    return _quoted(_cells(line, delimiter, csv.QUOTE_NONE), delimiter)


def _swallows_rows(record: str, delimiter: str, width: int) -> bool:
    """Whether the lines of `record` make better rows than the record does: its quotes are strays."""
    if width < 2:
        return False
    bare = [len(_cells(line, delimiter, csv.QUOTE_NONE)) for line in io.StringIO(record, newline="")]
    return all(cells == width for cells in bare) or (bare[0] == width != len(_cells(record, delimiter)))


def _is_open(record: str, delimiter: str) -> bool:
    """Whether the record ends inside a quoted cell: then the csv module takes the next line into it."""
    return len(list(csv.reader([record, "x\n"], delimiter=delimiter))) == 1


def _cells(record: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> list[str]:
    return next(csv.reader([record], delimiter=delimiter, quoting=quoting), [])


def _quoted(cells: list[str], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()


@cache
def _whole_line(delimiter: str):
    """Matches a line whose quotes are all in order, without backtracking (some programs quote every cell)."""
    cell = rf'(?:"(?:[^"]++|"")*+"|[^"{re.escape(delimiter)}\r\n]*+)'
    return re.compile(rf"{cell}(?:{re.escape(delimiter)}{cell})*+[\r\n]*").fullmatch
