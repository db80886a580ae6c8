"""Cells that no spreadsheet runs when a list is written out, and back to what they were when it comes in. Pure.

A cell that begins with = + - or @ is a formula to a spreadsheet, also after blanks, and also after a semicolon where
the reader's country parts cells with one (OWASP, "CSV Injection"). A leading apostrophe makes it text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

_STARTS = "=+-@\t\r＝＋－＠"
_RUNS = re.compile(rf"\s*[{re.escape(_STARTS)}]")
_RUNS_AFTER_SEMICOLON = re.compile(rf"([;\n]\s*\"?)(?=[{re.escape(_STARTS)}])")
_GUARDED = re.compile(rf"'\s*[{re.escape(_STARTS)}]")


def safe(text: str) -> str:
    """`text` as a cell that is only text.

    >>> safe("=1+1"), safe("0912345678"), safe("a;=1+1")
    ("'=1+1", '0912345678', "a;'=1+1")
    """
    guarded = _RUNS_AFTER_SEMICOLON.sub(r"\1'", text)
    return f"'{guarded}" if _RUNS.match(guarded) else guarded


def plain(text: str) -> str:
    """`text` without the apostrophe that `safe` (or a spreadsheet's user) put before it."""
    return text[1:] if _GUARDED.match(text) else text


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """CSV for spreadsheets: a mark that says UTF-8, every cell safe."""
    line = io.StringIO("\ufeff")
    line.seek(1)
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
