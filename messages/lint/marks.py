"""What the eye does not see or should not: invisible characters, letters of other alphabets, shouting, stray spaces."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from messages.lint.finding import Finding
from messages.lint.tables import table
from messages.lint.text import Text, Word

_TABLE = table("marks")
_LOOKALIKES: dict[str, str] = _TABLE["lookalikes"]
_NAMES = frozenset(_TABLE["shouting"]["names"].split())
_MOST_WORDS: int = _TABLE["shouting"]["words"]
_MOST_SHARE: float = _TABLE["shouting"]["share"]
_LEAST_LETTERS: int = _TABLE["shouting"]["letters"]

#: Control characters, soft hyphen, zero-width characters, marks of direction, fillers; the joiner and the selectors of
#: emoji are looked at with what stands before them.
_INVISIBLE = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u202a-\\u202e"
    "\\u2060-\\u2064\\u2066-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffd\\U000e0000-\\U000e007f]"
)
_OF_EMOJI = "\u200d\ufe0f\ufe0e"
_WORD = re.compile(r"[^\W_]+")
_SPACE_BEFORE = re.compile(r"(?<=[^\s\0])[ \u00a0]+([,.;:!?…])(?=[\s\0]|\Z)")


def check(texts: Iterable[Text]) -> Iterator[Finding]:
    for text in texts:
        yield from _invisible(text)
        yield from _foreign(text)
        yield from _shouting(text)
        for match in _SPACE_BEFORE.finditer(text.read):
            yield text.finding("space-before", "advice", *match.span(), mark=match[1])


def _invisible(text: Text) -> Iterator[Finding]:
    for match in _INVISIBLE.finditer(text.raw):
        before = text.raw[match.start() - 1 : match.start()]
        if match[0] in _OF_EMOJI and before and unicodedata.category(before) in ("So", "Sk", "Mn"):
            continue
        around = text.raw[max(0, match.start() - 8) : match.end() + 8]
        shown = _INVISIBLE.sub("▯", around)
        yield text.finding("invisible", "stop", *match.span(), shown=shown, number=f"U+{ord(match[0]):04X}")


def _foreign(text: Text) -> Iterator[Finding]:
    """A letter or digit that is not Latin inside a word that a reader takes for one of theirs."""
    for word in _WORD.finditer(text.raw):
        strange = [letter for letter in word[0] if _LOOKALIKES.get(letter) or _is_other_width(letter)]
        plain = [letter for letter in word[0] if letter.isascii()]
        if strange and (plain or all(letter in _LOOKALIKES for letter in word[0])):
            instead = "".join(_LOOKALIKES.get(letter) or unicodedata.normalize("NFKC", letter) for letter in word[0])
            yield text.finding("foreign-letter", "stop", *word.span(), letters=" ".join(strange), instead=instead)
        elif any(letter.isdecimal() and not letter.isascii() for letter in word[0]):
            instead = unicodedata.normalize("NFKC", word[0])
            yield text.finding("foreign-letter", "stop", *word.span(), letters=word[0], instead=instead)


def _is_other_width(letter: str) -> bool:
    """Fullwidth and mathematical letters and digits: ０, 𝐀."""
    return unicodedata.decomposition(letter).startswith(("<wide>", "<narrow>", "<font>", "<circle>"))


def _shouting(text: Text) -> Iterator[Finding]:
    letters = [letter for letter in text.read if letter.isalpha()]
    if len(letters) >= _LEAST_LETTERS and sum(map(str.isupper, letters)) > _MOST_SHARE * len(letters):
        yield text.finding("shouting", "advice", 0, 40)
        return
    run: list[Word] = []
    for word in (*text.words, None):
        if word and word.text.isupper() and len(word.text) > 1 and word.text not in _NAMES:
            run.append(word)
        elif run and (word is None or not word.text.isupper()):
            if len(run) >= _MOST_WORDS:
                yield text.finding("shouting", "advice", run[0].at, run[-1].at + len(run[-1].text))
            run = []
