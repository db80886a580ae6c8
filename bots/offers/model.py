"""What crosses the room: a sign found in a text, and an offer with its signs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """A flag, by its id, and the very words of the text that show it; `start` is where they stand."""

    flag: str
    quote: str
    start: int


@dataclass(frozen=True)
class Offer:
    """The signs found in a pasted offer; none found is no proof that it is safe."""

    signs: tuple[Sign, ...]
