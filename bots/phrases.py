"""Replacing words and groups of words in a list of tokens, longest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """`words` tokens starting at `at` matched; `means` is what stands behind them."""

    at: int
    words: int
    means: object


class Phrases:
    """A set of phrases, each with something behind it, found in token lists."""

    def __init__(self, entries: Iterable[tuple[str, object]]):
        self._by_words = {tuple(phrase.split()): means for phrase, means in entries}
        self._longest: dict[str, int] = {}
        for words in self._by_words:
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def find(self, typed: Sequence[str]) -> Iterator[Found]:
        """The phrases in `typed`, longest first at each place, never overlapping."""
        at = 0
        while at < len(typed):
            found = self._at(typed, at)
            if found:
                yield found
            at += found.words if found else 1

    def find_all(self, typed: Sequence[str]) -> Iterator[Found]:
        """Every phrase in `typed`, overlapping ones too."""
        for at, word in enumerate(typed):
            for size in range(1, self._longest.get(word, 0) + 1):
                key = tuple(typed[at : at + size])
                if len(key) == size and key in self._by_words:
                    yield Found(at, size, self._by_words[key])

    def _at(self, typed: Sequence[str], at: int) -> Found | None:
        for size in range(self._longest.get(typed[at], 0), 0, -1):
            key = tuple(typed[at : at + size])
            if key in self._by_words:
                return Found(at, len(key), self._by_words[key])
        return None


def replace(typed: Sequence[str], phrases: Phrases) -> tuple[list[str], list[str]]:
    """`typed` with every phrase written out, and the changes made, as "k → không"."""
    out: list[str] = []
    changes: list[str] = []
    position = 0
    for found in phrases.find(typed):
        out += typed[position : found.at]
        before = " ".join(typed[found.at : found.at + found.words])
        after = str(found.means)
        out += after.split()
        position = found.at + found.words
        if after != before:
            changes.append(f"{before} → {after}")
    return out + list(typed[position:]), changes


def from_tables(*tables: Mapping[str, str], keep: Iterable[str] = ()) -> Phrases:
    """Phrases that are replaced by a text; those in `keep` stand for themselves and so protect their words."""
    entries = [entry for table in tables for entry in table.items()]
    return Phrases([*entries, *((phrase, phrase) for phrase in keep)])
