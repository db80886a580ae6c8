"""TCVN3, the code of the "ABC" fonts (.VnTime …): Vietnamese before Unicode, one byte a letter. Pure.

Its bytes are also perfectly good Western European text, so it is never guessed: somebody chooses it, helped by
`looks_like`. Text comes here as Latin-1, one letter a byte, which is also how a workbook typed in such a font has it
("Sè ®iÖn tho¹i" is "Số điện thoại").

Capitals: the code has only Ă Â Ê Ô Ơ Ư Đ. All others were small letters in a font of capitals (.VnTimeH), which a list
does not tell. `decoded` therefore raises the letters of a cell whose plain letters are all capitals ("NGUY\u00d4N V¡N"
is "NGUYỄN VĂN"); a cell typed all small stays small, and a lone "Hµ" is "Hà". The bytes below 0xB5 that ABC fonts leave
empty are read as the capitals that the standard (TCVN 5712:1993, as `iconv -f TCVN` has it) put there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_RUNS = {
    0x80: "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđẰ",
    0xB0: "\u0300\u0309\u0303\u0301\u0323",
    0xB5: "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò",
    0xE0: "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ",
}
#: What each byte above ASCII stands for.
LETTERS = {first + at: letter for first, run in _RUNS.items() for at, letter in enumerate(run)}

_CELL = re.compile(r"[^,;|\t\"\r\n]+")
_WORD = re.compile(r"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
#: A Vietnamese syllable whose tone was taken off.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
).fullmatch
#: Signs that no language writes inside a word, but TCVN3 has its commonest letters at.
_SIGN_IN_WORD = re.compile(r"[A-Za-z\xc0-\xff][\xa1-\xbf\xd7\xf7]|[\xa1-\xbf\xd7\xf7][A-Za-z\xc0-\xff]").search
_ENOUGH_WORDS, _ENOUGH_SIGNS, _ENOUGH_SHARE = 3, 2, 0.8


def decoded(text: str) -> str:
    """Latin-1 `text` as what its writer saw; letters beyond Latin-1 stay.

    >>> decoded("NguyÔn ThÞ Hång, S§T")
    'Nguyễn Thị Hồng, SĐT'
    """
    if text.isascii():
        return text
    return _CELL.sub(_raised, unicodedata.normalize("NFC", text.translate(LETTERS)))


def decoded_all(texts: Iterable[str]) -> Iterator[str]:
    return map(decoded, texts)


def looks_like(text: str) -> bool:
    """Whether `text`, read as Latin-1 or by its own right, is probably TCVN3: its odd words become syllables."""
    if any("\u0100" <= letter < "\u0250" or "\u1ea0" <= letter <= "\u1eff" for letter in text):
        return False
    words = set(_WORD.findall(text))
    if len(words) < _ENOUGH_WORDS or sum(bool(_SIGN_IN_WORD(word)) for word in words) < _ENOUGH_SIGNS:
        return False
    return sum(map(_is_syllable, words)) >= _ENOUGH_SHARE * len(words)


def example(text: str, most: int = 60) -> tuple[str, str] | None:
    """The first telling cells of `text` as they stand and as TCVN3 has them, for a hint."""
    cells = [cell for cell in (found.strip() for found in _CELL.findall(text)) if _SIGN_IN_WORD(cell)]
    shown = ", ".join(cells[:4])[:most].strip()
    return (shown, decoded(shown)) if shown else None


def _is_syllable(word: str) -> bool:
    plain, tones = _TONES.subn("", unicodedata.normalize("NFD", decoded(word).lower()))
    return tones <= 1 and bool(_SYLLABLE(unicodedata.normalize("NFC", plain)))


def _raised(cell: re.Match) -> str:
    """The cell in capitals when its plain letters are, not only the first of each word."""
    text = cell[0]
    plain = [(at, letter) for at, letter in enumerate(text) if letter.isascii() and letter.isalpha()]
    capitals = all(letter.isupper() for _, letter in plain)
    within = any(at and text[at - 1].isalpha() for at, _ in plain)
    return text.upper() if capitals and within else text
