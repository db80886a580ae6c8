"""The connection to an SMSC: octets in and out, from any thread, with or without TLS."""

import contextlib
import selectors
import socket
import ssl
import threading
import time

from sms import certificates

#: Seconds until a host must have taken the connection; until it must have taken what we write.
CONNECT_SECONDS = 10.0
WRITE_SECONDS = 10.0
_CHUNK = 65_536
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Lost(Exception):
    """The connection is gone; what was written last may have arrived or not."""


class NeverLeft(Lost):
    """The connection was gone before the first octet."""


class Wire:
    """Raises Lost at whatever ends the connection."""

    def __init__(self, host: str, port: int, tls: bool):
        self._socket = _connected(host, port, tls)
        self._socket.setblocking(False)
        #: TLS reads and writes one state: not at once. One writer at a time, so that no PDU is torn by another.
        self._using, self._writing = threading.Lock(), threading.Lock()
        self._readable, self._writable = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._readable.register(self._socket, selectors.EVENT_READ)
        self._writable.register(self._socket, selectors.EVENT_WRITE)
        self._open = True

    def read(self, seconds: float) -> bytes:
        """What has come, b"" when nothing comes within `seconds`. One thread reads."""
        received = self._received()
        if received is None:
            self._select(self._readable, seconds)
            received = self._received()
        return received or b""

    def write(self, octets: bytes) -> None:
        """Everything, or it raises; NeverLeft when that is sure."""
        left, until = memoryview(octets), time.monotonic() + WRITE_SECONDS
        with self._writing:
            while left:
                try:
                    sent = self._sent(left)
                except Lost as lost:
                    raise NeverLeft(*lost.args) if len(left) == len(octets) else lost from None
                left = left[sent:]
                if not sent:
                    if time.monotonic() > until:
                        raise Lost("the SMSC does not read")
                    self._select(self._writable, 0.5)

    def close(self) -> None:
        """Nothing is written after this; a reader is woken. Only the reader frees what it reads from: `free`."""
        with self._using:
            self._open = False
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def free(self) -> None:
        """By the thread that reads, when it reads no more."""
        self.close()
        with self._writing, self._using:
            self._readable.close()
            self._writable.close()
            self._socket.close()

    def _received(self) -> bytes | None:
        with self._using:
            try:
                received = self._socket.recv(_CHUNK)
            except _NOT_YET:
                return None
            except OSError as why:
                raise Lost(type(why).__name__) from why
        if not received:
            raise Lost("the SMSC closed the connection")
        return received

    def _sent(self, octets: memoryview) -> int:
        with self._using:
            if not self._open:
                raise Lost("closed")
            try:
                return self._socket.send(octets)
            except _NOT_YET:
                return 0
            except OSError as why:
                raise Lost(type(why).__name__) from why

    def _select(self, selector: selectors.BaseSelector, seconds: float) -> None:
        try:
            selector.select(seconds)
        except (OSError, ValueError) as closed:
            raise Lost("closed") from closed


def _connected(host: str, port: int, tls: bool) -> socket.socket:
    try:
        plain = socket.create_connection((host, port), CONNECT_SECONDS)
    except OSError as why:
        raise Lost(f"{type(why).__name__}: {why}") from why
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return certificates.trusted().wrap_socket(plain, server_hostname=host) if tls else plain
    except OSError as why:  # TLS errors are OSErrors too
        plain.close()
        raise Lost(f"{type(why).__name__}: {why}") from why
