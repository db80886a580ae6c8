"""A long answer by SMS, in parts: the chat text, piece by piece, each part as much as one reply holds."""

import re
from functools import lru_cache

from bots.speech import Voice
from sms.unaccent import unaccent

#: So long a piece still fits one SMS reply with accents and the words that more follows (2 × 67 characters).
_LONGEST = 105
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSES = re.compile(r"(?<=[,;:])\s+")
#: A phone number is never torn apart.
_WORDS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")


def is_longer(voice: Voice, topic: str) -> bool:
    """Whether the chat answer says more than the SMS that was just sent."""
    return voice.channel == "sms" and len(_chat(voice, topic)) > len(voice.answer(topic))


def part(voice: Voice, topic: str, told: int) -> tuple[str, int]:
    """What follows in the answer to `topic` after `told` pieces, and how many are told then; "" at the end.

    While more is left the part ends with the words that say so.
    """
    pieces = _pieces(_chat(voice, topic))
    more, text = voice.phrase("more"), ""
    while told < len(pieces):
        longer = voice.joined(text, _form(voice, pieces[told]))
        if text and not voice.fits(voice.joined(longer, more)):
            return voice.joined(text, more), told
        text, told = longer, told + 1
    return text, told


def _chat(voice: Voice, topic: str) -> str:
    return voice.book.answer(topic, voice.language).chat if voice.may(topic) else ""


def _form(voice: Voice, piece: str) -> str:
    return piece if voice.language == "vi" and voice.accented else unaccent(piece)


@lru_cache(maxsize=400)
def _pieces(text: str) -> tuple[str, ...]:
    """Sentences; of a long one its clauses; of a long clause its words."""
    return tuple(piece for sentence in _SENTENCES.split(text.strip()) for piece in _cut(sentence))


def _cut(sentence: str) -> list[str]:
    if len(sentence) <= _LONGEST:
        return [sentence] if sentence else []
    by_words = [word for clause in _CLAUSES.split(sentence)
                for word in ([clause] if len(clause) <= _LONGEST else _WORDS.split(clause))]
    pieces = [""]
    for word in by_words:
        if len(pieces[-1]) + 1 + len(word) > _LONGEST:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return [piece for piece in pieces if piece]
