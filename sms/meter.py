"""What an author sees under a text while writing: how much room is left, what a cut would save, and which characters
halve the room and what to write instead. Pure; the counting itself is sms.segments.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sms.segments import GSM_7, Count, count, cut_before, in_gsm_7, pieces
from sms.unaccent import unaccent

#: Names of offending characters, in the order in which they are looked for; doors have the words.
NAMES = ("space", "invisible", "quote", "dash", "dots", "bullet", "accent", "emoji", "letter", "sign")

_QUOTES = frozenset("\"'")
_DASHES = frozenset("‐‑‒–—―−⁃")
_EMOJI_FROM = "\U0001f000"
_JOINERS = ("\u200d", "\ufe0f", "\u20e3")


@dataclass(frozen=True, slots=True)
class Offender:
    """A character (with the marks and joiners that belong to it) that GSM-7 cannot carry.

    `name` is one of NAMES; `position` counts characters (code points) from 1, `times` how often it comes; `remedy` is
    what to write instead: "" = leave it out, None = there is no look-alike, choose other words.
    """

    char: str
    name: str
    position: int
    times: int
    remedy: str | None

    @property
    def codes(self) -> str:
        """As a table of characters lists it, for what cannot be seen: "U+00A0"."""
        return " ".join(f"U+{ord(letter):04X}" for letter in self.char)


@dataclass(frozen=True, slots=True)
class Saving:
    """Cut so many characters off and the text takes only `segments`."""

    characters: int
    segments: int


@dataclass(frozen=True, slots=True)
class Meter:
    """`mended` is the count of the text with every remedy applied; None when nothing offends or one has no remedy."""

    count: Count
    to_save: Saving | None
    offending: tuple[Offender, ...]
    mended: Count | None

    @property
    def left(self) -> int:
        """Units that still fit into the last segment."""
        return self.count.left


def meter(text: str) -> Meter:
    """The meter of `text` as it would be sent (NFC)."""
    text = unicodedata.normalize("NFC", text)
    counted = count(text)
    offending = () if counted.encoding == GSM_7 else _offending(text)
    return Meter(counted, _to_save(text, counted), offending, _mended(text, offending))


def _offending(text: str) -> tuple[Offender, ...]:
    """Each character that offends once, in the order of the text."""
    first: dict[str, tuple[int, int]] = {}
    for start, piece in pieces(text):
        if not in_gsm_7(piece):
            position, times = first.get(piece, (start + 1, 0))
            first[piece] = position, times + 1
    return tuple(Offender(piece, name_of(piece), *found, remedy(piece)) for piece, found in first.items())


def name_of(piece: str) -> str:
    """One of NAMES for a character that GSM-7 lacks.

    >>> [name_of(piece) for piece in ("ế", "“", "\\u00a0", "…", "😀", "Ж")]
    ['accent', 'quote', 'space', 'dots', 'emoji', 'letter']
    """
    plain, category = unaccent(piece), unicodedata.category(piece[0])
    if plain.isspace():
        return "space"
    if not plain or category in ("Cf", "Cc"):
        return "invisible"
    if plain in _QUOTES:
        return "quote"
    return next((name for name, holds in _looks(piece, plain, category) if holds), "sign")


def _looks(piece: str, plain: str, category: str) -> Iterator[tuple[str, bool]]:
    yield "dash", piece in _DASHES
    yield "dots", plain == "..."
    yield "bullet", plain == "-"
    yield "accent", plain.isascii() and plain.isalpha() and category[0] == "L"
    yield "emoji", piece[0] >= _EMOJI_FROM or any(joiner in piece for joiner in _JOINERS)
    yield "letter", category[0] in "LM"


def remedy(piece: str) -> str | None:
    """What GSM-7 writes for `piece`: "" = nothing, None = it has no look-alike."""
    plain = unaccent(piece)
    return plain if in_gsm_7(plain) else None


def _mended(text: str, offending: tuple[Offender, ...]) -> Count | None:
    if not offending or any(each.remedy is None for each in offending):
        return None
    return count(unaccent(text))


def _to_save(text: str, counted: Count) -> Saving | None:
    """The shortest cut off the end that saves a segment. A shorter text never takes more segments, so we may halve."""
    if counted.segments == 1:
        return None
    least, most = 1, len(text)
    while least < most:
        middle = (least + most) // 2
        if count(text[: len(text) - middle]).segments < counted.segments:
            most = middle
        else:
            least = middle + 1
    end = cut_before(text, len(text) - least)
    return Saving(len(text) - end, count(text[:end]).segments)


def mend(text: str) -> str:
    """`text` with every remedy applied; what has none stays."""
    text = unicodedata.normalize("NFC", text)
    remedies = {each.char: each.remedy for each in meter(text).offending if each.remedy is not None}
    return "".join(remedies.get(piece, piece) for _, piece in pieces(text))
