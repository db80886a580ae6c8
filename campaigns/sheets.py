"""Workbooks (XLSX, XLS, ODS) as rows of text, read by a process of its own (sheet_reader.py says why)."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from campaigns import sheet_reader
from messages.errors import Mistake

#: A workbook unpacks to at most this; beyond the first bound it must also have been packed at a believable ratio.
UNPACKED_BYTES = 1 << 30
UNSUSPICIOUS_BYTES = 64 << 20
BELIEVABLE_RATIO = 100

_READER = Path(sheet_reader.__file__)


@dataclass(frozen=True)
class Sheet:
    """A visible sheet and its first rows."""

    index: int
    name: str
    rows: list[list[str]]


def heads(content: bytes) -> list[Sheet]:
    """The visible sheets, each with its first rows. Raises Mistake for what is no workbook, locked, or a bomb."""
    _refuse_bombs(content)
    with _reading(io.BytesIO(content), "heads") as process:
        found = process.stdout.read()
        _check(process)
    return [Sheet(**sheet) for sheet in json.loads(found)]


def rows(content: BinaryIO, index: int) -> Iterator[list[str]]:
    """Every row of a sheet, streamed. Raises Mistake when the workbook cannot be read to its end."""
    with _reading(content, "rows", str(index)) as process:
        try:
            with io.TextIOWrapper(process.stdout, encoding="utf-8", newline="") as lines:
                yield from csv.reader(lines)
            _check(process)
        finally:
            process.kill()


def _reading(content: BinaryIO, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-I", str(_READER), *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1 << 16
    )
    # The reader says nothing before it has heard everything, so writing all of it first cannot stall.
    with suppress(BrokenPipeError):
        shutil.copyfileobj(content, process.stdin, 1 << 16)
    with suppress(BrokenPipeError):
        process.stdin.close()
    process.stdin = None
    return process


def _check(process: subprocess.Popen) -> None:
    ended = process.wait()
    if ended == sheet_reader.LOCKED:
        raise Mistake("upload-locked")
    if ended:
        raise Mistake("upload-broken")


def _refuse_bombs(content: bytes) -> None:
    """A zip that claims to unpack to far more than a list ever does. One that lies meets the reader's own bounds."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Mistake("upload-broken") from error
    believable = unpacked <= UNSUSPICIOUS_BYTES or unpacked <= len(content) * BELIEVABLE_RATIO
    if unpacked > UNPACKED_BYTES or not believable:
        raise Mistake("upload-bomb")
