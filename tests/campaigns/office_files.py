"""Workbooks of the old kinds, written byte by byte as their formats have them, for the tests.

XLS: [MS-CFB] (a file system of 512-byte sectors) around [MS-XLS] (records of type, length, content). A workbook with a
password is the same container around an encrypted package ([MS-OFFCRYPTO]). ODS: a zip around one XML.
"""

import io
import struct
import zipfile

_SECTOR = 512
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams, each made long enough to need no mini sectors."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    chain, body, starts = [], b"", {}
    for name, content in padded.items():
        content += b"\0" * (-len(content) % _SECTOR)
        first, count = len(chain), len(content) // _SECTOR
        starts[name] = first
        chain += [*range(first + 1, first + count), _END]
        body += content
    directory = _directory(padded, starts)
    first_directory = len(chain)
    count = len(directory) // _SECTOR
    chain += [*range(first_directory + 1, first_directory + count), _END]
    sectors = -(-(len(chain) + 1) // (_SECTOR // 4))
    first_fat = len(chain)
    chain += [_FAT] * sectors
    fat = struct.pack(f"<{len(chain)}I", *chain)
    fat += struct.pack("<I", _FREE) * ((-len(fat) % _SECTOR) // 4)
    where = [first_fat + at for at in range(sectors)]
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, sectors,
        first_directory, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *where, *[_FREE] * (109 - len(where)))
    return header + body + directory + fat


def _directory(streams: dict[str, bytes], starts: dict[str, int]) -> bytes:
    names = list(streams)
    entries = [_entry("Root Entry", 5, child=1, start=_END)]
    for at, name in enumerate(names, start=1):
        right = at + 1 if at < len(names) else _NONE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(streams[name])))
    found = b"".join(entries)
    return found + b"\0" * (-len(found) % _SECTOR)


def _entry(name: str, kind: int, *, right=_NONE, child=_NONE, start=0, size=0) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ", encoded, len(encoded), kind, 1, _NONE, right, child, b"", 0, b"", b"", start, size
    )


def xls(sheets: dict[str, list[list]], *, locked: bool = False) -> bytes:
    """An Excel 97 workbook of text and numbers. `locked` marks it as having a password."""
    lock = _record(0x2F, struct.pack("<H", 1) + b"\0" * 52) if locked else b""
    bodies = [_sheet(rows) for rows in sheets.values()]
    globals_length = len(_globals(sheets, [0] * len(sheets), lock))
    positions = [globals_length + sum(map(len, bodies[:at])) for at in range(len(bodies))]
    return compound({"Workbook": _globals(sheets, positions, lock) + b"".join(bodies)})


def _globals(sheets, positions, lock) -> bytes:
    bounds = b"".join(
        _record(0x85, struct.pack("<IBB", position, 0, 0) + _short_text(name))
        for name, position in zip(sheets, positions, strict=True)
    )
    return _bof(0x5) + lock + _record(0x42, struct.pack("<H", 1200)) + bounds + _record(0x0A)


def _sheet(rows: list[list]) -> bytes:
    width = max(map(len, rows), default=0)
    cells = b"".join(_cell(at, column, value) for at, row in enumerate(rows) for column, value in enumerate(row))
    return _bof(0x10) + _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)) + cells + _record(0x0A)


def _cell(row: int, column: int, value) -> bytes:
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", row, column, 0, value))
    text = value.encode("utf-16-le")
    return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


def _short_text(name: str) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<BB", len(text) // 2, 1) + text


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 0x600))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def with_password() -> bytes:
    """What Excel writes for an XLSX with a password."""
    return compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"\0" * 5000})


_ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
{sheets}</office:spreadsheet></office:body></office:document-content>"""


def ods(sheets: dict[str, list[list]]) -> bytes:
    """An OpenDocument spreadsheet; a row that is a number stands for so many blank ones, a text for its own XML."""
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": _ODS.format(sheets="".join(_ods_sheet(name, rows) for name, rows in sheets.items())),
    })  # fmt: skip


def _ods_sheet(name: str, rows: list) -> str:
    return f'<table:table table:name="{name}">{"".join(map(_ods_row, rows))}</table:table>'


def _ods_row(row) -> str:
    if isinstance(row, str):
        return row
    if isinstance(row, int):
        return f'<table:table-row table:number-rows-repeated="{row}"><table:table-cell/></table:table-row>'
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value) -> str:
    kind = (
        f'office:value-type="float" office:value="{value}"' if isinstance(value, int | float)
        else 'office:value-type="string"'
    )  # fmt: skip
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


def zipped(members: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
