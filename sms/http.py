"""Calls to a provider's HTTP interface, and a clear word on what became of each. Light to import: most commands send
nothing.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
#: More than any answer of a provider.
LARGEST_ANSWER = 1_000_000


class NotSent(Exception):
    """The request did not leave: nobody listened, no name, no trusted certificate."""


class NoAnswer(Exception):
    """It left, or may have; no whole answer came."""


@dataclass(frozen=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> dict | None:
        """The JSON object in it; None when there is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    @property
    def wait(self) -> float | None:
        """Retry-After in seconds, when it is said."""
        return seconds(self.headers.get("retry-after"))

    @property
    def words(self) -> str:
        return f"HTTP {self.status} {self.body[:300].decode('utf-8', 'replace')}"


def seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; None when it is not said, or said as a date: then one's own back-off will do."""
    try:
        wait = float(retry_after) if retry_after else None
    except ValueError:
        return None
    return wait if wait is None or 0 <= wait < 86_400 else None


class Wire:
    """Kept-alive connections to `base`, opened with the first call. Thread-safe."""

    def __init__(self, base: str, connections: int, *, local: bool):
        self._base, self._connections, self._local = base.rstrip("/"), connections, local
        self._opening = threading.Lock()
        self._pool = self._never_left = None

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        return self._call("GET", path, None, headers)

    def post_json(self, path: str, content: object, headers: Mapping[str, str] | None = None, **more: float) -> Answer:
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self._call("POST", path, json.dumps(content).encode(), headers, **more)

    def post_form(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._call("POST", path, urlencode(form).encode(), headers)

    def close(self) -> None:
        if self._pool:
            self._pool.clear()

    def _call(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float | None = None
    ) -> Answer:
        """`seconds`: patience for the answer. Raises NotSent, NoAnswer, which name neither the path nor the headers:
        there are tokens in them.
        """
        pool = self._opened()
        timeout = {"timeout": seconds} if seconds else {}
        try:
            answer = pool.request(
                method, self._base + path, body=body, headers=headers, redirect=False, retries=False,
                preload_content=False, **timeout,
            )  # fmt: skip
            received = answer.read(LARGEST_ANSWER)
            if len(received) == LARGEST_ANSWER:
                answer.close()  # the rest is nothing we want to see
            answer.release_conn()
        except Exception as error:
            kind = NotSent if self._never_left(error) else NoAnswer
            raise kind(type(error).__name__) from error
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, received)

    def _opened(self):
        with self._opening:
            if self._pool is None:
                from sms import wire  # late: it brings urllib3 along, a tenth of a second

                self._never_left = wire.never_left
                self._pool = wire.pool(
                    self._base, self._connections, self._local, connect=CONNECT_SECONDS, answer=ANSWER_SECONDS
                )
            return self._pool
