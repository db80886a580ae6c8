"""Rows out of an HTML page: what many systems send out as ".xls" is one. Pure.

All tables of the page one below the other; cells that span others stand once and leave the others blank, as Excel
shows them. Nothing is run or fetched.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

#: One table of a page may span cells, but nobody's list is wider than this.
MOST_COLUMNS = 1000
#: A tag that has not ended after so many letters never does.
_TAG_LETTERS = 1 << 20
_SILENT = frozenset({"style", "script", "head", "title"})
_CELLS = ("td", "th")


class Endless(ValueError):
    """A tag never ends: this is no page."""


def rows(text: Iterable[str]) -> Iterator[list[str]]:
    """One list of cells a row of a table. `text` may come in pieces of any size. Raises Endless."""
    reader = _Reader()
    for piece in text:
        reader.feed(piece)
        if len(reader.rawdata) > _TAG_LETTERS:
            raise Endless
        yield from reader.take()
    reader.close()
    reader.end_row()
    yield from reader.take()


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is an HTML page: with its own tags, or at once with a table."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    return start.startswith(b"<") and any(tag in start for tag in (b"<html", b"<!doctype html", b"<table", b"<tr"))


class _Reader(HTMLParser):
    """Collects finished rows; a row ends where the next begins, whether or not somebody closed it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self._done: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        #: Column → how many further rows a cell above reaches down into.
        self._reaching: dict[int, int] = {}
        self._silent = 0

    def take(self) -> list[list[str]]:
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self._silent += 1
        elif tag == "tr":
            self.end_row()
            self._row = []
        elif tag in _CELLS:
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _CELLS:
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data):
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def end_row(self):
        self._end_cell()
        if self._row is not None:
            self._fill_from_above()
            self._done.append(self._row)
            self._row = None

    def _begin_cell(self, attributes: dict):
        self._end_cell()
        if self._row is None:
            self._row = []
        self._fill_from_above()
        self._span = _number(attributes.get("colspan"))
        if (down := _number(attributes.get("rowspan"))) > 1:
            self._reaching |= {len(self._row) + at: down - 1 for at in range(self._span)}
        self._cell = []

    def _end_cell(self):
        if self._cell is not None and len(self._row) < MOST_COLUMNS:
            self._row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None

    def _fill_from_above(self):
        while self._reaching.get(len(self._row)):
            self._reaching[len(self._row)] -= 1
            self._row.append("")


def _number(text: str | None) -> int:
    return min(int(text), MOST_COLUMNS) if text and text.isascii() and text.isdigit() and text != "0" else 1
