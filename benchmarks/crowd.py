"""What the benchmarks of sending share: very many people, a gateway that only counts, a PostgreSQL that waits for its
disk, and the processor's time of processes.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import insert, select

from campaigns import deliveries, waves
from campaigns.store.bulk import insert_rows
from db.engine import Database
from db.tables import contacts, list_members
from db.types import utc_text
from runtime.build import Runtime
from sms.gateway import Outcome, Outgoing, Readiness, Traits
from tests import make

#: People written in one transaction.
AT_ONCE = 10_000
#: The first numbers are the simulator's reserved ones, to which odd things happen.
FIRST = 1_000


def a_list_of(db: Database, count: int) -> int:
    """The id of a new list of `count` new people, each with a number of their own."""
    for first in range(0, count, AT_ONCE):
        rows = _people(db, range(first, min(count, first + AT_ONCE)))
        with db.transaction() as c:
            insert_rows(c, insert(contacts), rows)
    list_id = make.a_list(db, "everybody", [])
    with db.transaction() as c:
        members = select(contacts.c.id, contacts.c.created_at, list_id)
        c.execute(insert(list_members).from_select(["contact_id", "joined_at", "list_id"], members))
    make.count_members(db, list_id)
    return list_id


def open_wholly(rt: Runtime) -> None:
    """Opens what is due to the last of its people, so that nothing but sending is measured after it."""
    waves.open_due(rt.db, rt.gateways, rt.clock())
    while waves.open_on(rt.db, rt.gateways, rt.clock()):
        continue


def a_line(rt: Runtime, count: int, gateway: str) -> deliveries.Line:
    """Of a wave to `count` new people that is open."""
    list_id = make.a_list(rt.db, "everybody", make.people(rt.db, count))
    wave_id = make.a_wave(rt.db, list_ids=[list_id], gateway=gateway, ignore_quiet_hours=True)
    open_wholly(rt)
    return deliveries.line(rt.db, wave_id, rt.gateways)


def _people(db: Database, which: Sequence[int]) -> list[dict[str, object]]:
    numbers = [make.number(FIRST + n) for n in which]
    sealed = zip(db.seal.index_many(numbers), db.seal.seal_many(numbers, "contacts.number"), strict=True)
    shared = {"source": "benchmark", "created_at": utc_text(make.NOW)}
    return [{"number_index": index, "number_sealed": number, **shared} for index, number in sealed]


class Counting:
    """Takes every message at once and only notes which delivery it was of, and when the last one came."""

    name = "counting"

    def __init__(self, **traits: object):
        self.traits = Traits(**{"leaves_machine": False, "find": True, **traits})
        self._times = bytearray()
        self.first_at: float | None = None
        self.last_at = 0.0

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self.last_at = time.perf_counter()
        self.first_at = self.first_at or self.last_at
        for outgoing in batch:
            n = int(outgoing.key)
            if n >= len(self._times):
                self._times.extend(bytes(n + AT_ONCE - len(self._times)))
            self._times[n] += 1
        return [Outcome.accepted(f"ref-{outgoing.key}") for outgoing in batch]

    def sent(self) -> tuple[int, int]:
        """How many deliveries came, and how many of them more than once."""
        once = self._times.count(1)
        more = len(self._times) - self._times.count(0) - once
        return once + more, more

    def ids(self) -> list[int]:
        """The deliveries that came."""
        return [n for n, times in enumerate(self._times) if times]

    def readiness(self) -> Readiness:
        return Readiness()

    def close(self) -> None:
        pass


@contextmanager
def a_database() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL that waits for its disk. Raises SystemExit(0), with the reason,
    where none can be had.
    """
    from tests import postgres  # late: pytest comes with it, thirty megabytes in a process whose memory is measured

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        running = postgres.server(Path(folder))
        try:
            server = running.__enter__()
        except BaseException as why:  # pytest's word for "skipped" is no Exception
            if type(why).__name__ not in ("Skipped", "Failed"):
                raise
            print(f"not measured: {why}")
            raise SystemExit(0) from None
        try:
            server.slow_down()
            yield server.create("benchmark")
        finally:
            running.__exit__(None, None, None)


def of_postgres(db: Database) -> psutil.Process:
    """The process that all of the server's come from."""
    with db.reading() as c:
        pid = c.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return psutil.Process(psutil.Process(pid).ppid())


def cpu(process: psutil.Process) -> float:
    """Seconds of the processor a process has used with its children, those that ended too."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        total += times.children_user + times.children_system if each.pid == process.pid else 0.0
    return total
