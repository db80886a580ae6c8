"""Rates that carry what they were measured on, and how far chance alone may have moved them. Pure."""

import math
from dataclasses import dataclass
from functools import cached_property

#: Two-sided 95 % of the normal distribution.
Z95 = 1.959963984540054


def wilson(n: int, of: int, z: float = Z95) -> tuple[float, float] | None:
    """The interval in which the true share lies, from 0 to 1; None when nothing was measured. `n` lies in 0..`of`.

    Wilson's score interval (1927): unlike the schoolbook one it stays within 0..1 and is honest for few people and for
    shares near 0 and 1.
    """
    if of <= 0:
        return None
    share, square = n / of, z * z
    middle = share + square / (2 * of)
    apart = z * math.sqrt(max(share * (1 - share), 0) / of + square / (4 * of * of))
    whole = 1 + square / of
    # At the ends the true bound is 0 or 1 to the last digit; floating point misses it by a hair.
    low = 0.0 if n <= 0 else max((middle - apart) / whole, 0.0)
    high = 1.0 if n >= of else min((middle + apart) / whole, 1.0)
    return low, high


@dataclass(frozen=True)
class Rate:
    """`n` of `of` people. `share`, `low` and `high` (95 %) run from 0 to 1; all three None when `of` is 0."""

    n: int
    of: int

    def __bool__(self) -> bool:
        return self.of > 0

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of > 0 else None

    @property
    def low(self) -> float | None:
        return self._interval and self._interval[0]

    @property
    def high(self) -> float | None:
        return self._interval and self._interval[1]

    @cached_property
    def _interval(self) -> tuple[float, float] | None:
        return wilson(self.n, self.of)


def difference(a: Rate, b: Rate, z: float = Z95) -> tuple[float, float, float] | None:
    """By how much the share of `a` lies above that of `b`: (low, measured, high), from -1 to 1; None without people.

    Where the interval holds 0, no difference is shown.
    """
    of_a, of_b = wilson(a.n, a.of, z), wilson(b.n, b.of, z)
    if of_a is None or of_b is None:
        return None
    return newcombe(a.share, of_a, b.share, of_b)


def newcombe(
    a: float, of_a: tuple[float, float], b: float, of_b: tuple[float, float]
) -> tuple[float, float, float]:
    """`a` less `b`, two measures each with its own interval: (low, measured, high).

    Newcombe's hybrid interval for a difference: Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    below, above = math.hypot(a - of_a[0], of_b[1] - b), math.hypot(of_a[1] - a, b - of_b[0])
    return a - b - below, a - b, a - b + above
