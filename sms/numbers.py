"""Reading a telephone number as people and spreadsheets write it.

What is clear goes a fast way (mobiles.py): a Vietnamese mobile number in one of its usual spellings. Everything else is
weighed by `phonenumbers` (libphonenumber), and where the fast way answers the slow one says the same. When a spelling
can be read in two ways it is refused: a wrong number is a stranger who receives somebody else's message.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult

from sms import mobiles, spelling
from sms.mobiles import VN_MOBILE as VN_MOBILE
from sms.mobiles import Mobile
from sms.spelling import Refused

HOME = "VN"
VN_CODE = 84

#: Why a number is refused.
CODES = ("empty", "not-a-number", "too-short", "too-long", "landline", "short-code", "invalid", "two-numbers")
#: What may have been changed beyond the spelling: the change of 2018, a 0 typed as the letter O, digits of another
#: script, the leading 0 that a spreadsheet dropped.
RULES = ("renumbered-2018", "letter-o", "other-digits", "lost-zero")


class Number(NamedTuple):
    """What was read. `rewritten` names the rule that changed more than the spelling; `code` why it was refused.

    `carrier` is by prefix (sms/carriers.toml) and None abroad or when nobody knows.
    """

    input: str
    valid: bool
    e164: str | None = None
    carrier: str | None = None
    rewritten: str | None = None
    code: str | None = None


def calling_code(country: str) -> str:
    """The digits behind the plus of a country (ISO code); "0" where there is no such country."""
    return str(phonenumbers.country_code_for_region(country))


def read(text: str, country: str = HOME) -> Number:
    """The number in `text`; `country` (ISO code) is how a number without a country prefix is read.

    Raises ValueError for a country that does not exist.
    """
    if country != HOME:
        return careful(text, country)
    if found := mobiles.clear(text):
        return _of_a_mobile(text, *found)
    return _weighed(text, country, mobiles.known)


def read_many(texts: Iterable[str], country: str = HOME) -> list[Number]:
    """`read` for each text, in order; for many Vietnamese numbers several times as fast."""
    texts = list(texts)
    if country != HOME:
        return [careful(text, country) for text in texts]
    carriers, begins, found = _carriers_by_three_digits(), mobiles.beginnings(), []
    for text, (before, national) in zip(texts, mobiles.usual(texts), strict=True):
        if len(national) > mobiles.NATIONAL_DIGITS:
            national = mobiles.only_digits(national)
        if (first := national[:3]) in begins:
            found.append(Number(text, True, "+84" + national, carriers.get(first), None if before else "lost-zero"))
        else:
            found.append(_weighed(text, country, mobiles.known))
    return found


def careful(text: str, country: str = HOME) -> Number:
    """The slow way, for any country and any spelling; `read` must agree with it."""
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"unknown country: {country}")
    return _weighed(text, country, lambda digits: None)


def _weighed(text: str, country: str, shortcut: Callable[[str], Mobile | None]) -> Number:
    """What `text` holds; `shortcut` may know what the digits are without asking the library."""
    try:
        digits, rule = (text, None) if _ONLY_DIGITS(text) else spelling.digits_of(text)
        digits, changed = _renumbered(digits, country)
        e164, national, zero_missing = shortcut(digits) or _from_the_library(digits, country)
    except Refused as refusal:
        return Number(text, False, code=refusal.code)
    rule = changed or rule or ("lost-zero" if zero_missing else None)
    return Number(text, True, e164, carrier(national) if national else None, rule)


_ONLY_DIGITS = re.compile(r"\d{1,200}", re.ASCII).fullmatch


def _from_the_library(digits: str, country: str) -> Mobile:
    number = _parsed(digits, country)
    _refuse_what_takes_no_sms(number)
    national = str(number.national_number)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, national if number.country_code == VN_CODE else None, _zero_is_missing(digits, national, country)


def carrier(national: str) -> str | None:
    """Who gave out a Vietnamese mobile number, by its prefix; `national` has nine digits, without the 0."""
    return _carriers_by_three_digits().get(national[:3])


def _of_a_mobile(text: str, e164: str, national: str, zero_missing: bool) -> Number:
    return Number(text, True, e164, carrier(national), "lost-zero" if zero_missing else None)


def _renumbered(digits: str, country: str) -> tuple[str, str | None]:
    """Eleven digits to ten (2018): 0168 1234567 became 038 1234567. Old numbers ring nowhere today."""
    match = (_OLD if country == HOME else _OLD_FROM_ABROAD)(digits)
    new = match and _table()["renumbered-2018"].get(match[1])
    return (f"+84{new}{match[2]}", "renumbered-2018") if new else (digits, None)


_OLD = re.compile(r"(?:(?:\+|00)?84)?0?(1[2689]\d)(\d{7})", re.ASCII).fullmatch
_OLD_FROM_ABROAD = re.compile(r"(?:\+|00)840?(1[2689]\d)(\d{7})", re.ASCII).fullmatch


def _parsed(digits: str, country: str) -> phonenumbers.PhoneNumber:
    if _SHORT_CODE(digits):
        raise Refused("short-code")
    try:
        return phonenumbers.parse(digits, country)
    except NumberParseException as error:
        raise Refused(_UNPARSABLE.get(error.error_type, "too-short")) from None


#: 113, 8088, 18001: what no person has.
_SHORT_CODE = re.compile(r"[1-9]\d{2,5}", re.ASCII).fullmatch
#: By now there are only digits, so whatever else the library finds wrong is that they are too few.
_UNPARSABLE = {NumberParseException.INVALID_COUNTRY_CODE: "invalid", NumberParseException.TOO_LONG: "too-long"}


def _refuse_what_takes_no_sms(number: phonenumbers.PhoneNumber) -> None:
    kind = phonenumbers.number_type(number)
    if kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE) and not _is_a_machine(number):
        return
    if kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP) or _looks_like_a_landline(number):
        raise Refused("landline")
    if kind in (PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.UAN):
        raise Refused("short-code")
    length = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    raise Refused(_LENGTHS.get(length, "invalid"))


_LENGTHS = {
    ValidationResult.TOO_SHORT: "too-short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too-short",
    ValidationResult.TOO_LONG: "too-long",
}


def _is_a_machine(number: phonenumbers.PhoneNumber) -> bool:
    return number.country_code == VN_CODE and str(number.national_number).startswith("1")


def _looks_like_a_landline(number: phonenumbers.PhoneNumber) -> bool:
    """02… is always a landline, also with a digit too few."""
    national = str(number.national_number)
    return number.country_code == VN_CODE and national.startswith("2") and len(national) in (9, 10)


def _zero_is_missing(digits: str, national: str, country: str) -> bool:
    return digits == national and phonenumbers.ndd_prefix_for_region(country, True) == "0"


def carriers() -> tuple[str, ...]:
    """The carriers of our table, the largest first."""
    return tuple(_table()["carriers"])


@cache
def _table() -> dict:
    with open(Path(__file__).with_name("carriers.toml"), "rb") as file:
        return tomllib.load(file)


@cache
def _carriers_by_three_digits() -> dict[str, str]:
    by_prefix = {prefix: name for name, prefixes in _table()["carriers"].items() for prefix in prefixes}
    threes = (str(three) for three in range(100, 1000))
    return {three: name for three in threes if (name := by_prefix.get(three) or by_prefix.get(three[:2]))}
