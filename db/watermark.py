"""Is this database as new as when it was last worked on? An older one is a copy that somebody put back.

A number in the database rises with every beat of every process that works. The highest is kept in a file beside the
keys as well, where copies of the database do not reach: a database whose number is lower than the file's has gone back
in time. A copy made by `db backup` says so itself, wherever it is put.
"""

import contextlib
import os
import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from db import keepsakes
from db.engine import Database
from db.types import from_utc_text

#: In a copy of the database: when it was made, as UTC text; "" when nobody knows.
COPIED_AT = "copied-at"
_NAME, _NUMBER = "installation", "watermark"
#: What every start leaves in a database, before anything was done in it.
LEFT_BY_A_START = frozenset({_NAME, _NUMBER})
#: Once it is known that the database went back, its number is ahead of every file, on whichever machine.
_AHEAD = 10**9


class Watermark:
    """The number of one database, and its file in `folder`."""

    def __init__(self, db: Database, folder: Path):
        self._db, self._folder = db, folder
        self._file: Path | None = None

    def went_back(self) -> bool:
        """Whether the database is a copy that was put back, of which nobody has taken note yet."""
        # The file first: others raise both meanwhile, the database's number before the file's.
        outside = self._outside()
        with self._db.reading() as c:
            return keepsakes.read(c, COPIED_AT) is not None or _number(c) < outside

    def beat(self) -> bool:
        """Raises the number, every few seconds while a process works; False when the database turns out to have gone
        back: then nothing is raised.
        """
        outside = self._outside()
        # On the disk before the file knows it: a power cut must not look like a step back.
        with self._db.transaction(durable=True) as c:
            number = _number(c, lock=True) + 1
            if number <= outside:
                return False
            keepsakes.write(c, _NUMBER, str(number).encode())
        self._keep(number)
        return True

    def take_note(self, c: Connection) -> bool:
        """In the caller's transaction: what was found is dealt with. False when another process was quicker."""
        copied, number, outside = keepsakes.read(c, COPIED_AT, lock=True), _number(c, lock=True), self._outside()
        if copied is None and number >= outside:
            return False
        keepsakes.forget(c, COPIED_AT)
        keepsakes.write(c, _NUMBER, str(max(number, outside) + _AHEAD).encode())
        return True

    def _outside(self) -> int:
        try:
            return int(self._path().read_text())
        except (OSError, ValueError):  # none yet, or nothing that could be read: then nobody can tell
            return 0

    def _keep(self, number: int) -> None:
        draft = self._path().with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):  # no space, no right to write: it stays behind, which alarms nobody
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.write_text(str(number))
            draft.replace(self._path())

    def _path(self) -> Path:
        """Each database has a file of its own: one folder may serve several."""
        if self._file is None:
            if keepsakes.get(self._db, _NAME) is None:
                keepsakes.put_once(self._db, _NAME, uuid.uuid4().hex[:12].encode())
            self._file = self._folder / f"watermark-{keepsakes.get(self._db, _NAME).decode()}"
        return self._file


def copied_at(c: Connection) -> datetime | None:
    """When the copy says it was made; None when it does not."""
    said = keepsakes.read(c, COPIED_AT)
    return from_utc_text(said.decode()) if said else None


def _number(c: Connection, *, lock: bool = False) -> int:
    return int(keepsakes.read(c, _NUMBER, lock=lock) or 0)
