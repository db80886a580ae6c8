"""Chat platforms, their providers running: `row` any, `provider` one that hands over, `called` one with a hook."""

import pytest

from tests.contracts.platforms import DOORS, HANDING, ROWS


@pytest.fixture(params=ROWS)
def row(request, tmp_path):
    with ROWS[request.param](tmp_path) as row:
        yield row


@pytest.fixture(params=HANDING)
def provider(request, tmp_path):
    with ROWS[request.param](tmp_path) as row:
        yield row


@pytest.fixture(params=DOORS)
def called(request, tmp_path):
    with ROWS[request.param](tmp_path) as row:
        yield row
