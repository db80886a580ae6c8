"""Connections to a provider: kept alive, certificates checked, and a clear word on whether a request left at all.

Nothing is retried here: most providers have no key by which to refuse a repeat.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError, ProxyError, SSLError

from sms import certificates

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
        options["ssl_context"] = certificates.trusted()
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
