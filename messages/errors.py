"""A mistake that is told to a person: a code here, its sentence in messages/{vi,en}/errors.toml."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
_HERE = Path(__file__).parent


class Mistake(Exception):
    """The caller asked for something that cannot be done. `code` names the sentence, `values` fill it.

    Doors turn it into HTTP 4xx or exit status 2; rooms raise it instead of printing.
    """

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code = code
        self.values = values

    def sentence(self, language: str) -> str:
        return sentence(self.code, language, **self.values)


def sentence(code: str, language: str, **values: object) -> str:
    """The sentence of `code` in "vi" or "en", with `values` filled in. KeyError when nobody wrote it."""
    return _sentences(language if language in LANGUAGES else "vi")[code].format(**values)


@cache
def _sentences(language: str) -> dict[str, str]:
    with open(_HERE / language / "errors.toml", "rb") as file:
        return tomllib.load(file)
