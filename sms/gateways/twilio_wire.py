"""The wire under Twilio's SDK: its HTTP client with another address, kept-alive connections and clear failures.

The SDK's own client wraps every failure alike, logs numbers at level INFO and opens its pool for https only. Here a
request that never left raises NotSent; anything else that fails may have been received. Nothing is retried: Twilio
has no idempotency key.
"""

import ssl
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError, ProxyError, SSLError

#: Where the SDK believes it sends to.
SDK_BASE = "https://api.twilio.com"

#: What OpenSSL calls the ways a handshake fails. Any other TLS error may have come after the message.
_HANDSHAKE = {
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "TLSV1_UNRECOGNIZED_NAME",
}

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
        self._pool = _pool(base, connections, local)

    def request(
        self, method, uri, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ) -> Response:
        url = self._base + uri.removeprefix(SDK_BASE) + (f"?{urlencode(params)}" if params else "")
        body = urlencode(data, doseq=True) if data else None
        if auth:
            headers = {**(headers or {}), **urllib3.make_headers(basic_auth=":".join(auth))}
        try:
            answer = self._pool.urlopen(method.upper(), url, body=body, headers=headers, redirect=False, retries=False)
        except (NewConnectionError, ConnectTimeoutError, LocationParseError) as error:
            raise NotSent(str(error)) from error
        except (ProxyError, SSLError) as error:
            if _before_sending(error):
                raise NotSent(str(error)) from error
            raise
        text = answer.data.decode("utf-8", "replace")
        if answer.status == 429:
            raise TooFast(text[:500], _seconds(answer.headers.get("Retry-After")))
        return Response(answer.status, text, answer.headers)

    def close(self) -> None:
        self._pool.clear()


def _pool(base: str, connections: int, local: bool) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
    parts = urlsplit(base)
    options = {"maxsize": connections, "timeout": timeout}
    if parts.scheme == "https":
        options["ssl_context"] = _certificates()
    proxy = None if local or proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def _certificates() -> ssl.SSLContext:
    """The machine's own certificates (an office's proxy may have one) and Mozilla's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _before_sending(error: Exception) -> bool:
    """A proxy that cannot be reached, a handshake that failed: before a byte of the message left."""
    if isinstance(error, ProxyError):
        return isinstance(error.original_error, NewConnectionError | ConnectTimeoutError)
    return any(getattr(cause, "reason", None) in _HANDSHAKE for cause in error.args)


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None  # Retry-After as a date: the dispatcher's own back-off will do


class _NoLog:
    """The SDK logs addresses and numbers; this one forgets them."""

    def info(self, *_words: object) -> None:
        pass

    debug = warning = error = info
