"""Phrases with gaps, found in words: "giu .. <passport>" is "giữ", then at most a few words, then a word for passport.

The table `patterns.toml` is made to be read and changed by people who do not program.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bots.phrases import Phrases

#: So many words at most stand in a gap.
GAP = 4


class Match(NamedTuple):
    """The words from `start` up to but not including `end` are what `means` says."""

    start: int
    end: int
    means: str


@dataclass
class _Node:
    """A pattern read so far: what may follow (part → gap allowed, node), and what it means if it ends here."""

    after: dict[str, list[tuple[int, "_Node"]]] = field(default_factory=dict)
    means: set[str] = field(default_factory=set)


class Patterns:
    """Many patterns, found together in one pass."""

    def __init__(self, entries: Iterable[tuple[str, str]], sets: Mapping[str, Sequence[str]]):
        self._root = _Node()
        literals: dict[str, set[str]] = {}
        for pattern, means in entries:
            node = self._root
            for gap, part in _parts(pattern):
                for literal in sets[part[1:-1]] if part.startswith("<") else (part,):
                    literals.setdefault(literal, set()).add(part)
                node = _step(node, gap, part)
            node.means.add(means)
        self._literals = Phrases(literals.items())

    def find(self, words: Sequence[str]) -> Iterator[Match]:
        """Every match, by its beginning."""
        parts: dict[int, list[tuple[str, int]]] = {}
        for found in self._literals.find_all(words):
            parts.setdefault(found.at, []).extend((part, found.at + found.words) for part in found.means)
        for start, here in parts.items():  # in the order of the words
            if any(part in self._root.after for part, _ in here):
                seen = set(self._from(self._root, words, parts, start, 0))
                yield from (Match(start, end, means) for end, means in sorted(seen))

    def _from(self, node: _Node, words, parts, at: int, most: int) -> Iterator[tuple[int, str]]:
        for place in range(at, min(at + most + 1, len(words))):
            for part, end in parts.get(place, ()):
                for gap, following in node.after.get(part, ()):
                    if place - at <= gap:
                        for means in following.means:
                            yield end, means
                        if following.after:
                            yield from self._from(following, words, parts, end, GAP)
            if not words[place]:  # the end of a sentence
                return


def _step(node: _Node, gap: int, part: str) -> _Node:
    for allowed, following in node.after.setdefault(part, []):
        if allowed == gap:
            return following
    following = _Node()
    node.after[part].append((gap, following))
    return following


def _parts(pattern: str) -> Iterator[tuple[int, str]]:
    """(gap allowed before, literal or <set>) for each part of a pattern."""
    gap, literal = 0, []
    for word in [*pattern.split(), ""]:
        if literal and (word in ("..", "") or word.startswith("<")):
            yield gap, " ".join(literal)
            gap, literal = 0, []
        if word == "..":
            gap = GAP
        elif word.startswith("<"):
            yield gap, word
            gap = 0
        elif word:
            literal.append(word)


@cache
def table() -> dict:
    """`patterns.toml` as it stands."""
    with open(Path(__file__).with_name("patterns.toml"), "rb") as file:
        return tomllib.load(file)


def listed(text: str) -> list[str]:
    """The phrases of a text, separated by commas."""
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


@cache
def sets() -> dict[str, list[str]]:
    return {name: listed(text) for name, text in table()["sets"].items()}


@cache
def _every() -> Patterns:
    """The patterns of every kind together, so that a text is gone through once."""
    entries = [(pattern, f"marks {name}") for name, text in table()["marks"].items() for pattern in listed(text)]
    for name, flag in table()["flags"].items():
        entries += [(pattern, f"flags {name}") for pattern in listed(flag["patterns"])]
        entries += [(pattern, f"unless {name}") for pattern in listed(flag.get("unless", ""))]
    return Patterns(entries, sets())


def find(words: Sequence[str]) -> Mapping[str, list[Match]]:
    """The matches in `words` by kind: what shows a "flags" entry, what takes one back ("unless"), the "marks"."""
    found: dict[str, list[Match]] = {"flags": [], "unless": [], "marks": []}
    for match in _every().find(words):
        kind, _, name = match.means.partition(" ")
        found[kind].append(Match(match.start, match.end, name))
    return found
