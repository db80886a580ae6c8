"""Fixtures everybody uses: a migrated database of either kind, and a moment to call now.

The SQLite template is migrated once and copied; PostgreSQL (a real server from a wheel) gets one database a test
from a migrated template.
"""

import os
import shutil
import uuid
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from db.engine import open_database
from db.migrate import upgrade
from db.seal import Seal
from tests import learnt, postgres

pytest_plugins = ["tests.no_network", "tests.once"]

#: Tuesday 1 December 2026, 09:00 in Vinh: no holiday of Vietnam or of the United Kingdom for weeks.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
SEAL = Seal([b"a key for tests only, thirty-two"])


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the process that starts the others, or the only one
        learnt.begin()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        learnt.end()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One more than there are cores: many tests wait, for a process or for a moment."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items):
    """The longest stories first, then the longest files: no process is still at one when the others have nothing left
    to do. (Needs --no-loadscope-reorder: by itself xdist puts the files with the fewest tests last, which these are.)
    """
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.parent.name != "torture", -tests[item.path]))


@pytest.fixture
def now():
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "an-lo.db"
    db = open_database(f"sqlite:///{path}", SEAL)
    upgrade(db)
    db.close()
    return path


@pytest.fixture(scope="session")
def postgres_template():
    """The URL pattern of a running PostgreSQL with a migrated template, or a skip that says why there is none.

    Not in pytest's own folder: as root the server is another user's, and each new pytest shuts that folder to others.
    """
    where = TemporaryDirectory(ignore_cleanup_errors=True, dir=postgres.in_memory())
    with where as folder, postgres.server(Path(folder)) as server:
        db = open_database(server.create("an_lo_template"), SEAL)
        upgrade(db)
        db.close()
        yield server


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "an-lo.db")
    return f"sqlite:///{tmp_path / 'an-lo.db'}"


@pytest.fixture
def postgres_url(postgres_template):
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield postgres_template.create(name, template="an_lo_template")
    postgres_template.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request):
    """The URL of a fresh migrated database, once for each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def db(db_url):
    database = open_database(db_url, SEAL)
    yield database
    database.close()


@pytest.fixture
def sqlite_db(sqlite_url):
    database = open_database(sqlite_url, SEAL)
    yield database
    database.close()


@pytest.fixture(autouse=True, scope="session")
def no_settings_from_outside():
    """A test never sees the operator's settings or accounts."""
    ours = ("TWILIO_", "ESMS_", "SPEEDSMS_", "SMPP_", "TELEGRAM_", "ZALO_", "DATABASE_URL", "DATA_DIR")
    for name in list(os.environ):
        if name.startswith(ours):
            del os.environ[name]
