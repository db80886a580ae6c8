"""The rows of a file of each kind: delimited text, a page of tables, a sheet of a workbook. Streamed, cleaned."""

from collections.abc import Iterable, Iterator
from functools import partial
from io import TextIOWrapper
from typing import BinaryIO

from campaigns import delimited, page_tables, sheets, tcvn3
from messages.errors import Mistake

_READ_AT_ONCE = 64 << 10


def lines(content: BinaryIO, encoding: str, is_tcvn3: bool) -> Iterator[str]:
    """The lines of a text, composed and without unseen characters; broken letters are replaced."""
    text = TextIOWrapper(content, encoding, errors="replace", newline="")
    return delimited.clean_lines(tcvn3.decoded_all(text) if is_tcvn3 else text)


def of_page(content: BinaryIO, encoding: str, is_tcvn3: bool) -> Iterator[list[str]]:
    """The rows of all tables of an HTML page. Raises Mistake for a page that never ends a tag."""
    text = TextIOWrapper(content, encoding, errors="replace")
    try:
        yield from clean_cells(page_tables.rows(iter(partial(text.read, _READ_AT_ONCE), "")), is_tcvn3)
    except page_tables.Endless as error:
        raise Mistake("upload-page") from error


def of_sheet(content: BinaryIO, index: int, is_tcvn3: bool) -> Iterator[list[str]]:
    """The rows of a workbook's sheet. Raises Mistake when it cannot be read to its end."""
    return clean_cells(sheets.rows(content, index), is_tcvn3)


def clean_cells(rows: Iterable[list[str]], is_tcvn3: bool) -> Iterator[list[str]]:
    for row in rows:
        yield list(delimited.clean(tcvn3.decoded_all(row) if is_tcvn3 else row))
