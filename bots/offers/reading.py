"""The words of a pasted offer in standard, folded form, each with the place in the text it came from."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bots import letters
from bots.language import detect
from bots.normalise import units, vietnamese_steps
from bots.phrases import Phrases
from bots.residue import without_residue

#: So many characters are read; an advert is shorter, and a pasted book says nothing more.
LONGEST = 20_000
#: A character with what hangs on it: accents typed apart, invisible marks.
_CLUSTER = re.compile("[^\u0300-\u036f\u200b-\u200f\u2060-\u206f\u00ad\ufe00-\ufe0f\ufeff]?"
                      "[\u0300-\u036f\u200b-\u200f\u2060-\u206f\u00ad\ufe00-\ufe0f\ufeff]*", re.DOTALL)
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
#: What may stand between two words of one sentence. Anything else (a full stop, a new line, a picture) ends it.
_WITHIN = re.compile(r"(?:[^\S\n]|[,:()/'\"“”‘’&+%*#~\[\]<>=_$£€-]|[–—]|\.(?=[^\s.]))*")
_COMMA = re.compile(r"[,:(–—]| - ")
#: So many characters of a line tell its language.
_TELLING = 500
#: Without accents "chi" is an aunt or "only" more often than "gì".
_NOT_DIALECT = {"chi": "chi"}
#: Looks like keys of a Vietnamese keyboard ("có") and is the sponsorship that is sold.
_NO_RESIDUE = frozenset(("cos",))
#: Remembered: the same letters and words come again and again.
_clean = lru_cache(maxsize=20_000)(letters.clean)
#: The word that stands for the end of a sentence: no phrase holds it.
END = ""


class Word(NamedTuple):
    """One folded standard word. `start` and `end` are its place in `Reading.plain`; `comma`: a comma stands before."""

    folded: str
    start: int
    end: int
    comma: bool = False
    #: At the end of a sentence: a question was asked.
    asked: bool = False


class _Token(NamedTuple):
    typed: str
    start: int
    end: int


class Reading(NamedTuple):
    """The words of a text, an END after each sentence. `plain` is the text in ordinary letters; `places` says where
    each character of it stands in the text.
    """

    words: list[Word]
    plain: str
    places: Sequence[int]


def read(text: str) -> Reading:
    """The beginning of `text`, LONGEST characters, as words. Never raises, whatever the text."""
    plain, places = _plain(text[:LONGEST])
    words: list[Word] = []
    for line in re.finditer(r"[^\n]+", plain):
        words += _line(plain, line.start(), line.end())
    return Reading(words, plain, places)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """`text` with ordinary letters ("𝐓𝐮𝐲ể𝐧" is "Tuyển"), and for each place in it the place in `text`."""
    if unicodedata.is_normalized("NFKC", text) and not _invisible(text):
        return text, range(len(text) + 1)
    out: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        if not cluster[0]:
            continue
        shown = _clean(cluster[0])
        out.append(shown)
        places += [cluster.start()] * len(shown)
    return "".join(out), [*places, len(text)]


def _invisible(text: str) -> bool:
    return not text.isascii() and len(letters.clean(text)) != len(text)


def _line(plain: str, start: int, end: int) -> list[Word]:
    tokens = [_Token(found[0].lower(), found.start(), found.end()) for found in _TOKEN.finditer(plain, start, end)]
    if not tokens:
        return []
    standard = _standard(tokens, plain[start:end])
    words: list[Word] = []
    last = tokens[0].start
    for token in standard:
        between = plain[last : token.start]
        comma = between not in ("", " ") and _COMMA.search(between) is not None
        if between not in ("", " ") and not _WITHIN.fullmatch(between):
            words.append(Word(END, token.start, token.start, asked="?" in between))
        kept = _NOT_DIALECT.get(plain[token.start : token.end].lower())
        for folded in (kept,) if kept else letters.fold(token.typed).split():
            words.append(Word(folded, token.start, token.end, comma))
            comma = False
        last = token.end
    return [*words, Word(END, last, last, asked="?" in plain[last:end])]


def _standard(tokens: list[_Token], line: str) -> list[_Token]:
    """The tokens in standard words: chat spelling and dialect only where a line is Vietnamese."""
    typed = [_clean(token.typed).replace("'", "") for token in tokens]
    vietnamese = detect(line[:_TELLING]).language != "en"
    if vietnamese:
        typed = [old if old in _NO_RESIDUE else new for old, new in zip(typed, without_residue(typed)[0], strict=True)]
    tokens = _split(tokens, typed)
    for step in vietnamese_steps() if vietnamese else ():
        tokens = _rewritten(tokens, step)
    return tokens


def _split(tokens: list[_Token], typed: list[str]) -> list[_Token]:
    """What is `typed` at the places of `tokens`: "30tr" is two words from one place."""
    if len(units(typed)) == len(typed):
        return [_Token(word, token.start, token.end) for word, token in zip(typed, tokens, strict=True)]
    return [_Token(part, token.start, token.end)
            for word, token in zip(typed, tokens, strict=True) for part in units([word])]


def _rewritten(tokens: list[_Token], phrases: Phrases) -> list[_Token]:
    out: list[_Token] = []
    at = 0
    for found in phrases.find([token.typed for token in tokens]):
        out += tokens[at : found.at]
        at = found.at + found.words
        start, end = tokens[found.at].start, tokens[at - 1].end
        out += [_Token(part, start, end) for part in str(found.means).split()]
    return out + tokens[at:]
