"""Columns as an officer chooses them, and what is proposed where headings say too little or too much. Pure.

`columns.find_columns` reads headings alone and refuses what is not clear; here somebody looks at the proposal first.
"""

from collections.abc import Mapping, Sequence

from campaigns.columns import HEADING_WITHIN, ROLES, Columns, best_heading_row, claimed, letter, with_roles

#: Rows whose cells are weighed.
_WEIGHED_ROWS = 40
_MARKS = str.maketrans("", "", " .-()+'\u00a0\u200b")
#: What a number without its headings must at least look like, in digits.
_DIGITS = range(8, 14)

NO_PHONE, MANY_PHONES = "upload-no-phone-column", "upload-many-phone-columns"


def propose(
    rows: Sequence[Sequence[str]], heading_row: int | None = None, roles: Mapping[str, int | None] | None = None
) -> tuple[Columns, str | None]:
    """Columns of a list that begins with `rows`, and what of them is doubtful (the code of a mistake, or None).

    `heading_row` (-1: there is none) and `roles` (role → column, None for none) are decided already, where given.
    A phone column is proposed by its heading, among several of them (or without any) by what stands below.
    """
    at = _heading_row(rows) if heading_row is None else min(heading_row, len(rows) - 1)
    head = list(rows[at]) if at >= 0 else [f"Cột {letter(column)}" for column in range(width(rows))]
    claims = claimed(head)
    doubt = None
    if roles is None:
        below = rows[at + 1 : at + 1 + _WEIGHED_ROWS]
        roles = {role: claims[role][0] for role in ROLES if claims[role]}
        roles["phone"], doubt = _phone(claims["phone"], below)
    elif roles.get("phone") is None:
        doubt = NO_PHONE
    return with_roles(at, head, roles, claims["skipped"]), doubt


def width(rows: Sequence[Sequence[str]]) -> int:
    """How many columns the first rows have."""
    return max(map(len, rows[:_WEIGHED_ROWS]), default=0)


def headings_that_tell(columns: Columns) -> list[str]:
    """The headings of a list, mended where they alone would not lead to the same columns again.

    So that rows written out under them come back by themselves, although an officer had to choose the first time.
    """
    wanted = {role: at for role in ROLES if (at := getattr(columns, role)) is not None}
    claims = claimed(columns.headings)
    found = {role: claims[role][0] for role in ROLES if claims[role]}
    if found == wanted and len(claims["phone"]) == 1:
        return list(columns.headings)
    role_of = {at: role for role, at in wanted.items()}
    claimants = {at for role in ROLES for at in claims[role]}
    length = max([len(columns.headings), *(at + 1 for at in role_of)])
    headings = [*columns.headings, *[""] * (length - len(columns.headings))]
    return [_telling(at, heading, role_of.get(at), at in claimants) for at, heading in enumerate(headings)]


_PLAINLY = {"phone": "Số điện thoại", "name": "Họ và tên", "district": "Huyện", "commune": "Xã", "language": "Ngôn ngữ"}


def _telling(at: int, heading: str, role: str | None, claims: bool) -> str:
    if role:
        return f"{_PLAINLY[role]} ({heading})" if heading else _PLAINLY[role]
    return f"Cột {letter(at)}: {heading}" if claims else heading


def _heading_row(rows: Sequence[Sequence[str]]) -> int:
    """The row that fills most roles; or the first full one, unless it is a person already (then the one before)."""
    best = best_heading_row(rows)
    if not rows or any(claimed(rows[best]).values()):
        return best if rows else -1
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:HEADING_WITHIN]]
    first = next(at for at, cells in enumerate(filled) if cells * 2 >= max(filled))
    return first - 1 if any(map(_is_number, rows[first])) else first


def _phone(claimants: list[int], below: Sequence[Sequence[str]]) -> tuple[int | None, str | None]:
    """The proposed column, and why somebody should look at it."""
    if len(claimants) == 1:
        return claimants[0], None
    weights = [_weight(below, at) for at in range(width(below))]
    if claimants:
        return max(claimants, key=lambda at: weights[at] if at < len(weights) else 0), MANY_PHONES
    best = max(range(len(weights)), key=weights.__getitem__, default=None)
    return (best if best is not None and weights[best] * 2 >= len(below) else None), NO_PHONE


def _weight(below: Sequence[Sequence[str]], at: int) -> int:
    return sum(at < len(row) and _is_number(row[at]) for row in below)


def _is_number(cell: str) -> bool:
    digits = cell.strip().removesuffix(".0").translate(_MARKS)
    return digits.isascii() and digits.isdigit() and len(digits) in _DIGITS
