"""A server that ends while somebody is just coming in leaves nothing behind for another test to be blamed for."""

import gc
import socket
import ssl
import time
from contextlib import suppress

import pytest

from tests.servers.raw_http import Answer, in_a_thread
from tests.servers.smsc import Fake, Server


@pytest.mark.parametrize("wait", [0, 0.0002, 0.0005, 0.001, 0.002])
def test_http(wait):
    for _ in range(20):
        with in_a_thread(lambda request: Answer(200)) as server:
            came = socket.create_connection(("127.0.0.1", server.port))
            time.sleep(wait)
        came.close()
    gc.collect()


@pytest.mark.parametrize("tls", [None, ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)], ids=["plain", "tls"])
@pytest.mark.parametrize("wait", [0, 0.0005, 0.002])
def test_smsc(wait, tls):
    for _ in range(20):
        server = Server(Fake(), tls=tls)
        came = socket.create_connection(("127.0.0.1", server.port))
        server._loop.call_later(wait, server._loop.stop)
        server.run()
        with suppress(ConnectionError):
            came.settimeout(5)
            came.recv(1)
        came.close()
    gc.collect()
