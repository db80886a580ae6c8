"""What the simulator does with a number: scripted for the reserved ones, by a hash for all others.

The reserved numbers are made up and may belong to somebody: they mean something only in the simulator, which never
leaves this machine.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A receipt: its status, its code, and when, as a multiple of the drawn latency (0 = before `send` returns)."""

    status: str
    code: str = ""
    after: float = 1.0


@dataclass(frozen=True)
class Script:
    """`refuse` names the error of the first `times` tries (None = every try); `answers` False = no answer comes;
    `keeps` False = the message was lost on the way in; `receipts` follow when it was kept."""

    does: str
    refuse: str | None = None
    times: int | None = None
    wait: float | None = None
    answers: bool = True
    keeps: bool = True
    receipts: tuple[Step, ...] = (Step("delivered"),)


_GONE = (Step("undelivered", "unreachable-for-good"),)
_OUT_OF_ORDER = (Step("delivered", after=0.5), Step("accepted", after=0.75), Step("delivered"), Step("accepted"))

RESERVED: Mapping[str, Script] = {
    "+84900000001": Script("is delivered"),
    "+84900000002": Script("is undelivered: nobody has the number", receipts=_GONE),
    "+84900000003": Script("fails: the carrier blocks it", receipts=(Step("failed", "blocked-by-carrier"),)),
    "+84900000004": Script("is unreachable on the first try, delivered on the second", "unreachable-now", times=1),
    "+84900000005": Script("is refused: no such number", "number-invalid"),
    "+84900000006": Script("is refused: the person opted out at the provider", "opted-out"),
    "+84900000007": Script("is refused once as too fast (wait 2 s), then delivered", "too-fast", times=1, wait=2.0),
    "+84900000008": Script("is accepted and no receipt ever comes", receipts=()),
    "+84900000009": Script("gets its receipts twice and out of order", receipts=_OUT_OF_ORDER),
    "+84900000010": Script("gives no answer, yet is kept and delivered", answers=False),
    "+84900000011": Script("gives no answer and is lost", answers=False, keeps=False),
    "+84900000012": Script("has its receipt before the answer to send", receipts=(Step("delivered", after=0),)),
    "+84900000013": Script("is refused: the text is not allowed", "content-refused"),
    "+84900000014": Script("is refused: the sender is not registered", "sender-not-registered"),
    "+84900000015": Script("is accepted, then undelivered for now", receipts=(Step("undelivered", "unreachable-now"),)),
    "+84900000016": Script("cannot be connected on the first two tries, then is delivered", "not-connected", times=2),
    "+84900000017": Script("is refused: a landline", "not-mobile"),
}

#: All other numbers, of a thousand: mostly delivered. The same number always fares the same.
_ORDINARY = (
    (965, Script("is delivered")),
    (985, Script("is undelivered for now", receipts=(Step("undelivered", "unreachable-now"),))),
    (995, RESERVED["+84900000002"]),
    (1000, RESERVED["+84900000008"]),
)


def script_of(number: str, seed: int) -> Script:
    """What happens to `number` (E.164) in the simulator with this seed."""
    if number in RESERVED:
        return RESERVED[number]
    draw = _draw(f"{seed}:{number}") % 1000
    return next(script for limit, script in _ORDINARY if draw < limit)


def latency_of(key: str, seed: int, between: tuple[float, float]) -> float:
    """Seconds until the receipt of the message `key`, spread evenly over `between`."""
    low, high = between
    return low + (high - low) * (_draw(f"{seed}:latency:{key}") % 10_000) / 10_000


def _draw(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
