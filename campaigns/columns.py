"""The heading row of a list and what its columns hold, in Vietnamese or English, ignoring case, accents and spaces.

Pure. Roles: phone, name, district, commune, language. Every other column is kept for personalisation under its heading.
What an officer may choose otherwise: column_choice.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.folding import fold
from campaigns.formulas import plain as without_guard
from messages.errors import Mistake

#: Title rows and blank lines may stand above the heading row, but not more than this.
HEADING_WITHIN = 30
_HEADING_LETTERS = 60
_NUMBER = re.compile(r"\+?(?:\d[ .()-]?){9,}")

ROLES = _PHONE, _NAME, _DISTRICT, _COMMUNE, _LANGUAGE = "phone", "name", "district", "commune", "language"
_SKIPPED = "skipped"

_HEADINGS = {
    _PHONE: (
        "số điện thoại, sđt, số đt, đtdđ, số đtdđ, điện thoại, điện thoại di động, số điện thoại di động, di động,"
        " số di động, số điện thoại liên hệ, điện thoại liên hệ, sđt liên hệ, số liên hệ, số liên lạc, số máy,"
        " phone, phone number, phone no, mobile, mobile phone, mobile number, mobile no, cell, cell phone,"
        " telephone, telephone number, tel, contact number, msisdn"
    ),
    _NAME: "họ và tên, họ tên, tên, tên người, họ tên người lao động, họ và tên người lao động, name, full name",
    _DISTRICT: (
        "huyện, quận, thị xã, quận huyện, huyện quận, huyện thị xã, huyện thị, huyện tp, huyện thành phố,"
        " quận huyện thị xã, huyện thành thị, district"
    ),
    _COMMUNE: (
        "xã, phường, xã phường, phường xã, xã thị trấn, xã tt, xã phường thị trấn, phường xã thị trấn, địa chỉ xã,"
        " nơi ở xã, địa bàn, commune, ward, commune ward"
    ),
    _LANGUAGE: "ngôn ngữ, tiếng, ngôn ngữ sử dụng, language, lang, preferred language",
    _SKIPPED: "stt, tt, số tt, số thứ tự, no, lý do reason, dòng line",
}
#: Taken for the role only when no column says it outright ("ĐT" is also how "dân tộc" is shortened).
_WEAK = {_PHONE: "đt", _COMMUNE: "địa chỉ, nơi ở, nơi cư trú, nơi thường trú, hộ khẩu, quê quán, address"}
_PHONE_INSIDE = ("dienthoai", "sdt", "phone", "mobile")


@dataclass(frozen=True)
class Columns:
    """Which column holds what, counted from 0. `extra` are (column, key) kept for personalisation.

    `heading_row` is -1 when the list begins with its first person. Only while an officer is asked is `phone` None.
    """

    heading_row: int
    headings: tuple[str, ...]
    phone: int | None
    name: int | None = None
    district: int | None = None
    commune: int | None = None
    language: int | None = None
    extra: tuple[tuple[int, str], ...] = ()


def find_columns(rows: Sequence[Sequence[str]]) -> Columns:
    """The columns of a list that begins with `rows`: its best heading row among the first ones.

    Raises Mistake "upload-no-phone-column" or "upload-many-phone-columns".
    """
    number = best_heading_row(rows)
    row = rows[number] if rows else []
    claims = claimed(row)
    if not claims[_PHONE]:
        raise Mistake("upload-no-phone-column")
    if len(claims[_PHONE]) > 1:
        named = ", ".join(f"{letter(at)} ({heading(row[at])})" for at in claims[_PHONE])
        raise Mistake("upload-many-phone-columns", columns=named)
    return with_roles(number, row, {role: claims[role][0] for role in ROLES if claims[role]}, claims[_SKIPPED])


def with_roles(
    heading_row: int, row: Sequence[str], roles: Mapping[str, int | None], skipped: Iterable[int]
) -> Columns:
    """The columns when `row` heads them and `roles` says which is what: the others, but for `skipped`, are extra."""
    single = {_PHONE: None, **{role: at for role, at in roles.items() if at is not None}}
    taken = {*single.values(), *skipped}
    return Columns(heading_row, tuple(heading(cell) for cell in row), extra=_extra(row, taken), **single)


def best_heading_row(rows: Sequence[Sequence[str]]) -> int:
    """The first of the rows that fills most roles, one with phones before any other."""
    return max(enumerate(rows[:HEADING_WITHIN]), key=lambda numbered: _score(numbered[1]), default=(0, []))[0]


def recognised(rows: Sequence[Sequence[str]]) -> int:
    """How many roles the best heading row among the first rows fills; 0 when none has a phone column."""
    with_phones, roles = max((_score(row) for row in rows[:HEADING_WITHIN]), default=(False, 0))
    return roles if with_phones else 0


def claimed(row: Sequence[str]) -> dict[str, list[int]]:
    """The columns that claim each role, and those that are "skipped": serial numbers, our own remarks.

    Of several the first is taken, but for phones, where nobody may choose for the officer.
    """
    plain = [_plain(cell) for cell in row]
    roles = {role: [at for at, cell in enumerate(plain) if cell & words] for role, words in _WORDS.items()}
    for role, words in _WEAK_WORDS.items():
        roles[role] = roles[role] or [at for at, cell in enumerate(plain) if cell & words]
    roles[_PHONE] = roles[_PHONE] or [at for at, cell in enumerate(row) if _speaks_of_phones(cell)]
    return roles


def heading(cell: str) -> str:
    """A heading as it is kept: on one line, not too long, without the apostrophe that made a formula text.

    Headings are not sealed: a row of people taken for headings must not leave a number there.
    """
    return _NUMBER.sub("…", without_guard(" ".join(cell.split())))[:_HEADING_LETTERS]


def letter(at: int) -> str:
    """A column as a spreadsheet calls it.

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    before, last = divmod(at, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def _score(row: Sequence[str]) -> tuple[bool, int]:
    claims = claimed(row)
    return bool(claims[_PHONE]), sum(bool(columns) for columns in claims.values())


def _speaks_of_phones(cell: str) -> bool:
    plain = fold(cell).replace(" ", "")
    return len(plain) <= 40 and any(word in plain for word in _PHONE_INSIDE)


def _plain(cell: str) -> set[str]:
    """The forms a heading is compared in: whole, without brackets ("SĐT (bắt buộc)"), without a number ("SĐT 2")."""
    if len(cell) > 80:
        return set()
    forms = (cell, re.sub(r"\(.*?\)", " ", cell), re.sub(r"[\d\s]+$", "", cell))
    return {fold(form).replace(" ", "") for form in forms} - {""}


def _extra(row: Sequence[str], taken: set[int]) -> tuple[tuple[int, str], ...]:
    kept: dict[str, int] = {}
    for at, cell in enumerate(row):
        if at not in taken and (key := heading(cell)):
            # "name" is where the person's own name is kept.
            kept[key if key not in kept and key != _NAME else f"{key} ({at + 1})"] = at
    return tuple((at, key) for key, at in kept.items())


def _words(phrases: str) -> frozenset[str]:
    return frozenset(fold(phrase).replace(" ", "") for phrase in phrases.split(","))


_WORDS = {role: _words(phrases) for role, phrases in _HEADINGS.items()}
_WEAK_WORDS = {role: _words(phrases) for role, phrases in _WEAK.items()}
