"""Who may begin a conversation, and from where: no other site in somebody's name, and no flood of new ones."""

import threading
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from flask import request

#: New conversations from one address: so many at once, and then one every so many seconds. Whole villages share the
#: address of one phone mast, so it is generous; a flood would still bury the desk only slowly.
MOST_AT_ONCE, SECONDS_EACH = 60, 1.0
#: Addresses remembered; when there are more, those that have had their rest are forgotten.
MOST_ADDRESSES = 10_000


class Gate:
    """Lets in so many newcomers from each address, in this process. Remembers addresses for a minute, in memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        #: Address → when its allowance would be whole again.
        self._whole_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def lets_in(self, address: str) -> bool:
        now = self._clock()
        with self._lock:
            whole_at = max(self._whole_at.get(address, now), now)
            if whole_at - now > (MOST_AT_ONCE - 1) * SECONDS_EACH:
                return False
            self._whole_at[address] = whole_at + SECONDS_EACH
            if len(self._whole_at) > MOST_ADDRESSES:
                self._whole_at = {each: at for each, at in self._whole_at.items() if at > now}
        return True


def newcomer() -> str | None:
    """Where the request comes from, as the gate counts it; None for a program on this machine, which is not counted."""
    peer = ip_address(request.remote_addr or "127.0.0.1")
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if peer.is_private and told:  # our own proxy, which wrote down last whom it heard
        return _household(told)
    return None if peer.is_loopback else _household(str(peer))


def _household(text: str) -> str:
    """An IPv6 line has billions of addresses: what it has in common counts."""
    try:
        address = ip_address(text)
    except ValueError:
        return text[:64]
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def from_elsewhere(own: str) -> bool:
    """Whether another site made the browser send this. `own`: our public address, for proxies that change the host.

    New browsers say it outright, older ones name the page's origin; what says neither is an old phone or a program.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return said is not None and urlsplit(said).netloc not in (request.host, urlsplit(own).netloc)
