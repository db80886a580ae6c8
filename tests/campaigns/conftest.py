"""After every story told on a database, each wave's counters are what its rows say; and, where a module asks for it,
what it has spent too: elsewhere rows are written by hand.
"""

import pytest
from sqlalchemy import insert

from campaigns import stats, waves
from db.tables import staff


@pytest.fixture(autouse=True)
def the_tally_holds(request):
    db = request.getfixturevalue("db") if "db" in request.fixturenames else None
    yield
    if db is not None:
        for wave, _ in waves.all(db):
            assert {place for place in stats.faults(db, wave.id) if place[0] != "spending"} == set()


@pytest.fixture
def the_books_hold(request):
    db = request.getfixturevalue("db") if "db" in request.fixturenames else None
    yield
    if db is not None:
        for wave, _ in waves.all(db):
            assert stats.faults(db, wave.id) == {}


@pytest.fixture
def officers(db, now):
    """The ids of two who may write and approve."""
    with db.transaction() as c:
        rows = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
        return list(c.execute(insert(staff).returning(staff.c.id), rows).scalars())
