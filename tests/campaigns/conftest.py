"""After every story told on a database, each wave's tally is what its rows say."""

import pytest

from campaigns import stats, waves


@pytest.fixture(autouse=True)
def the_tally_holds(request):
    db = request.getfixturevalue("db") if "db" in request.fixturenames else None
    yield
    if db is not None:
        for wave, _ in waves.all(db):
            assert stats.faults(db, wave.id) == {}
