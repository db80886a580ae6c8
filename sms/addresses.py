"""Where a provider's API is: on this machine, or out in the world and then encrypted."""

import re

#: A loopback address that every reader of addresses reads alike; what only looks like one does not count.
_LOOPBACK = re.compile(r"https?://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(/[\w./-]*)?", re.ASCII)


def on_this_machine(base: str) -> bool:
    """Whether what is sent to `base` stays on this machine.

    >>> [on_this_machine(base) for base in ("http://127.0.0.1:9000/x", "http://localhost@evil.example", "http://127.1")]
    [True, False, False]
    """
    return _LOOPBACK.fullmatch(base) is not None


def usable(base: str) -> bool:
    """Whether tokens and people's words may go to `base`: never over the net unencrypted."""
    return on_this_machine(base) or re.fullmatch(r"https://[^\s/@\\?#]+(/[\w./-]*)?", base) is not None
