"""Staff are asked to adopt the bot's own phrases: each of them is said by something."""

from pathlib import Path

import pytest

from messages import catalog

ROOT = Path(__file__).parents[2]
CODE = "\n".join(
    path.read_text(encoding="utf-8") for room in ("bots", "runtime") for path in (ROOT / room).rglob("*.py")
)
PHRASES = sorted(catalog.load(catalog.SHIPPED).phrases["vi"])
#: Beginnings of names that code puts together, as it does.
BUILT = {"red_": 'f"red_{', "agency_": 'f"agency_', "got_": 'f"got_'}


def said(name: str) -> bool:
    named = f'"{name}"' in CODE or f"'{name}'" in CODE
    return named or any(name.startswith(begins) and built in CODE for begins, built in BUILT.items())


@pytest.mark.parametrize("name", PHRASES)
def test_every_phrase_is_said(name):
    assert said(name)


def test_a_phrase_that_nobody_says_would_be_found():
    assert not said("case_opened")
