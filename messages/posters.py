"""The words of the posters that hang in communes: messages/{vi,en}/posters.toml, each with the facts it rests on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Line:
    """One sentence; {name} marks a field. `sources` are ids of facts.toml."""

    text: str
    sources: tuple[str, ...] = ()


@cache
def lines(language: str) -> Mapping[str, Line]:
    """Every sentence of a poster in "vi" or "en", by name."""
    with open(Path(__file__).parent / language / "posters.toml", "rb") as file:
        read = tomllib.load(file)
    return MappingProxyType(
        {name: Line(table["text"], tuple(table.get("sources", ()))) for name, table in read.items()}
    )


def line(name: str, language: str, **values: object) -> str:
    """The sentence `name`, its fields filled."""
    return lines(language)[name].text.format(**values)
