"""One thing to mend in a message, and its sentence."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from messages.errors import LANGUAGES

Form = Literal["vi", "vi-unaccented", "en"]
FORMS: tuple[Form, ...] = ("vi", "vi-unaccented", "en")
#: "stop": the message may not go out like this. "advice": a person decides.
Level = Literal["stop", "advice"]


@dataclass(frozen=True)
class Finding:
    """`quote` stands at the character `at` of the text of `form`, NFC with plain line ends; -1 is the whole text.

    `code` names the sentence and `values` fill it, beside `quote`.
    """

    code: str
    level: Level
    form: Form
    quote: str = ""
    at: int = -1
    values: Mapping[str, object] = field(default_factory=dict)


def words(finding: Finding, language: str) -> str:
    """What is wrong and what to do, in "vi" or "en"."""
    table = _table(language if language in LANGUAGES else "vi")
    forms = table["forms"]
    values = {name: forms.get(value, value) if name == "other" else value for name, value in finding.values.items()}
    return table["sentences"][finding.code].format(quote=finding.quote, form=forms[finding.form], **values)


@cache
def _table(language: str) -> dict:
    with open(Path(__file__).parents[1] / language / "lint.toml", "rb") as file:
        return tomllib.load(file)
