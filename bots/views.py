"""The views of a message that the router weighs: words, pairs, letters, accents, sounds, meanings.

One message gives many small features, each a text that names itself ("word:phí", "meaning:ask-price"), so that a
decision can be explained by the features that made it. What each view brings is measured in docs/understanding.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, pairwise

from bots import letters
from bots.normalise import Plain
from bots.phrases import Phrases
from bots.tables import table

_CHARACTERS = (2, 3, 4)
_ENDINGS = ("ing", "ed", "es", "s", "ly")
_VIETNAMESE_SOUNDS = ((re.compile("^(ngh|ng)"), "g"), (re.compile("^gh"), "g"), (re.compile("^(tr|ch)"), "c"),
                      (re.compile("^(gi|d|r)"), "z"), (re.compile("^[sx]"), "s"), (re.compile("^[ln]"), "l"),
                      (re.compile("^(k|q)"), "c"), (re.compile("y"), "i"))
_ENGLISH_SOUNDS = ((re.compile("ph"), "f"), (re.compile("gh"), ""), (re.compile("c(?=[eiy])"), "s"),
                   (re.compile("ck|c|q"), "k"), (re.compile("z"), "s"), (re.compile("x"), "ks"),
                   (re.compile("^wr"), "r"), (re.compile("^kn"), "n"), (re.compile("(?<=.)[aeiouywh]"), ""),
                   (re.compile(r"(.)\1+"), r"\1"))


@dataclass(frozen=True)
class Sight:
    """What the views look at: the message made plain, and its folded words with slips mended."""

    plain: Plain
    mended: Sequence[str]

    @property
    def english(self) -> bool:
        return self.plain.writing.language == "en"

    @cached_property
    def words(self) -> Sequence[str]:
        return [stem(word) for word in self.mended] if self.english else self.mended

    @cached_property
    def meanings(self) -> Sequence[str]:
        return meanings(self.mended)


def _words(sight: Sight) -> Iterable[str]:
    return [f"word:{word}" for word in sight.words]


def _pairs(sight: Sight) -> Iterable[str]:
    return [f"pair:{before} {after}" for before, after in pairwise(["^", *sight.words, "$"])]


def _letters(sight: Sight) -> Iterable[str]:
    return chain.from_iterable(map(_letter_groups, sight.plain.folded))


@lru_cache(maxsize=20_000)
def _letter_groups(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(f"letters:{framed[at : at + size]}" for size in _CHARACTERS for at in range(len(framed) - size + 1))


def _accents(sight: Sight) -> Iterable[str]:
    standard = sight.plain.standard
    marked = [letters.fold(word) != word for word in standard]
    for at, word in enumerate(standard):
        if marked[at]:
            yield f"accent:{word}"
            if at and marked[at - 1]:
                yield f"accent:{standard[at - 1]} {word}"


def _sounds(sight: Sight) -> Iterable[str]:
    return [f"sound:{sound(word, sight.english)}" for word in sight.plain.folded]


def _meanings(sight: Sight) -> Iterable[str]:
    return [f"meaning:{meaning}" for meaning in sight.meanings]


def meanings(folded: Sequence[str]) -> list[str]:
    """The meanings of `words/meanings.toml` in folded standard words."""
    return sorted({meaning for found in _lexicon().find_all(folded) for meaning in found.means})


#: View → its features in a message, each beginning with the name of the view. Its weight is the router's choice.
VIEWS: Mapping[str, Callable[[Sight], Iterable[str]]] = {
    "word": _words,
    "pair": _pairs,
    "letters": _letters,
    "accent": _accents,
    "sound": _sounds,
    "meaning": _meanings,
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its commonest endings: "agencies" and "agency" need not be one, "fees" and "fee" do."""
    for ending in _ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > 3 and word.endswith("e") else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@lru_cache(maxsize=20_000)
def sound(word: str, english: bool) -> str:
    """What a word sounds like to somebody who spells by ear: n/l, s/x, ch/tr, d/gi/r; English by its consonants."""
    for pattern, replacement in _ENGLISH_SOUNDS if english else _VIETNAMESE_SOUNDS:
        word = pattern.sub(replacement, word)
    return word


@cache
def _lexicon() -> Phrases:
    """Each phrase of `words/meanings.toml` with all the meanings it stands under."""
    entries: dict[str, list[str]] = {}
    for kind in table("meanings").values():
        for meaning, phrases in kind.items():
            for phrase in phrases.split(","):
                entries.setdefault(" ".join(phrase.split()), []).append(meaning)
    return Phrases(entries.items())
