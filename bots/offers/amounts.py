"""Amounts of money in a text: "60-65tr/tháng", "18k bảng", "$3,000", "25.000.000đ"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBER = r"\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,9}(?:[.,]\d{1,2})?"
_SCALE = r"triệu|triêu|trieu|trịu|chai|tr|củ|cu|million|mil|tỷ|tỉ|ty|nghìn|nghin|ngàn|ngan|thousand|k"
_MONEY = r"vnđ|vnd|đồng|dong|usd|đô la|đô|do la|dollars?|bucks|bảng anh|bảng|bang anh|bang|gbp|pounds?|[$£€₫đ]"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<sign>[$£])?\s?(?P<least>{_NUMBER})(?:\s?(?:-|–|~|đến|den|to)\s?\d{{1,9}}(?:[.,]\d{{1,3}}){{0,4}})?"
    rf"(?:\s?(?P<scale>{_SCALE})(?![^\W\d_]))?(?:\s?(?P<money>{_MONEY})(?![^\W_]))?",
    re.IGNORECASE,
)
_TIMES = {
    **dict.fromkeys(("triệu", "triêu", "trieu", "trịu", "chai", "tr", "củ", "cu", "million", "mil"), 1_000_000),
    **dict.fromkeys(("tỷ", "tỉ", "ty"), 1_000_000_000),
    **dict.fromkeys(("nghìn", "nghin", "ngàn", "ngan", "thousand", "k"), 1_000),
}
_DONG = 1_000_000


class Amount(NamedTuple):
    """At least `value` of `money` ("vnd", "usd" or "gbp"), written from `start` to `end`."""

    value: float
    money: str
    start: int
    end: int


def read(text: str) -> Iterator[Amount]:
    """The amounts in `text` whose money is known. Never raises."""
    for found in _AMOUNT.finditer(text):
        value = _value(found["least"]) * _TIMES.get((found["scale"] or "").lower(), 1)
        money = _money((found["sign"] or found["money"] or "").lower(), found["scale"], value)
        if money:
            yield Amount(value, money, found.start("least"), found.end())


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))


def _money(said: str, scale: str | None, value: float) -> str | None:
    """Millions are dong in Vietnam, whether somebody says so or not."""
    if said.startswith(("$", "usd", "đô", "do l", "dol", "buck")):
        return "usd"
    if said.startswith(("£", "gbp", "bảng", "bang", "pound")):
        return "gbp"
    if said == "€":
        return None
    return "vnd" if said or value >= _DONG else None
