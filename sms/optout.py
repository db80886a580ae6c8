"""Whether somebody asks to be left in peace, or to hear from us again.

Read in this order: a keyword (STOP, TC, HỦY, DK…) alone or with a code and polite words; then a whole sentence that
says it ("đừng nhắn tin nữa", "take me off your list"). A wrong "stop" is a person who hears no more of a danger, a
missed one is a person pestered against the law; so a word that also belongs to the subject (dừng, hủy, từ chối,
đăng ký, start) counts only when it is about messages, and what somebody else ordered ("nó dọa đừng nhắn tin nữa")
never counts.

Accents decide where they are written: "đừng" and "dừng" are orders, "đúng" (right) and "dùng" (use) are not. Without
accents a lone "dung" is nobody's order.
"""

import re
import unicodedata
from typing import Literal

from sms.optout_words import (
    ABOUT_OTHERS,
    OTHER_WORDS,
    POLITE,
    POLITE_START,
    REPORTED,
    SAME,
    START_KEYWORDS,
    START_SENTENCES,
    STOP_KEYWORDS,
    STOP_KEYWORDS_ALONE,
    STOP_SENTENCES,
)

Intent = Literal["stop", "start"]

#: A longer text tells a story, and what it quotes is no order to us.
_LONGEST_SENTENCE = 25
_LONGEST_TEXT = 1000

_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_PAUSE = re.compile(r"[^\W_]+|[.,;:!?…\n]")
_PAUSE = re.compile(r"[.,;:!?…\n]")
_REPEATED = re.compile(r"([a-z])\1{2,}")


def intent(text: str) -> Intent | None:
    """What `text`, an inbound message in Vietnamese or English, with accents or without, asks: stop, start or None."""
    words = _words(text)
    if _is_stop_keyword(words) or _is_stop_keyword(_words(text.strip().partition("\n")[0])):
        return "stop"
    if START_KEYWORDS(_without(words, POLITE_START)):
        return "start"
    sentence = " ".join(_words(text, _WORD_OR_PAUSE))
    if len(words) > _LONGEST_SENTENCE or REPORTED(sentence) or ABOUT_OTHERS(sentence):
        return None
    if STOP_SENTENCES(sentence):
        return "stop"
    return "start" if START_SENTENCES(sentence) else None


def _is_stop_keyword(words: list[str]) -> bool:
    """A mail program may put a signature on the lines below, so the first line alone is enough."""
    plain = " ".join(words)
    return bool(STOP_KEYWORDS(plain) or STOP_KEYWORDS_ALONE(plain) or STOP_KEYWORDS(_without(words, POLITE)))


def _words(text: str, what: re.Pattern = _WORD) -> list[str]:
    """Lower-case words without accents, homographs set aside, spaced letters (S T O P) joined; a pause is a comma."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).lower().replace("’", "'").replace("n't", " not")
    plain = [_plain(word) for word in what.findall(text)]
    if len(plain) > 2 and all(len(word) == 1 for word in plain):
        return ["".join(plain)]
    return plain


def _plain(word: str) -> str:
    if word in OTHER_WORDS:
        return "·"
    if _PAUSE.match(word):
        return ","
    folded = _MARKS.sub("", unicodedata.normalize("NFD", word)).replace("đ", "d")
    return SAME.get(word) or SAME.get(folded) or _REPEATED.sub(r"\1", folded)


def _without(words: list[str], fillers: frozenset[str]) -> str:
    return " ".join(word for word in words if word not in fillers)
