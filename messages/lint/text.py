"""One form of a message as the rules read it: placeholders blanked out, places kept."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from messages.folding import flat
from messages.lint.finding import Finding, Form, Level

#: What stands for a value counts as part of the line, what only steers does not.
_SHOWN = re.compile(r"\{\{[^{}]*\}\}")
_STEERING = re.compile(r"\{%[^{}]*?%\}")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?:[^.!?…\n]|[.!?…](?!\s|$))+[.!?…]*")


class Word(NamedTuple):
    text: str
    flat: str
    at: int


class Sentence(NamedTuple):
    text: str
    at: int


@dataclass(frozen=True)
class Text:
    """`raw` is NFC with plain line ends; `read` and `flat` (no case, no accents) are as long and in step with it."""

    form: Form
    raw: str

    @cached_property
    def read(self) -> str:
        shown = _SHOWN.sub(lambda found: "_" * len(found[0]), self.raw)
        return _STEERING.sub(lambda found: "\0" * len(found[0]), shown)

    @cached_property
    def flat(self) -> str:
        return flat(self.read)

    @cached_property
    def accented(self) -> bool:
        """Whether accents tell words apart here. English, and Vietnamese typed without them, is read as it is."""
        return self.form == "vi" and self.read.lower() != self.flat

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(
            Word(found[0], self.flat[found.start() : found.end()], found.start()) for found in _WORD.finditer(self.read)
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found = ((match[0], match.start()) for match in _SENTENCE.finditer(self.read))
        return tuple(Sentence(text.strip(), at + len(text) - len(text.lstrip())) for text, at in found if text.strip())

    def finding(self, code: str, level: Level, at: int = -1, end: int | None = None, **values: object) -> Finding:
        """About the characters from `at` to `end`, or about the whole text."""
        return Finding(code, level, self.form, self.raw[at:end] if at >= 0 else "", at, values)


def text_of(form: Form, text: str) -> Text:
    return Text(form, unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
