"""The simulator's own little SQLite file: messages, handsets, and the receipts still to be posted.

Several processes may share it. What was accepted is committed before `send` answers, so it outlives the process.
Numbers and texts are sealed; a number is found again by the seal's blind index.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sms.gateways.simulator_seal import Seal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, key TEXT NOT NULL, person BLOB NOT NULL, text BLOB NOT NULL,
    from_handset INTEGER NOT NULL, status TEXT NOT NULL, at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_person ON messages (person, id);
CREATE INDEX IF NOT EXISTS messages_key ON messages (key);
CREATE TABLE IF NOT EXISTS handsets (
    person BLOB PRIMARY KEY, number BLOB NOT NULL, messages INTEGER NOT NULL, last_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS handsets_last ON handsets (last_at);
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL, key TEXT NOT NULL, hook TEXT NOT NULL, status TEXT NOT NULL,
    code TEXT NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS posts_due ON posts (due, id);
CREATE INDEX IF NOT EXISTS posts_ref ON posts (ref);
CREATE TABLE IF NOT EXISTS refusals (key TEXT PRIMARY KEY, times INTEGER NOT NULL);
"""
_NUMBER, _TEXT = "simulator.number", "simulator.text"
_RANG_AGAIN = (
    "ON CONFLICT (person) DO UPDATE SET messages = messages + 1, last_at = max(last_at, excluded.last_at)"
)

#: Seconds a claimed post is left alone; if its process died, another posts it then.
_CLAIM = 60.0
_BUSY_SECONDS = 30.0
#: Rows in one statement.
_AT_ONCE = 250


class Message(NamedTuple):
    """One message on a telephone; `from_handset` when its owner wrote it. `at` is aware, UTC."""

    ref: str
    key: str
    number: str
    text: str
    from_handset: bool
    status: str
    at: datetime


class Handset(NamedTuple):
    """A telephone on the wall."""

    number: str
    messages: int
    last_text: str
    last_at: datetime


class Post(NamedTuple):
    """A receipt or an inbound message waiting for our server's door. `id` is None until it is stored."""

    ref: str
    key: str
    hook: str
    status: str
    code: str
    due: float
    id: int | None = None
    tries: int = 0


class Store:
    """Opens the file at the first use. Thread-safe: one connection, one at a time."""

    def __init__(self, path: Path, seal: Seal):
        self._path = path
        self._seal = seal
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def keep(self, messages: Sequence[Message], posts: Iterable[Post]) -> None:
        """One write: messages, their handsets, and what is to be posted."""
        numbers = [message.number for message in messages]
        people = self._seal.index_many(numbers)
        texts = self._seal.seal_many([message.text for message in messages], _TEXT)
        sealed = self._seal.seal_many(numbers, _NUMBER)
        rows = [
            (each.ref, each.key, person, text, each.from_handset, each.status, each.at.timestamp())
            for each, person, text in zip(messages, people, texts, strict=True)
        ]
        rings = [(person, number, row[6]) for person, number, row in zip(people, sealed, rows, strict=True)]
        with self._writing() as c:
            _insert(c, "messages", "(NULL, ?, ?, ?, ?, ?, ?, ?)", rows)
            _insert(c, "handsets", "(?, ?, 1, ?)", rings, _RANG_AGAIN)
            _insert(c, "posts (ref, key, hook, status, code, due)", "(?, ?, ?, ?, ?, ?)", [post[:6] for post in posts])

    def refused_before(self, key: str) -> int:
        """How often this key was refused; counts this time too."""
        with self._writing() as c:
            row = c.execute(
                "INSERT INTO refusals VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1 RETURNING times",
                (key,),
            ).fetchone()
        return row[0] - 1

    def take_due(self, now: float, limit: int) -> list[Post]:
        """Posts that are due, put off for a minute so that no other process takes them too."""
        return self._take("due <= ? ORDER BY due, id LIMIT ?", now, now, limit)

    def take_of(self, ref: str, now: float) -> list[Post]:
        """The same for one message."""
        return self._take("ref = ? AND due <= ? ORDER BY due, id", now, ref, now)

    def _take(self, which: str, now: float, *values: object) -> list[Post]:
        with self._writing() as c:
            sql = f"SELECT ref, key, hook, status, code, due, id, tries FROM posts WHERE {which}"
            posts = [Post(*row) for row in c.execute(sql, values)]
            c.executemany("UPDATE posts SET due = ? WHERE id = ?", [(now + _CLAIM, post.id) for post in posts])
        return posts

    def posted(self, posts: Sequence[Post]) -> None:
        """They are through the door: forget them, and show their status on the wall."""
        with self._writing() as c:
            c.executemany("DELETE FROM posts WHERE id = ?", [(post.id,) for post in posts])
            c.executemany(
                "UPDATE messages SET status = ? WHERE ref = ? AND status = 'accepted'",
                [(post.status, post.ref) for post in posts],
            )

    def put_off(self, posts: Sequence[Post], due: float) -> None:
        """The door was shut: try again at `due`."""
        with self._writing() as c:
            c.executemany(
                "UPDATE posts SET due = ?, tries = tries + 1 WHERE id = ?", [(due, post.id) for post in posts]
            )

    def find(self, key: str, number: str, since: float) -> str | None:
        """The id of the message with this key to this number, accepted at or after `since` (seconds)."""
        rows = self._all(
            "SELECT ref FROM messages WHERE key = ? AND person = ? AND at >= ? AND NOT from_handset ORDER BY id",
            key,
            self._seal.index(number),
            since,
        )
        return rows[0][0] if rows else None

    def messages(self, refs: Iterable[str]) -> list[Message]:
        return [message for ref in refs for message in self._messages("m.ref = ?", ref)]

    def handsets(self, limit: int) -> list[Handset]:
        """The handsets that rang last, newest first."""
        rows = self._all("SELECT person, messages FROM handsets ORDER BY last_at DESC LIMIT ?", limit)
        lasts = [(count, self._messages("m.person = ? ORDER BY m.id DESC LIMIT 1", person)) for person, count in rows]
        return [Handset(last[0].number, count, last[0].text, last[0].at) for count, last in lasts if last]

    def thread(self, number: str, limit: int) -> list[Message]:
        """The last messages to and from a number, oldest first."""
        newest = self._messages("m.person = ? ORDER BY m.id DESC LIMIT ?", self._seal.index(number), limit)
        return newest[::-1]

    def forget(self, number: str) -> None:
        person = (self._seal.index(number),)
        with self._writing() as c:
            c.execute("DELETE FROM posts WHERE ref IN (SELECT ref FROM messages WHERE person = ?)", person)
            c.execute("DELETE FROM messages WHERE person = ?", person)
            c.execute("DELETE FROM handsets WHERE person = ?", person)

    def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _messages(self, which: str, *values: object) -> list[Message]:
        columns = "m.ref, m.key, h.number, m.text, m.from_handset, m.status, m.at"
        rows = self._all(f"SELECT {columns} FROM messages m JOIN handsets h USING (person) WHERE {which}", *values)
        return [self._opened(*row) for row in rows]

    def _opened(self, ref: str, key: str, number: bytes, text: bytes, from_handset: int, *rest) -> Message:
        status, at = rest
        number, text = self._seal.open(number, _NUMBER), self._seal.open(text, _TEXT)
        return Message(ref, key, number, text, bool(from_handset), status, datetime.fromtimestamp(at, UTC))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            c = self._open()
            c.execute("BEGIN IMMEDIATE")
            try:
                yield c
            except BaseException:
                c.execute("ROLLBACK")
                raise
            c.execute("COMMIT")

    def _all(self, sql: str, *values: object) -> list[tuple]:
        with self._lock:
            return self._open().execute(sql, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            c = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            c.execute("PRAGMA journal_mode=WAL")
            c.execute("PRAGMA synchronous=NORMAL")
            c.executescript(_SCHEMA)
            self._connection = c
        return self._connection


def _insert(c: sqlite3.Connection, into: str, values: str, rows: Sequence[tuple], more: str = "") -> None:
    """Many rows a statement: for each step the driver lets the interpreter go and queues for it again, behind whoever
    sends.
    """
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        words = f"INSERT INTO {into} VALUES {', '.join([values] * len(some))} {more}"
        c.execute(words, [value for row in some for value in row])
