"""HTTP/1.1 with keep-alive, by hand: what stands in for a provider must not be what a benchmark measures."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers.ending import end


@dataclass(frozen=True)
class Request:
    """Header names are in lower case; `target` is the path with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """`close` ends the connection without a word, `delay` is in seconds."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    delay: float = 0.0


class _Connection(asyncio.Protocol):
    def __init__(self, answer: Callable[[Request], Answer], transports: set):
        self._answer, self._transports, self._received = answer, transports, b""

    def connection_made(self, transport):
        self._transport = transport
        self._transports.add(transport)

    def connection_lost(self, error):
        self._transports.discard(self._transport)

    def data_received(self, received: bytes):
        self._received += received
        while request := self._next_request():
            answer = self._answer(request)
            if answer.delay:
                asyncio.get_running_loop().call_later(answer.delay, self._write, answer)
            else:
                self._write(answer)

    def _next_request(self) -> Request | None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._received[:end].decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        length = end + 4 + int(headers.get("content-length", 0))
        if len(self._received) < length:
            return None
        body, self._received = self._received[end + 4 : length], self._received[length:]
        method, target, _ = first.split(" ")
        return Request(method, target, headers, body)

    def _write(self, answer: Answer):
        if answer.close:
            self._transport.abort()
            return
        headers = {"Content-Type": "application/json", **answer.headers, "Content-Length": str(len(answer.body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._transport.write(f"HTTP/1.1 {answer.status} -\r\n{head}\r\n".encode() + answer.body)


class Server:
    """Listens on 127.0.0.1 from the start; `run` serves until `stop`."""

    def __init__(self, answer: Callable[[Request], Answer], port: int = 0):
        self._loop = asyncio.new_event_loop()
        self._transports: set = set()
        listening = self._loop.create_server(lambda: _Connection(answer, self._transports), "127.0.0.1", port)
        self._server = self._loop.run_until_complete(listening)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        return len(self._transports)

    def run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            end(self._loop, self._server, self._transports)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def in_a_thread(answer: Callable[[Request], Answer]) -> Iterator[Server]:
    """A running server, stopped at the end."""
    server = Server(answer)
    thread = threading.Thread(target=server.run, name="fake-provider", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


class Running:
    """A fake provider that runs: its `server`, its `url`, and the `fake` to look into."""

    def __init__(self, server: Server, fake):
        self.server, self.fake, self.url = server, fake, server.url


@contextmanager
def running(fake) -> Iterator[Running]:
    """`fake` (anything with `answer`) in a thread of this process."""
    with in_a_thread(fake.answer) as server:
        yield Running(server, fake)
