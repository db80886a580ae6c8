"""POST to a chat provider, and a clear word on what became of it. Light to import: most commands send nothing."""

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
        said = self.headers.get("retry-after", "").strip()
        return float(said) if said.isascii() and said.isdecimal() and len(said) < 6 else None

    @property
    def words(self) -> str:
        return f"HTTP {self.status} {self.body[:300].decode('utf-8', 'replace')}"


class Wire:
    """Kept-alive connections to `base`, opened with the first call. Thread-safe."""

    def __init__(self, base: str, connections: int, *, local: bool):
        self._base, self._connections, self._local = base.rstrip("/"), connections, local
        self._opening = threading.Lock()
        self._pool = self._never_left = None

    def post_json(self, path: str, content: object, headers: Mapping[str, str] | None = None, **more: float) -> Answer:
        return self._post(path, json.dumps(content).encode(), {"Content-Type": "application/json", **(headers or {})},
                          **more)  # fmt: skip

    def post_form(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        return self._post(
            path, urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    def close(self) -> None:
        if self._pool:
            self._pool.clear()

    def _post(self, path: str, body: bytes, headers: Mapping[str, str], seconds: float | None = None) -> Answer:
        """`seconds`: patience for the answer. Raises NotSent, NoAnswer, which name neither the path nor the headers:
        there are tokens in them.
        """
        pool = self._opened()
        timeout = {"timeout": seconds} if seconds else {}
        try:
            answer = pool.request(
                "POST", self._base + path, body=body, headers=headers, redirect=False, retries=False,
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
