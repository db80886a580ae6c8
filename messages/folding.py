"""How text is folded for searching and comparing: no case, no accents, đ as d."""

import re
import unicodedata

_MARKS_AND_SPACES = re.compile("([\u0300-\u036f]+)|\\s+")


def fold(text: str) -> str:
    """`text` as it is compared in a search: "  Đô  Thành" and "do thanh" fold to the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return _MARKS_AND_SPACES.sub(lambda found: "" if found[1] else " ", plain).strip()


class _Letters(dict):
    """Fills itself: the letter that stands for a character, by its number."""

    def __missing__(self, number: int) -> str:
        letter = unicodedata.normalize("NFKD", chr(number).replace("Đ", "d").replace("đ", "d"))[:1].lower()
        self[number] = letter = letter if len(letter) == 1 else chr(number)
        return letter


_LETTERS = _Letters()


def flat(text: str) -> str:
    """`text` without case and accents, character by character: what stands at a place in it stands there in `text`.

    >>> flat("ĐỪNG nộp…"), len(flat("ĐỪNG nộp…")) == len("ĐỪNG nộp…")
    ('dung nop.', True)
    """
    return text.translate(_LETTERS)
