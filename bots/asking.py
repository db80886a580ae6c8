"""Taking a message apart: politeness around a question, and two questions in one message."""

import re
from collections.abc import Iterator

from bots import controls, letters
from bots.normalise import normalise
from bots.views import meanings

_SENTENCES = re.compile(r"(?<=[?;!])\s+|\n+|\.\s+")
_JOINTS = re.compile(r"\s*,\s*|\s+(?:và|va|với lại|voi lai|còn|con|ngoài ra|ngoai ra|rồi|roi|and also|also|and|plus)"
                     r"\s+", re.IGNORECASE)
_PAUSES = re.compile(r"([,.;:!?…\n]+)")
#: A question has so many words at least, a message with two of them so many.
_LEAST, _LEAST_OF_BOTH = 3, 6
_MOST_PARTS, _MOST_WORDS = 4, 40


def without_pleasantries(text: str) -> str:
    """`text` without the greetings and thanks before and after what is asked; `text` itself when nothing is left."""
    pieces = _PAUSES.split(letters.clean(text))
    while len(pieces) > 2 and controls.is_pleasantry(pieces[0]):
        pieces = pieces[2:]
    while len(pieces) > 2 and pieces[-1].strip() and controls.is_pleasantry(pieces[-1]):
        pieces = pieces[:-2]
    words = "".join(pieces).split()
    left = " ".join(words[controls.pleasantry(words) :])
    return text if not left or controls.is_pleasantry(left) else left


def parts(text: str) -> list[str]:
    """The questions `text` may consist of, in order; nothing when it is one."""
    if len(text.split()) > _MOST_WORDS:
        return []
    sentences = [part for part in _SENTENCES.split(text) if len(part.split()) >= _LEAST]
    if len(sentences) > 1:
        return sentences[:_MOST_PARTS]
    if len(text.split()) < _LEAST_OF_BOTH:
        return []
    joined = [part for part in _joined(_JOINTS.split(text)) if _asks(part)]
    return joined[:_MOST_PARTS] if len(joined) > 1 else []


def _joined(pieces: list[str]) -> Iterator[str]:
    """Pieces long enough to be a question; a shorter one belongs to the next: "hộ chiếu và visa mất bao lâu"."""
    held = ""
    for piece in pieces:
        held = f"{held} {piece}".strip()
        if len(held.split()) >= _LEAST:
            yield held
            held = ""


def _asks(part: str) -> bool:
    folded = normalise(part).folded
    return controls.asks(folded) or any(meaning.startswith("ask-") for meaning in meanings(folded))
