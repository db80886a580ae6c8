"""From what stands in a cell to the digits of one number, or the reason why there is not exactly one."""

import re
import unicodedata

#: Longer than any cell with one number in it; what is longer is a text.
_LONGEST = 200


class Refused(Exception):
    """`code` is one of sms.numbers.CODES."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def digits_of(text: str) -> tuple[str, str | None]:
    """The digits (with a leading + when there was one) and the rule that was needed, or None. Raises Refused."""
    written, rule = _ascii_digits(text[: _LONGEST + 1])
    written = _unwrapped(written)
    if not written:
        raise Refused("empty")
    if len(written) > _LONGEST:
        raise Refused("not-a-number")
    written = _from_a_number_cell(written)
    if _has_two_numbers(written):
        raise Refused("two-numbers")
    if _LETTER_O(written) and sum(map(str.isdigit, written)) >= _DIGITS_AT_LEAST:
        written, rule = _O.sub("0", written), "letter-o"
    digits = _SEPARATORS.sub("", written)
    if not _DIGITS(digits):
        raise Refused("not-a-number")
    return digits, rule


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]+")
_SEPARATORS = re.compile(r"[\s.()_\u00b7\u2022'-]+")
_DIGITS = re.compile(r"\+?\d+", re.ASCII).fullmatch
#: The letter O in Latin, Cyrillic and Greek, where a spreadsheet's typist meant a zero.
_O = re.compile("[OoОоΟο]")
_LETTER_O = re.compile(r"[\d\s.()_'+OoОоΟο-]*[OoОоΟο][\d\s.()_'+OoОоΟο-]*", re.ASCII).fullmatch
#: A word with fewer real digits than this is no number with a letter in it.
_DIGITS_AT_LEAST = 7


def _ascii_digits(text: str) -> tuple[str, str | None]:
    """Full-width, Arabic and other decimal digits as 0–9; every dash as -."""
    if text.isascii():
        return text, None
    written = "".join(_plain(character) for character in _INVISIBLE.sub("", text))
    return written, "other-digits" if any(c.isdecimal() and not c.isascii() for c in text) else None


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Pd":
        return "-"
    return unicodedata.normalize("NFKC", character)


_LABEL = r"s[ốo](?: đt)?|s?[đd]t|[đd]i[ệe]n tho[ạa]i|di [đd][ộo]ng|tel|phone|mobile|zalo"
_WRAPPED = re.compile(rf"\A[=\s\"'‘’“”`´]*(?:(?:{_LABEL})\b[.:\s]*(?=[+(\dO]))?", re.I)
_END = re.compile(r"[\s\"'‘’“”`´.,;]*\Z")


def _unwrapped(written: str) -> str:
    """Without the apostrophe, the ="…" and the label (SĐT:, Tel:) around it."""
    return _END.sub("", _WRAPPED.sub("", unicodedata.normalize("NFC", written), count=1))


_CELL = re.compile(r"(\+?[\d ]+)\.0{1,2}", re.ASCII).fullmatch
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.ASCII | re.I).fullmatch
_THOUSANDS = re.compile(r"\d{1,4}(?:,\d{3})+", re.ASCII).fullmatch


def _from_a_number_cell(written: str) -> str:
    """912345678.0, 912,345,678 and 9.12345678E+08 are what spreadsheets make of 912345678."""
    if match := _CELL(written):
        return match[1]
    if _THOUSANDS(written):
        return written.replace(",", "")
    if (match := _SCIENTIFIC(written)) and len(match[2]) == int(match[3]):  # else digits are lost
        return match[1] + match[2]
    return written


_BETWEEN = re.compile(r"[/\\;|,&\n]|\b(?:ho[ặạa]c|v[àa]|hay|or|and)\b", re.I)


def _has_two_numbers(written: str) -> bool:
    """"0912345678/0987654321", "0912345678 hoặc 0987…", "0912345678/79", two numbers side by side."""
    if written.count("+") > 1:
        return True
    runs = [_count_digits(run) for run in _BETWEEN.split(written)]
    with_digits = [digits for digits in runs if digits]
    if len(with_digits) > 1 and with_digits[0] >= 8:
        return True
    return _side_by_side([_count_digits(word) for word in re.split(r"[\s()-]+", written)])


def _side_by_side(lengths: list[int]) -> bool:
    """Whether the groups of digits fall into two numbers of 9 to 13 digits."""
    whole = sum(lengths)
    firsts = (sum(lengths[:cut]) for cut in range(1, len(lengths)))
    return any(9 <= first <= 13 and 9 <= whole - first <= 13 for first in firsts)


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))
