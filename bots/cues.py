"""Finding the phrases of `words/danger.toml` in a message made plain."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bots.phrases import Phrases
from bots.tables import table

#: What is done to somebody; signs for and against it being real; stepping into it.
KINDS = ("harm", "signs", "amber")
#: A star in a phrase stands for up to three words: "khong cho * ra ngoai".
_GAP = r"(?: \S+){0,3} "


def find(folded: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """For each kind the cues in folded standard words, each with the words that showed it."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    words = _without_idioms(folded)
    for kind, name, shown in (*_standing_together(words), *_with_gaps(words)):
        found[kind].setdefault(name, shown)
    return found


def weight(kind: str, name: str) -> float:
    return table("danger")[kind][name]["weight"]


@cache
def all_cues() -> tuple[tuple[str, str], ...]:
    """Every (kind, name) of the table, in its order."""
    return tuple((kind, name) for kind in KINDS for name in table("danger")[kind])


def _standing_together(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for place in _phrases().find_all(words):
        shown = " ".join(words[place.at : place.at + place.words])
        yield from ((kind, name, shown) for kind, name in place.means)


def _with_gaps(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    present, text = set(words), f" {' '.join(words)} "
    for needed, pattern, kind, name in _gapped():
        match = pattern.search(text) if needed <= present else None
        if match:
            yield kind, name, match[0].strip()


def _without_idioms(folded: Sequence[str]) -> list[str]:
    """The words with every figure of speech blotted out: "mệt muốn chết" is nobody's wish to die."""
    words = list(folded)
    for place in _idioms().find(folded):
        words[place.at : place.at + place.words] = ["-"] * place.words
    return words


@cache
def _idioms() -> Phrases:
    return Phrases((" ".join(phrase.split()), None) for phrase in table("danger")["idioms"]["phrases"].split(","))


def _listed() -> Iterator[tuple[str, str, str]]:
    for kind, name in all_cues():
        for phrase in table("danger")[kind][name]["phrases"].split(","):
            if phrase.strip():
                yield " ".join(phrase.split()), kind, name


@cache
def _phrases() -> Phrases:
    entries: dict[str, list[tuple[str, str]]] = {}
    for phrase, kind, name in _listed():
        if "*" not in phrase:
            entries.setdefault(phrase, []).append((kind, name))
    return Phrases((phrase, tuple(dict.fromkeys(means))) for phrase, means in entries.items())


@cache
def _gapped() -> tuple[tuple[frozenset[str], re.Pattern[str], str, str], ...]:
    """The phrases with a star: the words they cannot do without, and their pattern."""
    return tuple(
        (frozenset(phrase.replace("*", " ").split()), _pattern(phrase), kind, name)
        for phrase, kind, name in _listed() if "*" in phrase
    )


def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(" " + _GAP.join(re.escape(part.strip()) for part in phrase.split("*")) + " ")
