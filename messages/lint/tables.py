"""The data of the rules: the .toml files of this folder, and their patterns compiled.

A pattern is a regular expression in Vietnamese with accents or in English, lower case (so no \\W, \\D, \\S, \\B: the
unaccented form of a pattern is the pattern without accents).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from messages.folding import flat
from messages.lint.text import Text


def table(name: str) -> dict:
    with open(Path(__file__).with_name(f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


class Patterns:
    """Some patterns as one; in a text without accents they are looked for without accents."""

    def __init__(self, sources: Iterable[str]):
        either = "|".join(f"(?:{source})" for source in sources)
        self._accented = _whole_words(either)
        self._flat = _whole_words(flat(either))

    def find(self, text: Text, start: int = 0, end: int | None = None) -> Iterator[re.Match]:
        """Every match between `start` and `end` of `text`; no word beyond them is seen."""
        end = len(text.read) if end is None else end
        if text.accented:
            return self._accented.finditer(text.read, start, end)
        return self._flat.finditer(text.flat, start, end)

    def within(self, text: Text, start: int = 0, end: int | None = None) -> bool:
        return next(self.find(text, start, end), None) is not None


def _whole_words(source: str) -> re.Pattern:
    return re.compile(rf"(?<![^\W_])(?:{source})(?![^\W_])", re.IGNORECASE)
