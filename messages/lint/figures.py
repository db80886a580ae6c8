"""The numbers of a text as values, however they are written: 10.000 and 10,000, 22/7/2025 and 22 July 2025, 24/7."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from messages.lint import links, phones
from messages.lint.tables import table
from messages.lint.text import Text

_WORDS: dict[str, dict[str, int]] = table("figures")
_ALWAYS = re.compile(
    r"\b24[ -]?(?:/ ?7|/ ?24|h|gio|hours?)\b(?: ?gio\b| ?/ ?24\b)?(?: a day| per day)?"
    r"(?:,? 7 (?:days a week|ngay(?: mot)? tuan))?"
)
_CLOCK = re.compile(r"(?<![\d.,])(\d{1,2})(?:(?::|h)([0-5]\d)| ?(?:h|gio)\b)?(?: ?([ap])\.?m\b)?")
_FIGURE = re.compile(r"(?<![a-z\d])\d+(?:[.,]\d+)*(?: ?(nghin|ngan|thousand|k|trieu|tr|million|ty|ti|billion)\b)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_SCALES = {
    **dict.fromkeys(("nghin", "ngan", "thousand", "k"), 10**3),
    **dict.fromkeys(("trieu", "tr", "million"), 10**6),
    **dict.fromkeys(("ty", "ti", "billion"), 10**9),
}


class Figure(NamedTuple):
    """`value` is the same for the same number in any form and language."""

    quote: str
    at: int
    value: str


def figures(text: Text) -> list[Figure]:
    """Every number of `text` that is written in digits, in order; those of web addresses left out."""
    found = [Figure(number.quote, number.at, f"call {number.key}") for number in phones.numbers(text)]
    rest = _without(text.flat, [*links.read(text), *found])
    for pattern, value in ((_ALWAYS, lambda match: "24/7"), (_CLOCK, _hour), (_FIGURE, _amount)):
        said = [(match, value(match)) for match in pattern.finditer(rest)]
        read = [Figure(text.raw[match.start() : match.end()], match.start(), one) for match, one in said if one]
        rest = _without(rest, read)
        found += read
    return sorted(found, key=lambda figure: figure.at)


def _without(text: str, parts: Iterable[Figure | links.Link]) -> str:
    """`text` with `parts` blanked out."""
    letters = list(text)
    for part in parts:
        letters[part.at : part.at + len(part.quote)] = " " * len(part.quote)
    return "".join(letters)


def in_words(text: Text) -> set[str]:
    """The values of the number words in `text`. Without accents they are too easily other words, so there are none."""
    if text.form == "vi-unaccented":
        return set()
    known = _WORDS[text.form]
    return {str(known[word]) for word in (word.text.lower() for word in text.words) if word in known}


def _hour(match: re.Match) -> str | None:
    """A time of day; None for a plain number."""
    hour, minutes, half = match.groups()
    if not (minutes or half or match[0] != hour):
        return None
    of_day = int(hour) % 12 + (12 if half == "p" else 0) if half else int(hour)
    return f"{of_day}:{minutes}" if minutes and minutes != "00" else str(of_day)


def _amount(match: re.Match) -> str:
    digits = match[0].removesuffix(match[1] or "").strip()
    plain = re.sub("[.,]", "", digits) if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    if plain.count(".") > 1:  # 22.7.2025: as it is written, with the same dots everywhere
        return plain
    return f"{(Decimal(plain) * _SCALES.get(match[1] or '', 1)).normalize():f}"
