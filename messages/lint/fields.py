"""Placeholders: written so that they are filled, known to the list, and with words for who has no value."""

import re
from collections.abc import Collection, Iterable, Iterator

from messages import render
from messages.errors import Mistake
from messages.lint.finding import Finding
from messages.lint.text import Text

#: What every list may have: the person's own name.
ALWAYS = ("ten", "name")
#: Written in by the wave.
OURS = ("link", "stop")
#: A placeholder that somebody meant to write: {ten}, { {ten} }, [[ten]], <ten>, %ten%.
_MEANT = re.compile(
    r"(?<!\{)\{ ?\w{1,30} ?\}(?!\})|\{ \{.{0,40}?\} ?\}|\[\[\s*\w{1,30}\s*\]\]"
    r"|<[^\W\d]\w{0,29}>|(?<!\w)%[^\W\d]\w{1,29}%"
)


def check(texts: Iterable[Text], known: Collection[str] | None) -> Iterator[Finding]:
    """`known` are the columns of the list as headed; None when no list is chosen yet."""
    for text in texts:
        for meant in _MEANT.finditer(text.raw):
            yield text.finding("placeholder-wrong", "stop", *meant.span())
        try:
            places = render.explain(text.raw)
            needed = render.compile(text.raw).needed
        except Mistake as mistake:
            part = str(mistake.values.get("part", ""))
            at = text.raw.find(part)
            if not _MEANT.search(part):
                yield text.finding("placeholder-wrong", "stop", at, at + len(part))
            continue
        yield from _places(text, places, needed, known)


def _places(
    text: Text, places: Iterable[render.Field], needed: Collection[str], known: Collection[str] | None
) -> Iterator[Finding]:
    names = {*ALWAYS, *(render.field_name(column) for column in known or ())}
    told: set[str] = set()
    for place in places:
        if place.name in told or place.name in OURS:
            continue
        told.add(place.name)
        end = text.raw.index("}}", place.at) + 2
        if place.name not in names:
            level = "advice" if known is None else "stop"
            shown = ", ".join(sorted(name for name in names if name)) or "–"
            yield text.finding("placeholder-unknown", level, place.at, end, name=place.name, known=shown)
        if place.name in needed:
            yield text.finding("placeholder-no-fallback", "advice", place.at, end, name=place.name)
