"""Keys of a Vietnamese keyboard that was switched off: "muoons" (Telex), "muo6n1" (VNI)."""

import re
from collections.abc import Sequence

from bots import letters
from bots.tables import words

#: The tone key stands after the vowel or at the end: "muoosn", "muoons".
_TONE = re.compile(r"(.*[aeiouyw])[sfrxj]([aeiouyw]*(?:ch|ng|nh|[cmnpt])?)|(.*[aeiouyw].*)[sfrxj]")
_DOUBLE = re.compile(r"(?<=[aou])w|(?<=d)d|(?<=a)a|(?<=e)e|(?<=o)o")
#: Residue that an English word hardly shows: a leading "dd", or a doubled letter beside a tone key or such an onset.
_PLAINLY_TELEX = re.compile(r"dd.+|uw.*|.*(?:aa|ee|oo|aw|ow|uw).*[sfrxj].*|(?:kh|ng|nh|qu).*(?:aa|ee|oo|aw|ow|uw).*")
_VNI = re.compile(r"[a-z]+[1-9](?:[a-z]*[1-9])?[a-z]*")


def without_residue(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """`typed` with such tokens as unaccented syllables, and the changes made."""
    vni = is_vni(typed)
    out = [undo_vni(token) if vni else undo_telex(token) for token in typed]
    return out, [f"{before} → {after}" for before, after in zip(typed, out, strict=True) if before != after]


def is_telex(token: str) -> bool:
    """Whether a token shows by itself that it was typed for Telex."""
    return _PLAINLY_TELEX.fullmatch(token) is not None and undo_telex(token) != token


def is_vni(typed: Sequence[str]) -> bool:
    """Whether at least two tokens look typed for VNI; one alone may be a code such as "vn24"."""
    return sum(undo_vni(token) != token for token in typed) >= 2


def undo_telex(token: str) -> str:
    """The unaccented syllable behind Telex keys, or the token itself when it is not one.

    >>> undo_telex("dduwowcj"), undo_telex("boss")
    ('duoc', 'boss')
    """
    if not token.isascii() or letters.is_syllable(token) or _is_a_word(token):
        return token
    toned = _TONE.fullmatch(token)
    without_tone = toned and (toned[3] or toned[1] + toned[2])
    for base in filter(None, (token, without_tone)):
        plain = _DOUBLE.sub("", base).replace("w", "u")
        if len(plain) > 1 and letters.is_syllable(plain):
            return plain
    return token


def _is_a_word(token: str) -> bool:
    return token in words("language", "en") or token in words("language", "shared")


def undo_vni(token: str) -> str:
    """The unaccented syllable behind VNI keys, or the token itself.

    >>> undo_vni("nu7o7c1"), undo_vni("muon61")
    ('nuoc', 'muon')
    """
    if not _VNI.fullmatch(token):
        return token
    plain = re.sub(r"[1-9]", "", token)
    return plain if len(plain) > 1 and letters.is_syllable(plain) else token
