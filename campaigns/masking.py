"""A number shown to who may not see it: enough to tell two people apart, not enough to call either. Pure."""

import re

#: The letter O in Latin, Cyrillic and Greek, typed for a zero (see sms.spelling).
_O = "OoОоΟο"
_DIGIT = rf"(?:\d|(?<![^\W\d_{_O}])[{_O}](?![^\W\d_{_O}]))"
#: However they are grouped: blanks, dots, dashes, brackets, what nobody sees.
_BETWEEN = r"[\s.()_·•'\-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
#: Eight digits or more.
_READS_AS_A_NUMBER = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{7,}}")
#: With fewer real digits it is no number with a letter in it.
_DIGITS_AT_LEAST = 7


def masked(e164: str) -> str:
    """
    >>> masked("+84912345678"), masked("+447911123400")
    ('+84 91* *** 678', '+44 79* **** 400')
    """
    country, rest = e164[:3], e164[3:]
    return f"{country} {rest[:2]}* {'*' * max(len(rest) - 6, 0)} {rest[-3:]}"


def masked_inside(text: str) -> str:
    """The text with every digit run that reads as a phone number masked; as long as before, so that a message shown
    this way still measures what the true one does.

    >>> masked_inside("Lan 0912.345.678 – tổ 5"), masked_inside("+84912345678"), masked_inside("12/10/2026")
    ('Lan 091*.***.678 – tổ 5', '+8491****678', '12/10/2026')
    """
    return _READS_AS_A_NUMBER.sub(lambda found: _hidden(found[0]), text)


def _hidden(run: str) -> str:
    """At most the first four digits and the last three stay, and four at least are hidden."""
    if sum(map(str.isdecimal, run)) < _DIGITS_AT_LEAST:
        return run
    digits = [at for at, char in enumerate(run) if char.isdecimal() or char in _O]
    hidden = set(digits[min(4, len(digits) - 7) : -3])
    return "".join("*" if at in hidden else char for at, char in enumerate(run))
