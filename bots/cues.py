"""Finding the phrases of `words/danger.toml` in a message made plain."""

from collections.abc import Mapping, Sequence
from functools import cache

from bots.phrases import Phrases
from bots.tables import table

#: What is done to somebody; signs for and against it being real; stepping into it.
KINDS = ("harm", "signs", "amber")


def find(folded: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """For each kind the cues in folded standard words, each with the words that showed it."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for place in _phrases().find_all(_without_idioms(folded)):
        for kind, name in place.means:
            found[kind].setdefault(name, " ".join(folded[place.at : place.at + place.words]))
    return found


def weight(kind: str, name: str) -> float:
    return table("danger")[kind][name]["weight"]


@cache
def all_cues() -> tuple[tuple[str, str], ...]:
    """Every (kind, name) of the table, in its order."""
    return tuple((kind, name) for kind in KINDS for name in table("danger")[kind])


def _without_idioms(folded: Sequence[str]) -> list[str]:
    """The words with every figure of speech blotted out: "mệt muốn chết" is nobody's wish to die."""
    words = list(folded)
    for place in _idioms().find(folded):
        words[place.at : place.at + place.words] = [""] * place.words
    return words


@cache
def _idioms() -> Phrases:
    return Phrases((" ".join(phrase.split()), None) for phrase in table("danger")["idioms"]["phrases"].split(","))


@cache
def _phrases() -> Phrases:
    entries: dict[str, list[tuple[str, str]]] = {}
    for kind, name in all_cues():
        for phrase in table("danger")[kind][name]["phrases"].split(","):
            if phrase.strip():
                entries.setdefault(" ".join(phrase.split()), []).append((kind, name))
    return Phrases(entries.items())
