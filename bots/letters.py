"""Letters and tokens: cleaning, folding, and what a Vietnamese syllable looks like."""

import re
import unicodedata
from functools import lru_cache

from messages import folding

#: Without case and accents, đ as d; remembered, because the same few thousand words come again and again.
fold = lru_cache(maxsize=50_000)(folding.fold)

#: Zero-width characters, direction marks, soft hyphen, variation selectors, byte-order mark.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
                        "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
#: A letter three times or more is feeling, not spelling: "saooo". Digits stay: 111, 999.
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
#: Written on one key by a Vietnamese keyboard; the others (à é ô …) also occur in French, Spanish or Portuguese.
_ONLY_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ")
_SHARED_MARKS = frozenset("àáâãèéêìíòóôõùúý")

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x)?"
_NUCLEUS = ("(?:uyeu|uoi|uou|uya|uyu|uye|oai|oay|oao|oeo|uay|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|"
            "ua|ue|ui|uo|uu|uy|ye|a|e|i|o|u|y)")
_CODA = "(?:ch|ng|nh|c|m|n|p|t)?"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")


def clean(text: str) -> str:
    """NFC, no invisible characters, curly quotes straight, drawn-out letters once; the sign for SOS in words."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("’", "'").replace("‘", "'")
    text = text.replace("🆘", " help me ")
    return _DRAWN_OUT.sub(r"\1", text)


def tokens(text: str) -> list[str]:
    """Words and numbers of cleaned `text`, in lower case, accents kept; "i'm" is one token."""
    return _TOKEN.findall(text.lower())


def is_syllable(folded: str) -> bool:
    """Whether a folded token is built like a Vietnamese syllable ("nghieng" is, "work" is not)."""
    return _SYLLABLE.fullmatch(folded) is not None


def has_vietnamese_mark(text: str) -> bool:
    """A letter that only Vietnamese writes."""
    return not _ONLY_VIETNAMESE.isdisjoint(text.lower())


def has_mark(text: str) -> bool:
    """Any accent that Vietnamese uses, shared with other languages or not."""
    lowered = text.lower()
    return not (_ONLY_VIETNAMESE.isdisjoint(lowered) and _SHARED_MARKS.isdisjoint(lowered))


def script(letter: str) -> str:
    """"latin" or the first word of the letter's Unicode name, such as "cjk", "hangul", "thai"."""
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "latin"
    return unicodedata.name(letter, "unknown").split(" ")[0].lower()
