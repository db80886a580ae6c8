"""What starter messages are about: a code in the file, its words in messages/{vi,en}/themes.toml."""

import tomllib
from functools import cache
from pathlib import Path

from messages.errors import LANGUAGES


def themes() -> tuple[str, ...]:
    """The codes, in the order of the library."""
    return tuple(_words("vi"))


def words(theme: str, language: str) -> str:
    """KeyError for a code nobody named."""
    return _words(language if language in LANGUAGES else "vi")[theme]


@cache
def _words(language: str) -> dict[str, str]:
    with open(Path(__file__).parent / language / "themes.toml", "rb") as file:
        return tomllib.load(file)
