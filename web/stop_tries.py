"""Guesses at stop codes, slowed down: so many wrong ones from one address, and so many from everywhere together.

Right ones cost nothing, and who has guessed nothing wrong is never kept from stopping, whatever others try: whole
villages share the address of one phone mast, and a flood of guesses must not keep anybody from being left in peace.
"""

import threading
import time
from collections.abc import Callable

#: Wrong codes from one address: so many at once, and then one every so many seconds.
MOST_AT_ONCE, SECONDS_EACH = 10, 60.0
#: From everywhere: beyond them an address that was wrong once has to rest.
MOST_EVERYWHERE, SECONDS_EVERYWHERE = 300, 10.0
#: Addresses remembered; when there are more, those that have had their rest are forgotten.
MOST_ADDRESSES = 10_000
_EVERYWHERE = ""


class Tries:
    """Counts wrong codes, in this process and in memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        #: Address → when its wrong codes would all be forgiven.
        self._whole_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def may_try(self, address: str) -> bool:
        with self._lock:
            owed = self._owed(address)
            if self._owed(_EVERYWHERE) > (MOST_EVERYWHERE - 1) * SECONDS_EVERYWHERE:
                return owed <= 0
            return owed <= (MOST_AT_ONCE - 1) * SECONDS_EACH

    def missed(self, address: str) -> None:
        """A wrong code came from there."""
        with self._lock:
            now = self._clock()
            for place, seconds in ((address, SECONDS_EACH), (_EVERYWHERE, SECONDS_EVERYWHERE)):
                self._whole_at[place] = now + self._owed(place) + seconds
            if len(self._whole_at) > MOST_ADDRESSES:
                self._whole_at = {place: at for place, at in self._whole_at.items() if at > now}

    def _owed(self, place: str) -> float:
        """Seconds until all is forgiven."""
        now = self._clock()
        return max(self._whole_at.get(place, now) - now, 0.0)
