"""A mail server, a house that uses it, and somebody who keeps the list."""

import pytest

from tests.bots.alerts.making import an_officer
from tests.scheduler.alerts.house import house
from tests.servers import smtp


@pytest.fixture
def post(tmp_path):
    with smtp.serve(tmp_path) as running:
        yield running


@pytest.fixture
def rt(db, post):
    return house(db, post)


@pytest.fixture
def by(db):
    return an_officer(db)
