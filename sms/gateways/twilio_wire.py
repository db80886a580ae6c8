"""The wire under Twilio's SDK: its HTTP client with another address, kept-alive connections and clear failures.

The SDK's own client wraps every failure alike, logs numbers at level INFO and opens its pool for https only. Here a
request that never left raises NotSent; anything else that fails may have been received. Nothing is retried: Twilio
has no idempotency key.
"""

from urllib.parse import urlencode

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from sms import wire
from sms.http import seconds

#: Where the SDK believes it sends to.
SDK_BASE = "https://api.twilio.com"

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0


class NotSent(Exception):
    """The request did not leave: nobody listened, no name, no trusted certificate, no such address."""


class TooFast(Exception):
    """HTTP 429: nothing was made. `wait` is Retry-After in seconds, when it was said."""

    def __init__(self, words: str, wait: float | None):
        super().__init__(words)
        self.wait = wait


class Wire(HttpClient):
    """Sends what the SDK made for api.twilio.com to `base`, over at most `connections` kept-alive connections."""

    def __init__(self, base: str, connections: int, local: bool):
        super().__init__(_NoLog(), is_async=False)
        self._base = base
        self._pool = wire.pool(base, connections, local, connect=CONNECT_SECONDS, answer=ANSWER_SECONDS)

    def request(
        self, method, uri, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ) -> Response:
        url = self._base + uri.removeprefix(SDK_BASE) + (f"?{urlencode(params)}" if params else "")
        body = urlencode(data, doseq=True) if data else None
        if auth:
            headers = {**(headers or {}), **urllib3.make_headers(basic_auth=":".join(auth))}
        try:
            answer = self._pool.urlopen(method.upper(), url, body=body, headers=headers, redirect=False, retries=False)
        except Exception as error:
            if wire.never_left(error):
                raise NotSent(str(error)) from error
            raise
        text = answer.data.decode("utf-8", "replace")
        if answer.status == 429:
            raise TooFast(text[:500], seconds(answer.headers.get("Retry-After")))
        return Response(answer.status, text, answer.headers)

    def close(self) -> None:
        self._pool.clear()


class _NoLog:
    """The SDK logs addresses and numbers; this one forgets them."""

    def info(self, *_words: object) -> None:
        pass

    debug = warning = error = info
