"""A last look before a message leaves, right where its first byte would.

A process may be stopped, or its machine may sleep, between "this is mine to send" and the socket; when it goes on,
somebody else may have sent the message in its place. So wires look once more at the last moment there is.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class TooLate(Exception):
    """What was to leave must not leave any more; nothing of it did that a provider could take for a message."""


class Look:
    """`may_leave` as long as what is handed over is ours to send."""

    def __init__(self, may_leave: Callable[[], bool]):
        self.may_leave, self._passed, self._refused = may_leave, 0, 0

    def look(self) -> None:
        """Raises TooLate when it must not leave any more."""
        if not self.may_leave():
            self._refused += 1
            raise TooLate("held up on the way for too long")
        self._passed += 1

    @property
    def kept_all(self) -> bool:
        """Whether nothing left, because it was too late."""
        return self._refused > 0 and not self._passed


class _Here(threading.local):
    look: Look | None = None


_here = _Here()


@contextmanager
def before_leaving(may_leave: Callable[[], bool]) -> Iterator[Look]:
    """What this thread hands to wires meanwhile leaves only while `may_leave()`."""
    _here.look = Look(may_leave)
    try:
        yield _here.look
    finally:
        _here.look = None


def look() -> None:
    """Raises TooLate when what this thread is about to hand over must not leave any more."""
    if _here.look:
        _here.look.look()
