"""The suite refuses to leave the machine."""

import contextlib
import socket

import pytest

from tests import no_network

pytestmark = pytest.mark.skipif(
    not hasattr(socket.socket.connect, "__closure__"), reason="the top conftest does not load tests.no_network"
)


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", True),
        ("localhost", True),
        (b"localhost", True),
        ("", True),
        (None, True),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("2001:db8::1", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_what_counts_as_this_machine(host, home):
    assert no_network.stays_home(host) is home


def go_to_a_number():
    with socket.socket() as wire:
        wire.settimeout(0.1)
        wire.connect(("192.0.2.1", 80))


def go_with_a_datagram():
    with socket.socket(type=socket.SOCK_DGRAM) as wire:
        wire.sendto(b"hello", ("192.0.2.1", 53))


def go_to_a_name():
    socket.create_connection(("example.org", 80), timeout=0.1)


@pytest.mark.parametrize("leave", [go_to_a_number, go_with_a_datagram, go_to_a_name])
def test_leaving_is_refused_and_noted(leave):
    with pytest.raises(no_network.LeftTheMachine, match=r"127\.0\.0\.1"):
        leave()
    assert no_network.attempts
    no_network.attempts.clear()


def test_an_attempt_that_was_swallowed_still_fails_the_test():
    with contextlib.suppress(Exception):
        go_to_a_number()
    hook = no_network.pytest_runtest_call(type("Item", (), {"nodeid": "tests/some.py::test"})())
    next(hook)  # empties the notes, as before every test
    no_network.attempts.append("192.0.2.1")
    with pytest.raises(no_network.LeftTheMachine, match="::test"):
        hook.send(None)
    no_network.attempts.clear()


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as wire:
        assert wire.getpeername() == server.getsockname()
