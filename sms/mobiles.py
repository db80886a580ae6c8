"""Vietnamese mobile numbers that are recognised at sight, without libphonenumber: its answer, sooner.

What is said here equals what the installed library says; tests hold each function to that, and fail on an upgrade that
changes the ranges.
"""

import re
from functools import cache

from sms.spelling import Refused

#: National mobile numbers of +84, nine digits, exactly as the installed phonenumbers has them.
VN_MOBILE = (
    r"121[0-3]\d{5}|(?:1[46]0|(?:3\d|7[06-9])\d|5(?:[1689]\d|2[238]|59)|8(?:[1-8]\d|9[6-9])|9(?:[0-8]\d|9[013-9]))\d{6}"
)
#: …of people: since 2018 numbers beginning with 1 belong to machines, and in a list of people such a number is an
#: old one of eleven digits that lost one.
_VN_PERSON = rf"(?!1)(?:{VN_MOBILE})"
NATIONAL_DIGITS = 9

#: E.164, the national number when it is Vietnamese, and whether the leading zero was missing.
Mobile = tuple[str, str | None, bool]

_CLEAR = re.compile(rf"(?:(?:\+84|0084|84)0?|0|)({_VN_PERSON})", re.ASCII).fullmatch
_BLANKS = " \t\r\n\u00a0\u2002\u2003\u2007\u2009\u202f\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
_PLAIN = str.maketrans(dict.fromkeys(_BLANKS + "-().'"))
#: A number cell written out by a spreadsheet, 912345678.0: the last 0 is no digit of the number.
_DECIMALS = re.compile(r"\.0{1,2}\W*\Z").search

_BETWEEN = r"[-().' \u00a0]*+"
_PREFIX = rf"((?:\+84|0084|84){_BETWEEN}0?|0?)"
_NATIONAL = rf"([35789](?:{_BETWEEN}\d){{8}})(?<!\.0)(?<!\.00)"
_USUAL_LINES = re.compile(
    rf"^{_BETWEEN}{_PREFIX}{_BETWEEN}{_NATIONAL}{_BETWEEN}$|^.*$", re.ASCII | re.MULTILINE
).findall

_LANDLINE = re.compile(r"02\d{8,9}", re.ASCII).fullmatch
#: With its 0, however many digits there are; but 799 1234 is a service.
_LIKE_A_MOBILE = re.compile(r"0(?!799\d{4}\Z)[35789]\d{3,15}", re.ASCII).fullmatch


def clear(text: str) -> Mobile | None:
    """The number in `text` in one of its usual spellings."""
    found = of_digits(text.translate(_PLAIN))
    return None if found is None or _DECIMALS(text) else found


def of_digits(digits: str) -> Mobile | None:
    """The number that `digits` (with a + perhaps) are, with any of the usual prefixes."""
    match = _CLEAR(digits)
    return ("+84" + match[1], match[1], match.start(1) == 0) if match else None


def known(digits: str) -> Mobile | None:
    """As `of_digits`. Raises Refused where it is just as clear that there is no such number; None says nothing."""
    if found := of_digits(digits):
        return found
    if _LANDLINE(digits):
        raise Refused("landline")
    if _LIKE_A_MOBILE(digits):
        too_many = len(digits) - 1 - NATIONAL_DIGITS
        raise Refused("too-long" if too_many > 0 else "too-short" if too_many < 0 else "invalid")
    return None


def usual(texts: list[str]) -> list[tuple[str, str]]:
    """For each text that may be a number in one of its usual spellings, and is nothing else, what stands before its
    nine digits ("" when its 0 is missing) and those, perhaps with something between them; for the others twice "".

    One search through all of them. It is a number when it has one of the `beginnings`.
    """
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join(text.replace("\n", "?") for text in texts)
    return _USUAL_LINES(lines) if texts else []


def only_digits(written: str) -> str:
    """Without what may stand between the digits."""
    return written.translate(_PLAIN)


@cache
def beginnings() -> frozenset[str]:
    """The three digits with which people's mobile numbers begin; what follows does not matter."""
    threes = (str(three) for three in range(100, 1000))
    return frozenset(three for three in threes if of_digits(f"0{three}000000"))
