"""Vietnamese without accents, so that a message fits GSM-7: "Đừng đưa tiền cọc…" → "Dung dua tien coc...".

What a spreadsheet or Word pastes in (curly quotes, dashes, an ellipsis, hard spaces) becomes its plain look-alike.
A character without one (an emoji, another script) stays: it is shown to the author, never dropped in silence.
"""

import re
import unicodedata

_LOOKALIKES = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "₫": "d",
        "ð": "d",
        "Ð": "D",
        "ł": "l",
        "Ł": "L",
        **dict.fromkeys("“”„‟«»″‶＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′‵`´ˋˊʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−⁃•●▪◦‣·", "-"),
        "…": "...",
        "×": "x",
        "÷": "/",
        "⁄": "/",
        "°": "o",
        "©": "(c)",
        "®": "(R)",
        "→": "->",
        "←": "<-",
        "⇒": "=>",
        "≤": "<=",
        "≥": ">=",
        "≠": "<>",
        "≈": "~",
        "\t": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
        "\x0b": "\n",
        # The hard and narrow spaces; the zero-width characters, the soft hyphen and the text/emoji selectors.
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " "),
        **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad\ufe0e\u200e\u200f", None),
    }
)
#: Combining marks of Latin letters; other scripts' signs are no accents and stay.
_MARKS = re.compile("[\u0300-\u036f]+")


def unaccent(text: str) -> str:
    """`text` without Vietnamese accents and with plain punctuation; the same for composed and decomposed input."""
    if text.isascii() and "`" not in text and "\t" not in text and "\x0b" not in text:
        return text
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_LOOKALIKES)
    return unicodedata.normalize("NFC", text)
