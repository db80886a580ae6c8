"""People of the desk."""

import pytest

from tests.bots.cases.people import Desk, desk_of


@pytest.fixture
def desk(db, now) -> Desk:
    return desk_of(db, now)
