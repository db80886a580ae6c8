"""Telling a full disk from every other trouble: nothing is broken, nothing is lost, somebody has to make space."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: SQLite writes on a full disk, beyond a quota or the largest file allowed.
_SQLITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}
_POSTGRESQL = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether there was no space to write, in this error or in one that led to it."""
    while error is not None:
        if _says_so(error.orig if isinstance(error, DBAPIError) else error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _says_so(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _SQLITE
    return getattr(error, "errno", None) in _FULL or getattr(error, "sqlstate", None) == _POSTGRESQL
