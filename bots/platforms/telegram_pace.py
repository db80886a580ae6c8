"""When the next message may go: about 30 a second in all, one a second to the same person (Telegram's own limits)."""

from collections import OrderedDict

IN_ALL = 1 / 30
TO_ONE = 1.0
#: People remembered; who was written to longer ago than the others may be written to at once.
_MOST = 10_000


class Pace:
    """Not thread-safe: it lives in one loop. Times are seconds of any one clock."""

    def __init__(self):
        self._next = 0.0
        self._next_to: OrderedDict[str, float] = OrderedDict()

    def reserve(self, address: str, now: float, longest: float) -> float:
        """Seconds until a message to `address` may go; its place is taken unless it would have to wait `longest`."""
        at = max(now, self._next, self._next_to.get(address, now))
        if at - now < longest:
            self._next = max(self._next, now) + IN_ALL
            self._remember(address, at + TO_ONE)
        return at - now

    def hold(self, address: str, until: float) -> None:
        """Telegram said that nothing may go to `address` before then."""
        self._remember(address, max(until, self._next_to.get(address, until)))

    def _remember(self, address: str, at: float) -> None:
        self._next_to[address] = at
        self._next_to.move_to_end(address)
        while len(self._next_to) > _MOST:
            self._next_to.popitem(last=False)
