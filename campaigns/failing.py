"""When so much of a wave fails that a person should look before it goes on. Pure.

Two shares are watched, each of things that become known at the same time: of the messages handed over, how many the
gateway refused; of those it reported on since, how many did not arrive. Mixed into one number, early refusals would be
set against deliveries still to be reported, and every wave would seem to fail at its start.

Each share is of the last results, not of all: after 900,000 good messages a dead provider would lose 225,000 more
before a share of all of them passed 20 %.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.model import DeliveryStatus

S = DeliveryStatus
#: Nothing is judged by fewer results. At 50, a wave of which 10 % fail passes 20 % by chance once in a hundred times,
#: and one of which 40 % fail is stopped 998 times in a thousand (binomial); and no more than some fifty people are
#: written to in vain before it is.
LEAST = 50
#: After so many results a share begins anew: what was fine long ago does not excuse what is not fine now.
WINDOW = 1000
_HANDED = (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.FAILED, S.UNKNOWN)
_REPORTED = (S.DELIVERED, S.UNDELIVERED)
BAD = (S.FAILED, S.UNDELIVERED)


@dataclass(frozen=True)
class Verdict:
    """`too_many` of `of` results were `bad` (percent `share`). `seen` is what is to be kept: the results judged."""

    too_many: bool
    seen: str | None
    bad: int = 0
    of: int = 0

    @property
    def share(self) -> int:
        return round(100 * self.bad / max(1, self.of))


def judge(counts: Mapping[str, int], seen: str | None, limit: int) -> Verdict:
    """What the figures of a wave (status → n) mean, `seen` being what was judged before; `limit` in percent."""
    before = json.loads(seen or "{}")
    after = dict(before)
    for name, (results, bad) in _shares(counts).items():
        base = before.get(name, [0, 0])
        of, failed = results - base[0], bad - base[1]
        if of >= LEAST and failed * 100 > limit * of:
            return Verdict(True, seen, failed, of)
        if of >= WINDOW:
            after[name] = [results, bad]
    return Verdict(False, json.dumps(after, sort_keys=True) if after != before else seen)


def all_seen(counts: Mapping[str, int]) -> str:
    """Everything up to now has been looked at by a person."""
    return json.dumps(_shares(counts), sort_keys=True)


def _shares(counts: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """(results, bad ones) of what was handed over and of what was reported on."""
    handed, reported = (sum(counts.get(status, 0) for status in those) for those in (_HANDED, _REPORTED))
    return {
        "handed": (handed, counts.get(S.FAILED, 0)),
        "reported": (reported, counts.get(S.UNDELIVERED, 0)),
    }
