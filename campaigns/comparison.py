"""Comparing wordings: how many people it takes, what may be said at the end, and looks on the way that do not fool.

Of the 5 % chance of error that a comparison is allowed, EARLY is spent on looks before the planned sample is complete
and the rest on the one look at its end; by Boole's inequality the two together err no more often than their sum.

* Early: an asymptotic confidence sequence, true at all looks together, however many there are: Waudby-Smith, Arbour,
  Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics
  52 (2024).
* End: Newcombe's hybrid score interval for the difference of two proportions: Statistics in Medicine 17 (1998) 873-890,
  method 10. Counts that may repeat per person (opened links) take the same construction over Poisson limits by Byar's
  approximation (Breslow, Day, "Statistical Methods in Cancer Research" II (1987)).
* Sample: Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions" (3rd ed.), chapter 4.

With three arms every pair is compared, so each pair gets a third of the error. Pure.
"""

import math
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from campaigns.figures.intervals import newcombe, wilson

#: The chance, over a whole comparison, of calling a difference that is none; and the part of it for early looks.
ERROR = 0.05
EARLY = 0.01
#: The chance of finding a difference of the size that was asked for.
POWER = 0.8
#: Fewer complete observations in an arm, and a normal approximation says nothing yet.
FEWEST = 100
ARMS = (2, 3)


@dataclass(frozen=True)
class Arm:
    """What is known of one wording: `people` whose time to answer is over, and `hits` among them."""

    people: int
    hits: int

    @property
    def share(self) -> float:
        return self.hits / self.people if self.people else 0.0


@dataclass(frozen=True)
class Difference:
    """Arm `second` less arm `first` (numbers of arms): the estimate and its interval, as shares (0.02 = 2 points)."""

    first: int
    second: int
    estimate: float
    low: float
    high: float

    @property
    def better(self) -> int | None:
        """The arm with the higher share, when the interval leaves no other reading."""
        return self.second if self.low > 0 else self.first if self.high < 0 else None


def pairs(arms: int) -> int:
    """How many pairs are compared."""
    return arms * (arms - 1) // 2


def sample_size(expected: float, smallest: float, arms: int = 2) -> int:
    """People per arm who must have had their time, so that a difference of `smallest` from `expected` (both shares) is
    found with POWER. Raises ValueError for shares that are none, or a sum above 1.

    >>> sample_size(0.02, 0.01)
    4086
    """
    other = expected + smallest
    if not (0 < expected < 1 and smallest > 0 and other < 1):
        raise ValueError(f"no comparison: {expected} against {other}")
    error = _z((ERROR - EARLY) / pairs(arms) / 2)
    middle = (expected + other) / 2
    spread = error * math.sqrt(2 * middle * (1 - middle))
    spread += _z(1 - POWER) * math.sqrt(expected * (1 - expected) + other * (1 - other))
    return math.ceil((spread / smallest) ** 2)


def at_the_end(arms: list[Arm], *, counts: bool = False) -> list[Difference]:
    """Every pair after the planned sample is complete. `counts`: hits may repeat per person (opened links)."""
    error = (ERROR - EARLY) / pairs(len(arms))
    limits = _poisson if counts else _wilson
    return [_hybrid(i, j, arms[i], arms[j], limits, error) for i, j in combinations(range(len(arms)), 2)]


def on_the_way(arms: list[Arm], planned: int, *, counts: bool = False) -> list[Difference]:
    """Every pair before that, fit to be looked at as often as one likes; `planned` people per arm are expected.

    An arm with fewer than FEWEST people says nothing: its differences are missing.
    """
    error = EARLY / pairs(len(arms))
    ready = [(i, j) for i, j in combinations(range(len(arms)), 2) if min(arms[i].people, arms[j].people) >= FEWEST]
    return [_sequence(i, j, arms[i], arms[j], planned, error, counts) for i, j in ready]


def raised(arms: list[Arm], planned: int) -> int | None:
    """The arm whose hits (opt-outs) are surely more than those of another one, looked at on the way; None = none.

    A guard errs on its own account: it looks with ERROR in all, because a harm overlooked is worse than a false alarm.
    """
    error = ERROR / pairs(len(arms))
    for i, j in combinations(range(len(arms)), 2):
        if min(arms[i].people, arms[j].people) >= FEWEST:
            worse = _sequence(i, j, arms[i], arms[j], planned, error, False).better
            if worse is not None:
                return worse
    return None


def _hybrid(i: int, j: int, first: Arm, second: Arm, limits, error: float) -> Difference:
    low, estimate, high = newcombe(second.share, limits(second, error), first.share, limits(first, error))
    return Difference(i, j, estimate, low, high)


def _wilson(arm: Arm, error: float) -> tuple[float, float]:
    """Of a share; of nobody it may be anything."""
    return wilson(arm.hits, arm.people, _z(error / 2)) or (0.0, 1.0)


def _poisson(arm: Arm, error: float) -> tuple[float, float]:
    if not arm.people:
        return 0.0, math.inf
    z, hits, more = _z(error / 2), arm.hits, arm.hits + 1
    low = hits * (1 - 1 / (9 * hits) - z / (3 * math.sqrt(hits))) ** 3 if hits else 0.0
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return max(0.0, low) / arm.people, high / arm.people


def _z(tail: float) -> float:
    return NormalDist().inv_cdf(1 - tail)


def _sequence(i: int, j: int, first: Arm, second: Arm, planned: int, error: float, counts: bool) -> Difference:
    """The normal-mixture confidence sequence, tuned to be narrowest when the planned sample is complete."""
    people = first.people + second.people
    spread = people**2 * (_variance(first, counts) + _variance(second, counts))
    expected = spread * max(1.0, 2 * planned / people)  # what `spread` will be at the end
    rho2 = (-2 * math.log(error) + math.log(-2 * math.log(error) + 1)) / expected
    grown = spread * rho2 + 1
    half = math.sqrt(2 * grown / (people**2 * rho2) * math.log(math.sqrt(grown) / error))
    estimate = second.share - first.share
    return Difference(i, j, estimate, estimate - half, estimate + half)


def _variance(arm: Arm, counts: bool) -> float:
    """Of the arm's share; half a hit is added on either side, so that none at all is not taken for certainty."""
    share = (arm.hits + 0.5) / (arm.people + 1)
    return share * (1 if counts else 1 - share) / arm.people
