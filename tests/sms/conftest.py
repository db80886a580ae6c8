"""eSMS and SpeedSMS on this machine: the servers that speak for them, and gateways to them."""

import pytest

from tests.contracts import speedsms_row
from tests.contracts.esms_row import a_gateway
from tests.servers import esms, speedsms
from tests.sms.esms_talk import MORNING


@pytest.fixture
def esms_server():
    with esms.serve(clock=lambda: MORNING) as server:
        yield server


@pytest.fixture
def esms_at():
    """A gateway at an address; closed at the end. It thinks that it is 09:00."""
    opened = []

    def at(base, **other):
        opened.append(a_gateway(base, **{"clock": MORNING.timestamp, **other}))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


@pytest.fixture
def speedsms_server():
    with speedsms.serve(calls_allowed=1000) as server:
        yield server


@pytest.fixture
def speedsms_gateway(speedsms_server):
    gateway = speedsms_row.a_gateway(speedsms_server.url)
    yield gateway
    gateway.close()
