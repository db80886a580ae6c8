"""What people type, in standard words: chat spelling, dialect, keyboard residue.

Each step is a table in `words/`. The typed form is kept beside the standard one: accents are evidence when they are
there. Order (measured): clean → tokens → language gate → chat spelling → dialect groups, then words → folding.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bots import letters
from bots.language import Writing, detect
from bots.phrases import Phrases, from_tables, replace
from bots.residue import without_residue
from bots.tables import table

#: Tokens looked at; a pasted book says nothing more after this many.
MOST_TOKENS = 120
_NUMBER_AND_UNIT = re.compile(r"(\d+)([^\W\d_]+)")
_APOSTROPHE = {"'s": " is", "'re": " are", "'m": " am", "'ve": " have", "'ll": " will", "'d": " would", "n't": " not"}


@dataclass(frozen=True)
class Plain:
    """A message made plain. `standard` are its tokens in standard words, accented as far as known."""

    writing: Writing
    typed: tuple[str, ...]
    standard: tuple[str, ...]
    folded: tuple[str, ...]
    #: What was rewritten, for `why`: "k → không".
    changes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The folded standard words, one space between them."""
        return " ".join(self.folded)


def normalise(text: str, otherwise: str | None = None) -> Plain:
    """`text` made plain; it is read as `otherwise` ("vi" or "en") when it does not show its language itself."""
    writing = detect(text)
    if otherwise and writing.language == "unclear":
        writing = Writing(otherwise)
    typed = letters.tokens(letters.clean(text))[:MOST_TOKENS]
    rewrite = _english if writing.language == "en" else _vietnamese
    standard, changes = rewrite(typed)
    folded = [word for token in standard for word in letters.fold(token).split()]
    return Plain(writing, tuple(typed), tuple(standard), tuple(folded), tuple(changes))


def _vietnamese(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    out, changes = without_residue(units(typed))
    for step in vietnamese_steps():
        out, more = replace(out, step)
        changes += more
    return out, changes


def _english(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    out, changes = replace(units(typed), _english_spelling())
    return [word for token in out for word in _without_apostrophe(token)], changes


def vietnamese_steps() -> tuple[Phrases, ...]:
    """What chat and dialect words are rewritten with, in order, once keyboard residue is undone."""
    return _chat_spelling(), _dialect_groups(), _dialect_unaccented(), _dialect_words()


@cache
def _chat_spelling() -> Phrases:
    return from_tables(table("teencode")["words"], table("teencode")["phrases"])


@cache
def _english_spelling() -> Phrases:
    return from_tables(table("teencode")["english"])


@cache
def _dialect_groups() -> Phrases:
    return from_tables(table("dialect")["phrases"], keep=_kept())


@cache
def _dialect_words() -> Phrases:
    return from_tables(table("dialect")["words"], keep=_kept())


@cache
def _dialect_unaccented() -> Phrases:
    return from_tables(table("dialect")["unaccented"])


def _kept() -> list[str]:
    lines = table("dialect")["keep"].strip().splitlines()
    return [phrase.strip() for line in lines for phrase in line.split(",")]


def units(typed: Sequence[str]) -> list[str]:
    """"30tr" is "30 triệu", "17t" is "17 tuổi"; codes such as "e9" stay whole."""
    out: list[str] = []
    for token in typed:
        found = _NUMBER_AND_UNIT.fullmatch(token)
        unit = table("teencode")["units"].get(found[2]) if found else None
        out += [found[1], unit] if found and unit else [token]
    return out


def _without_apostrophe(token: str) -> list[str]:
    for ending, meaning in _APOSTROPHE.items():
        if token.endswith(ending) and len(token) > len(ending):
            return (token[: -len(ending)] + meaning).split()
    return token.split("'")
