"""A text as the octets that SMPP carries, and octets that came as text. Cuts are those of sms/segments.py."""

import itertools
import random
import re
from collections.abc import Sequence

from sms import segments

#: data_coding: the SMSC's default, which here is GSM 03.38 with an octet for each septet; and UCS-2, big-endian.
GSM, UCS_2 = 0, 8
_ASCII = 1

_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
             "€": 0x65}  # fmt: skip
_TO_OCTETS = {
    **{ord(letter): chr(octet) for octet, letter in enumerate(_ALPHABET)},
    **{ord(letter): f"\x1b{chr(octet)}" for letter, octet in _EXTENDED.items()},
}
_TO_LETTERS = {octet: letter for octet, letter in enumerate(_ALPHABET) if letter != "\x1b"}
_ESCAPED = {chr(octet): letter for letter, octet in _EXTENDED.items()}
_ESCAPE = re.compile("\x1b(.?)", re.DOTALL)
#: The header numbers parts with one octet.
MOST_PARTS = 255

#: Begins anywhere, so that two processes do not number alike.
_references = itertools.count(random.randrange(256))


def octets(text: str) -> tuple[int, Sequence[bytes]]:
    """(data_coding, the user data of each part) of a text; more than one part begin with a header that joins them."""
    parts = segments.split(text)
    coding = GSM if all(map(segments.in_gsm_7, parts)) else UCS_2
    if len(parts) == 1:
        return coding, (_encoded(parts[0], coding),)
    head = bytes((5, 0, 3, next(_references) % 256, min(len(parts), MOST_PARTS)))
    numbered = enumerate(parts[:MOST_PARTS], start=1)
    return coding, [head + bytes((number,)) + _encoded(part, coding) for number, part in numbered]


def fits(text: str) -> bool:
    """Whether the text has no more parts than can be numbered."""
    return segments.count(text).segments <= MOST_PARTS


def _encoded(part: str, coding: int) -> bytes:
    if coding == GSM:
        return part.translate(_TO_OCTETS).encode("latin-1")
    return part.encode("utf-16-be", "surrogatepass")


def text_of(coding: int, user: bytes) -> str:
    """What somebody wrote. An SMSC that means another alphabet than it says is read as well as can be."""
    if coding == UCS_2:
        return user.decode("utf-16-be", "replace")
    if coding == GSM and all(octet < 0x80 for octet in user):
        return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], " "), _letters(user))
    if coding in (GSM, _ASCII):
        try:
            return user.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return user.decode("latin-1")


def _letters(user: bytes) -> str:
    """GSM 03.38 with the escapes still in it; what follows an escape stays an octet."""
    letters, escaped = [], False
    for octet in user:
        letters.append(chr(octet) if escaped or octet == 0x1B else _TO_LETTERS[octet])
        escaped = octet == 0x1B and not escaped
    return "".join(letters)


def header(user: bytes) -> tuple[tuple[int, int, int] | None, bytes]:
    """((reference, total, number) of a user data header that joins parts, or None; what follows the header)."""
    end = 1 + user[0] if user else 0
    at, found = 1, None
    while at + 2 <= min(end, len(user)):
        kind, length = user[at], user[at + 1]
        value = user[at + 2 : at + 2 + length]
        if (kind, len(value)) in ((0, 3), (8, 4)):
            found = (int.from_bytes(value[:-2], "big"), value[-2], value[-1])
        at += 2 + length
    usable = found is not None and 1 <= found[2] <= found[1]
    return (found if usable else None), user[end:]
