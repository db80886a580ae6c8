"""A pytest plugin: no test leaves this machine. `pytest_plugins = ["tests.no_network"]` in the top conftest loads it.

Connections and look-ups go to loopback or a Unix socket; anything else raises LeftTheMachine, and the test fails even
where the code under test catches every exception. What C libraries connect on their own (libpq) is not seen here.
"""

import ipaddress
import socket

import pytest

#: Names that need no name server.
HOME_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost"}
#: Where a test tried to go; emptied before each test.
attempts: list[str] = []


class LeftTheMachine(RuntimeError):
    """A test tried to reach another machine. Not an OSError: an adapter must not take it for a bad line."""


def stays_home(host: str | bytes | None) -> bool:
    """Whether `host`, a name or an address, is this machine itself.

    >>> [stays_home(host) for host in ("127.0.0.1", "::1", "localhost", None, "192.0.2.1", "example.org")]
    [True, True, True, True, False, False]
    """
    if isinstance(host, bytes):
        host = host.decode()
    if host is None or host.lower() in HOME_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_to_leave(family: int, address: object) -> None:
    """Raises LeftTheMachine when a socket of `family` would go to another machine at `address`."""
    if family in (socket.AF_INET, socket.AF_INET6) and not stays_home(address[0]):
        _note(str(address[0]))


def _note(host: str) -> None:
    attempts.append(host)
    raise LeftTheMachine(f"a test tried to reach {host}; use a server on 127.0.0.1")


def _guarded(original):
    """`connect`, `connect_ex` and `sendto` alike: the address is the last argument."""

    def guard(self, *arguments):
        if isinstance(arguments[-1], tuple):
            refuse_to_leave(self.family, arguments[-1])
        return original(self, *arguments)

    return guard


def _guarded_lookup(original):
    def guard(host, *arguments, **options):
        if not stays_home(host):
            _note(str(host))
        return original(host, *arguments, **options)

    return guard


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, _guarded_lookup(getattr(socket, name)))
    config.add_cleanup(patch.undo)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    attempts.clear()
    outcome = yield
    if attempts:
        raise LeftTheMachine(f"{item.nodeid} tried to reach {', '.join(attempts)}; use a server on 127.0.0.1")
    return outcome
