"""One of all machines has it; its end, however it comes, lets go."""

import pytest
from sqlalchemy import text

from db.engine import open_database
from db.lease import Lease
from tests.conftest import SEAL


@pytest.fixture
def two(postgres_url):
    databases = [open_database(postgres_url, SEAL) for _ in range(2)]
    yield [Lease(database, 42) for database in databases]
    for database in databases:
        database.close()


@pytest.mark.postgresql
def test_one_has_it_until_it_lets_go(two):
    first, second = two
    assert first.take() and first.take()
    assert not second.take()
    first.release()
    assert second.take() and not first.take()
    second.release()


@pytest.mark.postgresql
def test_a_lost_connection_is_a_lost_lease(two, postgres_url):
    first, second = two
    assert first.take()
    killer = open_database(postgres_url, SEAL)
    with killer.transaction() as c:
        ours = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42")
        assert c.execute(ours).scalar_one()
    killer.close()
    assert second.take()
    assert not first.take(), "it notices that the connection broke"
    assert not first.take(), "and that somebody else has it now"
    second.release()


@pytest.mark.postgresql
def test_different_leases_are_held_side_by_side(two):
    first, second = two
    other = Lease(second._db, 43)
    assert first.take() and other.take()
    first.release()
    other.release()


def test_where_one_process_works_it_is_always_its_own(sqlite_db):
    assert Lease(sqlite_db, 42).take()
    Lease(sqlite_db, 42).release()
