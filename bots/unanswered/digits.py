"""Runs of digits in what people wrote: those that reach or name somebody are hidden, amounts and days stay. Pure."""

import re

from messages.folding import flat

#: Zero, and the letter O in Latin, Cyrillic and Greek typed for it.
_O = "OoОоΟο"
_DIGIT = rf"(?:\d|(?<=[\d.\s-])[{_O}](?=[\d.\s{_O}-])|(?<![^\W\d_])[{_O}](?=\d))"
_BETWEEN = r"(?:[\s.,()_·•'*|~:;/\-\u2010-\u2015]{0,5}|\s(?:và|va|rồi|roi|and)\s)"
_RUN = re.compile(rf"\+?\(?\+?{_DIGIT}(?:{_BETWEEN}{_DIGIT})+")
#: Fewer digits reach nobody.
_FEWEST = 7
_YEARS = re.compile(r"(?:19|20)\d\d\s*[-–/ ]\s*(?:19|20)\d\d")
_DAY = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*")
_ROUND = re.compile(r"[1-9]\d*0{2}")
_TO = re.compile(r"\s*[-–/]\s*")
#: In folded text right after a number: it is money.
_MONEY = re.compile(r"\s?(?:d|dong|vnd|k|tr|trieu|ty|nghin|ngan|usd|do|dola|do la|bang|gbp|pounds?|quid|euros?|eur"
                    r"|te|yen|won|dai te|dollars?|\$|£|€|₫|¥)(?![a-z])")
_BEFORE_MONEY = re.compile(r"[$£€₫¥]\s?$")
_BORN = re.compile(r"(?:sinh|sinh ngay|ngay sinh|ns|nam sinh|dob|born|born on|birth)\s*:?\s*(?:ngay\s*)?$")
_PAPER = re.compile(r"\b[A-Za-z]{1,2}\s?\d{6,9}[A-Za-z]?\b")
_NI = re.compile(r"\b[A-Za-z]{2}\s?(?:\d\s?){6}[A-Da-d]\b")
_BIRTHDAY = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}")
_SPOKEN = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|zero|oh|one|two|three|four|five|six|seven|eight|nine"
#: Digits and words for digits, mixed; a year is no part of it.
_SAID = rf"(?:{_SPOKEN}|(?!(?:19|20)\d\d\b)\d{{1,4}})"
_SPOKEN_RUN = re.compile(rf"\b{_SAID}(?:[\s,./*-]+{_SAID})+\b")
#: What is named as an account or a paper is one, however short.
_NAMED = re.compile(r"\b(?:stk|so tk|so tai khoan|cccd|cmnd|otp|ma pin)\s*(?:so|la|:)?\s*:?\s*(\d(?:[ .-]?\d){3,})")


def without_numbers(text: str, hidden: str) -> str:
    """`text` with `hidden` in place of telephone, account and paper numbers and days of birth."""
    text = _birthdays(text, hidden)
    for pattern in (_NI, _PAPER):
        text = pattern.sub(lambda found: found[0] if _is_code_of_ours(found[0]) else hidden, text)
    text = _cut(text, [found.span(1) for found in _NAMED.finditer(flat(text))], hidden)
    text = _RUN.sub(lambda found: _shown(found, text, hidden), text)
    spoken = [run.span() for run in _SPOKEN_RUN.finditer(flat(text)) if _spoken_digits(run[0]) >= _FEWEST]
    return _cut(text, spoken, hidden)


def _spoken_digits(run: str) -> int:
    """How many digits are said in a run; none where hardly a word is: figures alone may be an amount."""
    parts = re.split(r"[\s,./*-]+", run)
    words = [part for part in parts if not part.isdecimal()]
    return sum(len(part) if part.isdecimal() else 1 for part in parts) if len(words) > 1 else 0


def _birthdays(text: str, hidden: str) -> str:
    plain = flat(text)
    return _cut(text, [day.span() for day in _BIRTHDAY.finditer(plain) if _BORN.search(plain[: day.start()])], hidden)


def _cut(text: str, spans: list[tuple[int, int]], hidden: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + hidden + text[end:]
    return text


def _is_code_of_ours(found: str) -> bool:
    """Not a paper: "k 5000000" and "d 50000000" are amounts, "o912345678" is a telephone number."""
    return found[0] in "KkDd" and found[1:].strip().endswith("000")


def _shown(found: re.Match, text: str, hidden: str) -> str:
    run = found[0]
    digits = [char for char in run if char.isdecimal() or char in _O]
    if len(digits) < _FEWEST or _YEARS.fullmatch(run) or _DAY.fullmatch(run):
        return run
    if _is_money(run, flat(text[found.end() : found.end() + 10]), text[: found.start()]):
        return run
    return hidden


def _is_money(run: str, after: str, before: str) -> bool:
    """An amount, or two amounts with a dash between them."""
    parts = _TO.split(run.strip())
    if len(parts) > 2 or not all(part[:1] in "123456789" and part[:1] for part in parts):
        return False
    if any(re.search(rf"[{_O}+()]", part) or _calls(part) for part in parts):
        return False
    named = bool(_MONEY.match(after) or _BEFORE_MONEY.search(before))
    return all((named and _plain(part)) or _is_round(part) for part in parts)


def _calls(part: str) -> bool:
    """A number with a country before it."""
    digits = re.sub(r"\D", "", part)
    return digits.startswith(("84", "44")) and len(digits) >= 11


def _plain(part: str) -> bool:
    return part.isdecimal() or bool(_GROUPED.fullmatch(part))


def _is_round(part: str) -> bool:
    digits = re.sub(r"\D", "", part)
    if _GROUPED.fullmatch(part):
        return digits.endswith("000")
    return bool(_ROUND.fullmatch(part)) and (len(digits) < _FEWEST or digits.endswith("0000"))
