"""How a text becomes SMS segments: which encoding it needs, how many parts it takes, where it is cut.

Rules: 3GPP TS 23.038 (GSM 7 bit default alphabet and its extension table) and TS 23.040 (140 octets a message, of
which 6 are the header of a part). The cuts are those of Twilio's published calculator, held by golden texts in
tests/sms/golden_segments.jsonl: no escape pair, surrogate pair or joined character (a letter with its marks, an
emoji family) is torn apart. What a brand-name gateway bills may differ; that is data of the gateway.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

GSM_7 = "GSM-7"
UCS_2 = "UCS-2"

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Characters of the extension table: an escape and the character, two units.
_EXTENDED = "\f^{}\\[~]|€"

#: Units in a message of one part, and in each part of a longer one.
LIMITS = {GSM_7: (160, 153), UCS_2: (70, 67)}

_ALL_BASIC = re.compile(f"[{re.escape(_BASIC)}]*").fullmatch
_ALL_GSM = re.compile(f"[{re.escape(_BASIC + _EXTENDED)}]*").fullmatch
_GSM = frozenset(_BASIC + _EXTENDED)
#: Letters, signs and punctuation that stand alone in one UTF-16 unit: Latin with every Vietnamese letter, common
#: punctuation, currency, letter-like signs and arrows. Anything else is looked at character by character.
_ALL_SINGLE = re.compile(
    "[\u0000-\u02ff\u0370-\u03ff\u1e00-\u1eff\u2000-\u200b\u2010-\u205e\u20a0-\u20bf\u2100-\u21ff]*"
).fullmatch

#: Characters that never begin a piece, beside combining marks: joiners and skin tones.
_CLINGING = re.compile("[\u200c\u200d\U0001f3fb-\U0001f3ff]").match
_JOINER = "\u200d"
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]*\\Z")


@dataclass(frozen=True, slots=True)
class Count:
    """What a text costs on the air.

    `characters` are code points after NFC; `units` are septets (GSM-7) or UTF-16 units (UCS-2); `left` is how many
    units still fit into the last segment; `offending` are the distinct characters, in order, that force UCS-2.
    """

    encoding: str
    characters: int
    units: int
    segments: int
    left: int
    offending: tuple[str, ...] = ()


def count(text: str) -> Count:
    """Encoding, units and segments of `text` as it would be sent (NFC). An empty text still takes one segment."""
    text = unicodedata.normalize("NFC", text)
    if _ALL_BASIC(text):
        return _even(GSM_7, text, len(text))
    if _ALL_GSM(text):
        return _uneven(GSM_7, text)
    offending = tuple(sorted(set(text) - _GSM, key=text.index))
    if _ALL_SINGLE(text):
        return _even(UCS_2, text, len(text), offending)
    return _uneven(UCS_2, text, offending)


def split(text: str) -> list[str]:
    """The parts of `text` as they go on the air, in order; joined they are the text (NFC) again."""
    text = unicodedata.normalize("NFC", text)
    ends = _ends(text, GSM_7 if _ALL_GSM(text) else UCS_2)
    return [text[start:end] for start, end in pairwise([0, *ends])]


def in_gsm_7(text: str) -> bool:
    """Whether GSM-7 and its extension table can write `text`."""
    return _ALL_GSM(text) is not None


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """What a reader takes for one character each (a letter with its marks, an emoji family), and where it starts."""
    start = 0
    for end in range(1, len(text) + 1):
        if _may_cut(text, end):
            yield start, text[start:end]
            start = end


def cut_before(text: str, at: int) -> int:
    """The last place at or before `at` where `text` can be cut without tearing what a reader takes for one."""
    while not _may_cut(text, at):
        at -= 1
    return at


def _even(encoding: str, text: str, units: int, offending: tuple[str, ...] = ()) -> Count:
    """Nothing is kept together, so the parts fill up to the brim."""
    single, part = LIMITS[encoding]
    if units <= single:
        return Count(encoding, len(text), units, 1, single - units, offending)
    segments = -(-units // part)
    return Count(encoding, len(text), units, segments, segments * part - units, offending)


def _uneven(encoding: str, text: str, offending: tuple[str, ...] = ()) -> Count:
    """What is kept together may leave a gap at the end of a part."""
    units = _UNITS[encoding](text)
    if units <= LIMITS[encoding][0]:
        return _even(encoding, text, units, offending)
    ends = _ends(text, encoding)
    last = _UNITS[encoding](text[ends[-2] :])
    return Count(encoding, len(text), units, len(ends), LIMITS[encoding][1] - last, offending)


def _ends(text: str, encoding: str) -> list[int]:
    """Where each part ends, filled from the left."""
    units = _UNITS[encoding]
    single, room = LIMITS[encoding]
    if units(text) <= single:
        return [len(text)]
    ends, start = [], 0
    while start < len(text):
        start = _end(text, start, room, units)
        ends.append(start)
    return ends


def _end(text: str, start: int, room: int, units: Callable[[str], int]) -> int:
    """The furthest place to end a part that begins at `start`."""
    fits = min(start + room, len(text))
    while (over := units(text[start:fits]) - room) > 0:
        fits -= (over + 1) // 2  # a character is at most two units, so this never goes too far back
    end = fits
    while end > start and not _may_cut(text, end):
        end -= 1
    return end if end > start else fits  # a tower of marks longer than a part is cut all the same


def _may_cut(text: str, at: int) -> bool:
    """Whether a reader sees two characters there (UAX #29 as far as SMS need it: no Indic, no Hangul rules)."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if after < "\u0300" or before in "\r\n\f":
        return True
    if _CLINGING(after) or unicodedata.category(after)[0] == "M":
        return False
    if before == _JOINER:
        return after < "\u2000"
    return not (_FLAG_LETTERS.match(after) and _flag_letters_before(text, at) % 2)


def _flag_letters_before(text: str, at: int) -> int:
    """A flag is two letters: an odd number of them before the cut means that it goes through a flag."""
    return len(_FLAG_LETTERS.search(text, 0, at).group())


def _septets(text: str) -> int:
    return len(text) + sum(map(text.count, _EXTENDED))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_UNITS: Mapping[str, Callable[[str], int]] = {GSM_7: _septets, UCS_2: _utf16_units}
