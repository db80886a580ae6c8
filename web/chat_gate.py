"""Who may begin a conversation, and from where: no other site in somebody's name, and no flood of new ones."""

import re
import threading
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import request

#: New conversations from one address: so many at once, and then one every so many seconds. Whole villages share the
#: address of one phone mast, so it is generous; a flood would still bury the desk only slowly.
MOST_AT_ONCE, SECONDS_EACH = 60, 1.0
#: Addresses remembered; when there are more, those that have had their rest are forgotten.
MOST_ADDRESSES = 10_000
_HERE = ip_address("127.0.0.1")
_PORTED = re.compile(r"([\d.]+):\d+|\[([^\]]+)\](?::\d+)?")


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
    peer = _address(request.remote_addr or "") or _HERE
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if peer.is_private and told:  # our own proxy, which wrote down last whom it heard
        heard = _address(told)
        return _household(heard) if heard else "unknown"
    return None if peer.is_loopback else _household(peer)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Some proxies write a port behind it; an IPv4 address may come in the clothes of an IPv6 one."""
    ported = _PORTED.fullmatch(text)
    try:
        address = ip_address(ported[1] or ported[2] if ported else text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _household(address: IPv4Address | IPv6Address) -> str:
    """An IPv6 line has billions of addresses: what it has in common counts."""
    return str(ip_network((int(address), 64), strict=False)) if address.version == 6 else str(address)


def from_elsewhere(own: str) -> bool:
    """Whether another site made the browser send this. `own`: our public address, for proxies that change the host.

    New browsers say it outright, older ones name the page's origin; what says neither is an old phone or a program.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return said is not None and _site_of(said) not in (request.host, _site_of(own))


def _site_of(address: str) -> str:
    """ "?" for what is no address: no site is called that."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return "?"
