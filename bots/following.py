"""How a message hangs on the one before it: "còn Nhật?", "không, ý tôi là Hàn", "not korea, japan"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bots import controls, letters, places
from bots.normalise import Plain, normalise

#: A message of so many words at most may lean on the topic before it.
SHORT = 7
_PAUSE = re.compile(r"\s*[,.;:!?…\n–-]+\s*")


@dataclass(frozen=True)
class Turn:
    """A message as the next step of a conversation.

    `plain` is what is left to read without the words that only turn ("không, ý tôi là"); it may be nothing.
    """

    plain: Plain
    corrects: bool = False
    follows: bool = False
    countries: frozenset[str] = frozenset()
    #: Words of the question itself: without "còn", "thì sao" and the countries.
    words: tuple[str, ...] = ()

    @property
    def short(self) -> bool:
        return len(self.plain.folded) <= SHORT


def turn(text: str, plain: Plain) -> Turn:
    """How `text`, made plain as `plain`, turns the conversation."""
    rest, corrects = _corrected(text, plain)
    words = list(controls.without_following(rest.folded))
    countries = places.asked(rest) or places.only(words)
    moved = bool(places.refused(rest)) and bool(countries)
    kept = [] if places.only(words) else places.without(words)
    return Turn(rest, corrects or moved, controls.follows_on(rest.folded), frozenset(countries), tuple(kept))


def _corrected(text: str, plain: Plain) -> tuple[Plain, bool]:
    """The message without the words that take the last one back, and whether there were any."""
    if controls.corrects(plain.folded):
        return normalise(""), True
    head, pause, tail = _split(text)
    if pause and tail and controls.corrects(normalise(head).folded, weakly=True):
        return normalise(tail, plain.writing.language), True
    size = controls.correction(plain.folded)
    if size and len(plain.standard) == len(plain.folded):
        return _after(plain, size), True
    return plain, False


def _split(text: str) -> tuple[str, str, str]:
    found = _PAUSE.search(letters.clean(text).strip())
    cleaned = letters.clean(text).strip()
    return (cleaned[: found.start()], found[0], cleaned[found.end() :]) if found else (cleaned, "", "")


def _after(plain: Plain, size: int) -> Plain:
    left: Sequence[str] = plain.standard[size:]
    return Plain(plain.writing, tuple(left), tuple(left), plain.folded[size:])
