"""A lock on a file, held by a process and released by its death, however it dies."""

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


class FileLock:
    """`take` it or find that another process (or another FileLock) holds it."""

    def __init__(self, path: Path):
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours now; never waits."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)  # closing lets go
            self._file = None


def _lock(file: int) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
