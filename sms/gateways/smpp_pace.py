"""How fast parts go out: the contract's rate, halved when the SMSC says "too fast", slowly back afterwards."""

import threading
import time
from collections.abc import Callable

#: The rate comes back by this factor a second: doubled in a quarter of a minute.
_RETURN = 1.05
#: Answers to one burst that was too fast count once; the next halving is this many seconds away at least.
_ONE_BURST = 1.0
#: However often it is halved: so many parts a second are tried.
_LEAST = 0.5
#: What may go at once after a silence, in seconds of the rate: SMSCs count by the second.
_BURST = 0.1
#: Without a rate by contract: this much faster than what was too much, and nothing holds us back any more.
_FORGET = 16


class Pace:
    """`rate` is parts a second by contract, None when none is known. Thread-safe."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic):
        self._contract, self._clock = rate, clock
        self._lock = threading.Lock()
        self._slow: float | None = None
        self._slow_since = 0.0
        self._tokens, self._at = 1.0, clock()
        self._second, self._gone, self._gone_before = int(self._at), 0, 0

    def take(self, most: int) -> tuple[int, float]:
        """(how many of `most` parts may go now, how many seconds to wait when none may)."""
        with self._lock:
            now = self._clock()
            granted, wait = self._granted(most, now)
            self._count(granted, now)
            return granted, wait

    def slow_down(self) -> None:
        """The SMSC said that we are too fast."""
        with self._lock:
            now = self._clock()
            if self._slow is not None and now - self._slow_since < _ONE_BURST:
                return
            self._count(0, now)
            seen = self._rate(now) or max(self._gone, self._gone_before)
            self._slow, self._slow_since = max(_LEAST, seen / 2), now
            self._tokens, self._at = 0.0, now

    @property
    def rate(self) -> float | None:
        """Parts a second now; None = as many as the window lets through."""
        with self._lock:
            return self._rate(self._clock())

    def _rate(self, now: float) -> float | None:
        if self._slow is None:
            return self._contract
        returned = _RETURN ** (now - self._slow_since)
        if self._contract is None and returned > _FORGET:
            self._slow = None
            return None
        return self._slow * returned if self._contract is None else min(self._contract, self._slow * returned)

    def _granted(self, most: int, now: float) -> tuple[int, float]:
        rate = self._rate(now)
        if rate is None:
            return most, 0.0
        self._tokens = min(max(1.0, rate * _BURST), self._tokens + (now - self._at) * rate)
        self._at = now
        granted = min(most, int(self._tokens))
        self._tokens -= granted
        return granted, 0.0 if granted else (1.0 - self._tokens) / rate

    def _count(self, granted: int, now: float) -> None:
        """How many went in this second and in the one before: what "too fast" was, when no rate is known."""
        if int(now) != self._second:
            self._gone_before = self._gone if int(now) == self._second + 1 else 0
            self._second, self._gone = int(now), 0
        self._gone += granted
