"""How text is folded for searching: no case, no accents, đ as d, single spaces."""

import re
import unicodedata

_MARKS_AND_SPACES = re.compile("([\u0300-\u036f]+)|\\s+")


def fold(text: str) -> str:
    """`text` as it is compared in a search: "  Đô  Thành" and "do thanh" fold to the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return _MARKS_AND_SPACES.sub(lambda found: "" if found[1] else " ", plain).strip()
