"""Reads a workbook (XLSX, XLS, ODS) from standard input and writes its rows as CSV; run as a process of its own.

Alone, because a workbook of five kilobytes may claim seventeen thousand million cells, and the reader would take the
whole server down with it. Here memory and time are bounded, and only this process ends.

    python sheet_reader.py heads        JSON: [{"index", "name", "rows": first rows}, …] of the visible sheets
    python sheet_reader.py rows INDEX   every row of a sheet as CSV, the first line being the sheet's first row
"""

import csv
import io
import json
import struct
import sys
from itertools import islice

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

try:
    import resource  # optional: not on Windows, where a bad workbook costs its own process only
except ImportError:
    resource = None

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 180
HEAD_ROWS = 40
LOCKED, BROKEN = 3, 4
#: The record that begins an Excel 97 workbook, and the one that says that it has a password, among the first few.
_XLS_BEGINS, _FILE_PASS, _FIRST_RECORDS = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x2F, 8


def main(arguments: list[str]) -> int:
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        if arguments[0] == "heads":
            json.dump([_head(workbook, index, name) for index, name in _visible(workbook)], out)
        else:
            csv.writer(out).writerows(_rows(workbook.get_sheet_by_index(int(arguments[1]))))
        out.flush()
    except PasswordError:
        return LOCKED
    except Exception as error:  # whatever is wrong with the workbook, the parent says so in one sentence
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return LOCKED if _has_password(content) else BROKEN
    return 0


def _has_password(content: bytes) -> bool:
    """Whether that is why it does not open: an XLSX inside an encrypted package, or an XLS whose first records say
    FilePass ([MS-OFFCRYPTO] 2.3.2, [MS-XLS] 2.4.117).
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    at = content.find(_XLS_BEGINS)
    for _ in range(_FIRST_RECORDS):
        if not 0 <= at <= len(content) - 4:
            break
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + length
    return False


def _visible(workbook: CalamineWorkbook) -> list[tuple[int, str]]:
    sheets = enumerate(workbook.sheets_metadata)
    kinds = (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)
    return [(index, sheet.name) for index, sheet in sheets if (sheet.typ, sheet.visible) == kinds]


def _head(workbook: CalamineWorkbook, index: int, name: str) -> dict:
    return {"index": index, "name": name, "rows": list(islice(_rows(workbook.get_sheet_by_index(index)), HEAD_ROWS))}


def _rows(sheet: CalamineSheet):
    """Every row as text, empty ones at the top too, so that a row's number here is its number in the spreadsheet."""
    if sheet.start is not None:
        for row in sheet.iter_rows():
            yield [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: object) -> str:
    """A number as it was typed, as far as a spreadsheet remembers: 912345678, not 912345678.0; nothing is guessed."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
