"""What a wave says to each of its readers: the version's texts compiled once, written out per person."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from campaigns.model import Texts
from messages.render import compile
from sms import segments


class Written(NamedTuple):
    """A text ready to be sent and how many segments it takes."""

    text: str
    segments: int


class Script:
    """The texts of one wave. A text without placeholders is counted once and never rendered."""

    def __init__(self, texts: Texts, form: str):
        self._form = form
        self._compiled = {language: compile(texts.for_reader(language, form)) for language in ("vi", "en")}
        self._fixed = {
            language: _written(text.render({}))
            for language, text in self._compiled.items()
            if not text.fields
        }

    @property
    def personal(self) -> bool:
        """Whether any reader gets words of their own."""
        return len(self._fixed) < len(self._compiled)

    def write(self, language: str, fields: Callable[[], Mapping[str, str]]) -> Written:
        """What a reader of `language` gets; `fields` is called only when the text has placeholders.

        Raises what `render` raises when a value is missing.
        """
        reader = "en" if language == "en" else "vi"
        return self._fixed.get(reader) or _written(self._compiled[reader].render(fields()))


def _written(text: str) -> Written:
    return Written(text, segments.count(text).segments)
