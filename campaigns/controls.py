"""A control group: of those who would get a wave, some get nothing, so that one can tell what the wave brought about.

Who they are is drawn by a key that is drawn when the wave is planned: h(id) = a3·id³ + a2·id² + a1·id + a0 mod 2³¹ − 1,
held back when h is in the lowest so many percent. With random coefficients any four people are drawn independently
(Wegman, Carter, "New hash functions and their use in authentication and set equality", Journal of Computer and System
Sciences 22 (1981)), so shares and their variance are those of chance; who does not have the key can predict nobody; and
a person falls on the same side in the preview, in every part of the opening and after a copy was put back. Pure.
"""

import secrets
from dataclasses import dataclass

from messages.errors import Mistake

#: Percent of the audience that may be held back.
LEAST, MOST = 5, 50
PRIME = 2**31 - 1
#: Of a polynomial of the third degree.
_COEFFICIENTS = 4


@dataclass(frozen=True)
class Draw:
    """`below`: who hashes to less is held back. `coefficients`: the highest power first."""

    coefficients: tuple[int, ...]
    below: int

    def holds_back(self, contact_id: int) -> bool:
        """As campaigns.store.controls asks the database."""
        found = 0
        for coefficient in self.coefficients:
            found = (found * contact_id + coefficient) % PRIME
        return found < self.below


def new_key() -> str:
    return "-".join(f"{secrets.randbelow(PRIME):08x}" for _ in range(_COEFFICIENTS))


def draw(percent: int | None, key: str | None) -> Draw | None:
    """None where a wave has no control group."""
    if percent is None or key is None:
        return None
    return Draw(tuple(int(part, 16) for part in key.split("-")), -(-PRIME * percent // 100))


def checked(percent: int | None) -> int | None:
    """Raises Mistake: control-wrong."""
    if percent is not None and not LEAST <= percent <= MOST:
        raise Mistake("control-wrong", percent=percent, least=LEAST, most=MOST)
    return percent


def expected(people: int, percent: int | None) -> int:
    """How many of so many are held back, about."""
    return round(people * percent / 100) if percent else 0
