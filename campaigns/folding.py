"""Names compared as people type them: with or without accents, in any case, hoà or hòa, Kỳ or Kì."""

import re
import unicodedata

#: The five tone marks, decomposed. Where in the syllable they stand is a matter of school and typewriter.
_TONES = re.compile("([\u0300\u0301\u0303\u0309\u0323])")
_NOT_NAME = re.compile(r"[^\w]+|_")


def fold(text: str) -> str:
    """Lower case without accents (đ is d), words parted by one space.

    >>> fold("  Xã ĐÔ-THÀNH ")
    'xa do thanh'
    """
    return "".join(letter for letter in _words(text) if not unicodedata.combining(letter)).replace("đ", "d")


def alphabetical(text: str) -> str:
    """What to put names in order by: Đ stands with D, and Y where it belongs, which `fold` makes an I.

    >>> sorted(["Yên Thành", "Đô Lương", "Vinh", "Ích Hậu", "Diễn Châu"], key=alphabetical)
    ['Diễn Châu', 'Đô Lương', 'Ích Hậu', 'Vinh', 'Yên Thành']
    """
    letters = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def spoken(text: str) -> str:
    """As `fold`, but with accents kept; a tone counts for its syllable, wherever in it the tone was typed.

    >>> spoken("Hoà Hiếu") == spoken("Hòa Hiếu") != spoken("Hóa Hiếu")
    True
    """
    return " ".join(_tone_last(word) for word in _words(text).split(" "))


def _words(text: str) -> str:
    """Lower case, composed first so that no typewriter's order of marks matters, then decomposed; y is i (Kỳ, Kì)."""
    words = _NOT_NAME.sub(" ", unicodedata.normalize("NFC", text).lower()).strip()
    return unicodedata.normalize("NFD", words).replace("y", "i")


def _tone_last(word: str) -> str:
    return _TONES.sub("", word) + "".join(_TONES.findall(word))
