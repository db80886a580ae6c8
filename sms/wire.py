"""Connections to a provider: kept alive, certificates checked, and a clear word on whether a request left at all.

Nothing is retried here: most providers have no key by which to refuse a repeat.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError, ProxyError, SSLError

from sms import certificates, last_look

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
    manager = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = _POOLS
    return manager


class _LooksOnceMore:
    """Connected first, however long that takes; then the last look; then the first byte."""

    def send(self, data) -> None:
        if self.sock is None:
            self.connect()
        last_look.look()
        super().send(data)


class _Connection(_LooksOnceMore, HTTPConnection):
    pass


class _SecureConnection(_LooksOnceMore, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


def never_left(error: Exception) -> bool:
    """Whether a request that failed so did not leave: nobody listened, no name, no trusted certificate, no proxy, no
    such address, too late.
    """
    if isinstance(error, NewConnectionError | ConnectTimeoutError | LocationParseError | last_look.TooLate):
        return True
    if isinstance(error, ProxyError):
        return isinstance(error.original_error, NewConnectionError | ConnectTimeoutError)
    return isinstance(error, SSLError) and any(getattr(cause, "reason", None) in _HANDSHAKE for cause in error.args)
