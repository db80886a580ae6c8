"""Numbers to call: read in any spelling and held against the approved ones, those in the claims of facts.toml.

A wrong digit sends somebody in danger to nobody, so a number that is not approved stops the message.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from messages.book import Fact
from messages.catalog import SHIPPED, load_facts
from messages.lint import links
from messages.lint.finding import Finding
from messages.lint.tables import Patterns, table
from messages.lint.text import Text, text_of

_TABLE = table("phones")
_SHORT = frozenset(_TABLE["short"].split())
#: Nothing is dialled behind these; 1800 and 1900 are the beginning of a number.
_ALONE = _SHORT - {"1800", "1900"}
_COUNTRY: Mapping[str, str] = _TABLE["country"]
_UNIT = Patterns(_TABLE["units"])
_BETWEEN = rf"(?:[\s:(“\"]{{1,3}}(?:{'|'.join(_TABLE['between'])}))"
_CUE = Patterns([rf"(?:{'|'.join(_TABLE['cues'])}){_BETWEEN}{{0,3}}[\s:(“\"]{{1,3}}"])
#: How far before a number its cue may begin.
_CUE_LETTERS = 40

#: Digits as people part them. A year, a sum or a law is told from a number to call afterwards.
_DIGITS = re.compile(
    r"(?<!\w)(?<!\d[.,:–-])(?<!\b\d/)(?<!\b\d\d/)"
    r"(?:\+\s?)?\(?\d(?:(?:[ .\u00a0-]|\)[ .-]?|[ .-]?\()?\d)*"
    r"(?![\w%]|/\d{4}|/\d{1,2}\b)"
)
_SPACES = re.compile("[ \u00a0]*")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
_SUM = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+")
_RANGE = re.compile(r"[1-9][\d.]*\s?-\s?[1-9][\d.]*")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?)+")
#: Digits of a number with its area code; fewer only when it is a service number.
_LONG, _LONGEST = 8, 15
#: Countries that a number written without "+" may begin with all the same.
_WITHOUT_PLUS = ("84", "44", "886")


class Number(NamedTuple):
    """`key` is the same for every spelling of a number that names its country, or its digits as written."""

    quote: str
    at: int
    key: str


@dataclass(frozen=True)
class Approved:
    """What a message may send people to: keys of numbers, and hosts."""

    numbers: frozenset[str]
    hosts: frozenset[str]


def approved(facts: Mapping[str, Fact], today: date | None = None) -> Approved:
    """The numbers and hosts in the claims of those `facts` that have not expired; not the addresses of the sources."""
    claims = [
        claim
        for fact in facts.values()
        if not (today and fact.expires and fact.expires < today)
        for claim in (fact.claim_vi, fact.claim_en)
    ]
    texts = [text_of("vi" if at % 2 == 0 else "en", claim) for at, claim in enumerate(claims)]
    return Approved(
        frozenset(number.key for text in texts for number in numbers(text)),
        frozenset(link.host for text in texts for link in links.read(text)),
    )


@cache
def shipped() -> Approved:
    return approved(load_facts(SHIPPED))


def check(texts: Iterable[Text], known: Approved) -> Iterator[Finding]:
    for text in texts:
        for number in numbers(text):
            if number.key not in known.numbers:
                yield text.finding("help-line-unknown", "stop", number.at, number.at + len(number.quote))


def numbers(text: Text) -> list[Number]:
    """Every number to call in `text`, in order; digits in a web address are none."""
    addresses = [(link.at, link.at + len(link.quote)) for link in links.read(text)]
    found: list[Number] = []
    taken = 0
    for match in _DIGITS.finditer(text.read):
        if any(start <= match.start() < end for start, end in addresses):
            continue
        for start, end in _parts(match):
            if start >= taken and (number := _number(text, start, end, found)):
                found.append(number)
                taken = end
    return found


def _parts(match: re.Match) -> list[tuple[int, int]]:
    """The whole run of digits as one number, or else each group of it by itself (111 113)."""
    groups = [(match.start() + group.start(), match.start() + group.end()) for group in _GROUP.finditer(match[0])]
    if len(groups) > 1 and _GROUP.match(match[0]) and _GROUP.match(match[0])[0] in _ALONE:
        return [groups[0], (groups[1][0], match.end()), *groups[1:]]
    return [match.span(), *groups] if len(groups) > 1 else [match.span()]


def _number(text: Text, start: int, end: int, before: list[Number]) -> Number | None:
    quote = text.read[start:end].rstrip(" .()-\u00a0")
    if quote[0] == "(" and ")" not in quote:
        quote, start = quote[1:], start + 1
    end = start + len(quote)
    digits = re.sub(r"\D", "", quote)
    if _is_long(quote, digits) and (digits[0] == "0" or quote[0] == "+" or not _counts(text, end)):
        return Number(text.raw[start:end], start, key(quote))
    if 3 <= len(digits) <= 5 and quote.isdigit() and not _counts(text, end) and _is_called(text, start, digits, before):
        return Number(text.raw[start:end], start, digits)
    return None


def _is_long(quote: str, digits: str) -> bool:
    if not _LONG <= len(digits) <= _LONGEST or _DATE.fullmatch(quote):
        return False
    if quote[0] in "+(" or digits[0] == "0":
        return True
    return not any(shape.fullmatch(quote) for shape in (_SUM, _RANGE, _YEARS))


def _counts(text: Text, end: int) -> bool:
    """Whether a unit follows: 111 người, 999 bảng."""
    end = _SPACES.match(text.read, end).end()
    return any(match.start() == end for match in _UNIT.find(text, end, end + 20))


def _is_called(text: Text, start: int, digits: str, before: list[Number]) -> bool:
    if digits in _SHORT:
        return True
    if any(match.end() == start for match in _CUE.find(text, max(0, start - _CUE_LETTERS), start)):
        return True
    follows = bool(before) and re.fullmatch(r"\s*(?:,|/|hoac|hay|va|or|and)\s*", text.flat[_end(before[-1]) : start])
    return bool(follows)


def _end(number: Number) -> int:
    return number.at + len(number.quote)


def key(quote: str) -> str:
    """One key for every spelling of a number.

    >>> key("+84 981.84 84 84") == key("0084981848484") == key("0981-848-484")
    True
    """
    digits = re.sub(r"\D", "", quote)
    if quote.lstrip()[0] == "+":
        return _national(digits)
    if digits.startswith("00"):
        return _national(digits[2:])
    if digits in _COUNTRY:
        return f"+{_COUNTRY[digits]}{digits[1:]}"
    if digits[0] == "0" and len(digits) == 10:  # a Vietnamese mobile number as it is dialled at home
        return f"+84{digits[1:]}"
    return _national(digits) if digits.startswith(_WITHOUT_PLUS) and len(digits) > 10 else digits


def _national(digits: str) -> str:
    """A zero that is dialled only at home, kept by mistake behind the country code, is dropped."""
    for country in _WITHOUT_PLUS:
        if digits.startswith(f"{country}0"):
            return f"+{country}{digits[len(country) + 1 :]}"
    return f"+{digits}"
