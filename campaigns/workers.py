"""The processes that may hold claimed deliveries: that they live, and how we know that one does not.

Clocks of machines differ and jump, so silence is measured by the watcher's own uptime: a worker is silent when its
`seen_at` has not moved while we watched, not when it looks old. On its own host a worker is gone when its process is.
"""

import os
import socket
import time
from collections.abc import Iterable, Set
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from campaigns.store import deliveries as delivery_store
from campaigns.store import workers as store
from db.engine import Database

#: A living worker says so this often, in seconds.
BEAT_SECONDS = 5.0
#: After so much silence its messages are looked for at the gateway …
SILENT_SECONDS = 60.0
#: … and after so much it is taken for gone: what the gateway never got is sent by somebody else. Until then it may only
#: be frozen, with a message in its hands.
GONE_SECONDS = 600.0
#: A claim older than this is not handed over any more: well before anybody may think its holder dead.
CLAIM_SECONDS = 20.0


def uptime() -> float:
    """Seconds on a clock that nobody sets and that runs on while the machine sleeps, where the system has one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@cache
def host() -> str:
    """Where a process id means the same process: this machine since its start, and this container of it."""
    marks = [socket.gethostname()]
    for path in (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")):
        try:
            marks.append(path.read_text().strip() if path.is_file() and not path.is_symlink() else str(path.readlink()))
        except OSError:
            continue
    return "/".join(marks)


def seen(c: Connection, name: str, *, kind: str, now: datetime) -> None:
    """Notes in the caller's transaction that `name`, this process, lives."""
    store.seen(c, name=name, host=host(), pid=os.getpid(), kind=kind, now=now)


def beat(db: Database, name: str, *, kind: str, now: datetime) -> None:
    """The same in a transaction of its own; every BEAT_SECONDS."""
    with db.transaction() as c:
        seen(c, name, kind=kind, now=now)


#: The kind of a process that only serves pages and hooks: it writes, but does none of the work.
SERVING = "pages"


def newest_beat(db: Database) -> datetime | None:
    """When any process that works last said that it lives; None when none does. Clocks differ: a rough look only."""
    with db.reading() as c:
        return newest_seen(c)


def newest_seen(c: Connection) -> datetime | None:
    """The same in the caller's transaction."""
    return max((row.seen_at for row in store.everybody(c) if row.kind != SERVING), default=None)


def at_work(db: Database, watch_for: float = 2 * BEAT_SECONDS) -> list[str]:
    """Those that live: on this machine by their process, elsewhere by a beat while we watch for so many seconds."""
    before = _everybody(db)
    here = {row.name for row in before if row.host == host() and _runs(row.pid) and row.pid != os.getpid()}
    elsewhere = {row.name: row.seen_at for row in before if row.host != host()}
    if elsewhere and not here:
        time.sleep(watch_for)
        here |= {row.name for row in _everybody(db) if elsewhere.get(row.name, row.seen_at) != row.seen_at}
    return sorted(here)


def _everybody(db: Database) -> list:
    with db.reading() as c:
        return store.everybody(c)


def leave(db: Database, name: str) -> None:
    """`name` ends in good order and holds nothing any more."""
    with db.transaction() as c:
        store.forget(c, [name])


class Watch:
    """What this process has seen of the others, by its own uptime: since when each is silent, since when gone.

    One for all threads: a mark that two write at once is set by the later, so silence only seems shorter.
    """

    def __init__(self):
        self._seen: dict[str, tuple[datetime, float]] = {}
        self._gone: dict[str, float] = {}

    def silence(self, name: str, seen_at: datetime, up: float) -> float:
        """Seconds for which `name` has not been seen to move."""
        mark = self._seen.get(name)
        if mark is None or mark[0] != seen_at:
            mark = self._seen[name] = (seen_at, up)
        return up - mark[1]

    def keep_only(self, names: Set[str]) -> None:
        """Forgets when the others were seen: every sending run has a name of its own, so names do not end."""
        self._seen = {name: mark for name, mark in list(self._seen.items()) if name in names}

    def gone_for(self, name: str, up: float) -> float:
        """Seconds since `name` was first found gone; nothing it held can have been handed over later than that."""
        return up - self._gone.setdefault(name, up)


def lost(
    c: Connection, watch: Watch, holders: Iterable[str | None], *, after: float, up: float | None = None
) -> tuple[set[str], set[str]]:
    """Of the workers that hold deliveries: (those gone for at least `after` seconds, those silent for so long that
    their messages are looked for). One without a row has ended in good order or was forgotten long ago: gone.
    """
    up = uptime() if up is None else up
    known = {row.name: row for row in store.everybody(c)}
    watch.keep_only(known.keys())
    silences = {name: watch.silence(name, row.seen_at, up) for name, row in known.items()}
    held = {name for name in holders if name is not None}
    gone = {name for name in held if name not in known or _is_gone(known[name], silences[name])}
    silent = {name for name in held - gone if silences[name] >= SILENT_SECONDS}
    return {name for name in gone if watch.gone_for(name, up) >= after}, silent


def gone(db: Database, watch: Watch, holders: Iterable[str], *, after: float) -> set[str]:
    """Those of `holders` that are gone for at least `after` seconds, for rooms whose rows name workers too."""
    with db.reading() as c:
        return lost(c, watch, holders, after=after)[0]


def _is_gone(row, silence: float) -> bool:
    return silence >= GONE_SECONDS or (row.host == host() and not _runs(row.pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """A killed process whose parent has not looked yet still has its id, but does nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except (OSError, IndexError):
        return False


def clear_away(db: Database, watch: Watch) -> int:
    """Forgets workers that are gone and hold nothing; how many."""
    with db.transaction() as c:
        rows = store.everybody(c)
        up = uptime()
        watch.keep_only({row.name for row in rows})
        idle = {row.name for row in rows if _is_gone(row, watch.silence(row.name, row.seen_at, up))}
        if idle and (idle := idle - delivery_store.holders(c)):
            store.forget(c, sorted(idle))
    return len(idle)
