"""Counting anew beside those who go on counting: what is missing is reckoned from one moment of the tables and added
afterwards; whatever was counted in between stays right, as long as nobody else adds the same.
"""

from sqlalchemy import Connection, text

from db import keepsakes


def see_one_moment(c: Connection) -> None:
    """To be called first: from here on this connection sees the tables as they are now, whatever others write."""
    if c.dialect.name == "postgresql":
        c.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def turn(c: Connection, name: str) -> bytes | None:
    """Whoever counts `name` anew reads this in that same moment, and hands it to `take_turn` before adding."""
    return keepsakes.read(c, name)


def take_turn(c: Connection, name: str, seen: bytes | None) -> bool:
    """Whether nobody else has counted anew and added meanwhile; else it is to be counted once more."""
    if seen is None:
        return keepsakes.claim(c, name, b"1")
    if keepsakes.read(c, name, lock=True) != seen:
        return False
    keepsakes.write(c, name, b"%d" % (int(seen) + 1))
    return True
