"""What a wave says to each of its readers: the version's texts compiled once, written out per person."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from campaigns.model import Form, Texts
from messages.render import compile
from sms import segments
from sms.unaccent import unaccent


class Written(NamedTuple):
    """A text ready to be sent and how many segments it takes."""

    text: str
    segments: int


class Script:
    """The texts of one wave. A text without placeholders is counted once and never rendered."""

    def __init__(self, texts: Texts, form: str, shared: Mapping[str, str] | None = None):
        """`shared` are values that are the same for everybody, such as the wave's link."""
        self._form = form
        self._shared = shared or {}
        self._compiled = {language: compile(texts.for_reader(language, form)) for language in ("vi", "en")}
        self._fixed = {
            language: _written(text.render(self._shared))
            for language, text in self._compiled.items()
            if text.fields <= self._shared.keys()
        }

    @property
    def personal(self) -> bool:
        """Whether any reader gets words of their own."""
        return len(self._fixed) < len(self._compiled)

    def same_for_all(self, language: str) -> int | None:
        """Segments of what every reader of `language` gets; None when each gets words of their own."""
        written = self._fixed.get("en" if language == "en" else "vi")
        return written and written.segments

    def write(
        self, language: str, fields: Callable[[], Mapping[str, str]], own: Mapping[str, str] | None = None
    ) -> Written:
        """What a reader of `language` gets; `fields` is called only when the text has placeholders. `own` are values of
        this reader alone in the place of shared ones: a link, an address to stop at.

        Raises what `render` raises when a value is missing.
        """
        reader = "en" if language == "en" else "vi"
        text = self._compiled[reader]
        own = own or {}
        if reader in self._fixed and not own.keys() & text.fields:
            return self._fixed[reader]
        named = values_for(self._form, reader, fields()) if text.fields - self._shared.keys() else {}
        return _written(text.render({**named, **self._shared, **own}))

    def uses(self, field: str) -> bool:
        """Whether any reader's text has this placeholder."""
        return any(field in text.fields for text in self._compiled.values())


def _written(text: str) -> Written:
    return Written(text, segments.count(text).segments)


def values_for(form: str, reader: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """`values` as a text of this form takes them: a text without accents stays so whatever the person is called, for
    one accented name would double its price.
    """
    if form != Form.VI_UNACCENTED or reader == "en":
        return values
    return {name: unaccent(text) if isinstance(text, str) else text for name, text in values.items()}
