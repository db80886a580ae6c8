"""Uploaded files at rest: sealed in chunks, so that a file of any size is written and read in little memory.

Each chunk is bound to its file's name and its number, and the last says that it is the last: chunks cannot be
swapped, dropped or cut off without the reader noticing.
"""

import io
import os
import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from db.seal import CannotOpen, Seal

CHUNK_BYTES = 256 * 1024
_LENGTH = struct.Struct(">I")


def store(folder: Path, seal: Seal, chunks: Iterator[bytes]) -> str:
    """Seals what comes into a new file of `folder` and returns its name; on an error nothing is left behind."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = uuid.uuid4().hex
    draft = folder / f"{name}.part"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, name, seal, chunks)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return name


def open_stored(folder: Path, seal: Seal, name: str) -> BinaryIO:
    """The content as a stream; reading raises CannotOpen when it was changed, FileNotFoundError when it is gone."""
    return io.BufferedReader(_Unsealed(_chunks(folder / name, seal, name)), CHUNK_BYTES)


def remove(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)


def strays(folder: Path, known: set[str], before: float) -> list[str]:
    """Names of files that no row speaks of and that were last written before `before` (seconds since 1970)."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.name.removesuffix(".part") not in known]
    return [path.name for path in found if path.stat().st_mtime < before]


def _write(file: BinaryIO, name: str, seal: Seal, chunks: Iterator[bytes]) -> None:
    number = 0
    for number, chunk in enumerate(chunks, start=1):
        _put(file, seal.seal_bytes(chunk, _field(name, number)))
    _put(file, seal.seal_bytes(b"", _field(name, number + 1, last=True)))


def _put(file: BinaryIO, sealed: bytes) -> None:
    file.write(_LENGTH.pack(len(sealed)))
    file.write(sealed)


def _chunks(path: Path, seal: Seal, name: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        number = 1
        while (sealed := _take(file)) is not None:
            following = file.peek(1)
            yield seal.open_bytes(sealed, _field(name, number, last=not following))
            number += 1
        if number == 1:
            raise CannotOpen(name)


def _take(file: io.BufferedReader) -> bytes | None:
    head = file.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise CannotOpen(file.name)
    return file.read(_LENGTH.unpack(head)[0])


def _field(name: str, number: int, *, last: bool = False) -> str:
    return f"imports.file/{name}/{number}{'/last' if last else ''}"


class _Unsealed(io.RawIOBase):
    """Chunks of bytes as a stream."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, room) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        taken = min(len(room), len(self._left))
        room[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken

    def close(self) -> None:
        self._chunks.close()
        super().close()
