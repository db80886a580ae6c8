"""Connections to a provider: kept alive, certificates checked, and a clear word on whether a request left at all.

Nothing is retried here: most providers have no key by which to refuse a repeat.
"""

import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError, ProxyError, SSLError

#: What OpenSSL calls the ways a handshake fails. Any other TLS error may have come after the message.
_HANDSHAKE = {
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "TLSV1_UNRECOGNIZED_NAME",
}


def pool(base: str, connections: int, local: bool, *, connect: float, answer: float) -> urllib3.PoolManager:
    """At most `connections` kept-alive connections to `base`; `connect` and `answer` are seconds of patience.

    What is `local` goes past every proxy of the environment.
    """
    parts = urlsplit(base)
    options = {"maxsize": connections, "timeout": urllib3.Timeout(connect=connect, read=answer)}
    if parts.scheme == "https":
        options["ssl_context"] = _certificates()
    proxy = None if local or proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def never_left(error: Exception) -> bool:
    """Whether a request that failed so did not leave: nobody listened, no name, no trusted certificate, no proxy, no
    such address.
    """
    if isinstance(error, NewConnectionError | ConnectTimeoutError | LocationParseError):
        return True
    if isinstance(error, ProxyError):
        return isinstance(error.original_error, NewConnectionError | ConnectTimeoutError)
    return isinstance(error, SSLError) and any(getattr(cause, "reason", None) in _HANDSHAKE for cause in error.args)


def seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; None when it is not said, or said as a date: then one's own back-off will do."""
    try:
        wait = float(retry_after) if retry_after else None
    except ValueError:
        return None
    return wait if wait is None or 0 <= wait < 86_400 else None


def _certificates() -> ssl.SSLContext:
    """The machine's own certificates (an office's proxy may have one) and Mozilla's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
