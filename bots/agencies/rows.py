"""Rows of a file as agencies: which column holds what, which rows are refused and why. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bots.agencies import names
from bots.agencies.matching import STATUSES, Agency
from bots.letters import fold

#: Title rows may stand above the headings, but not more than this.
HEADING_WITHIN = 30
MOST_LETTERS = 300
ROLES = ("name", "also", "licence", "address", "status", "note")

#: What a heading of each role says, folded: first those it is as a whole, then those it has inside. Order decides.
_WHOLE = {
    "name": "ten, name, company, doanh nghiep, cong ty, agency, ten cong ty, ten doanh nghiep, don vi, ten don vi",
    "also": "viet tat, english name, brand, also, aka",
    "licence": "gp, so gp, licence, license",
    "status": "status, trang thai",
    "note": "ghi chu, note, notes, remark, remarks",
}
_INSIDE = {
    "also": "viet tat, giao dich, ten tieng anh, trade name, short name, trading name, thuong hieu, abbreviat, acronym",
    "status": "trang thai, tinh trang, status, hieu luc",
    "": "ngay cap, ngay, date, noi cap, dien thoai, phone, email, website, giam doc, dai dien, stt",
    "licence": "giay phep, so gp, gpkd, licence, license, so gpxkld",
    "address": "dia chi, tru so, address",
    "name": "ten doanh nghiep, ten cong ty, ten don vi, company name, agency name, doanh nghiep dich vu, name of",
}
#: What a cell of the status column says, folded; what is worse is looked for first.
_SAYS = {
    "revoked": (
        "thu hoi, rut giay phep, nop lai, tra lai giay phep, cham dut, het han, het hieu luc, khong con hieu luc,"
        " giai the, khong duoc cap phep, khong co phep, huy, revoked, withdrawn, cancel, expired, terminated, ended,"
        " not licensed, unlicensed, no licence, no license, invalid, inactive"
    ),
    "suspended": "dinh chi, tam dung, tam ngung, ngung hoat dong, tam hoan, suspend, paused, on hold",
    "licensed": (
        "licensed, licenced, duoc cap phep, co phep, co giay phep, dang hoat dong, hoat dong, con hieu luc, hieu luc,"
        " active, valid, in force, binh thuong, da cap, ok"
    ),
}
#: A title or a sheet with these words is a list of firms that are not licensed, unless a column says which are.
_BAD_NEWS = ("thu hoi", "dinh chi", "revoked", "suspended", "khong duoc phep", "cham dut", "unlicensed")
_BRACKETS = re.compile(r"\(([^()]{2,120})\)|\[([^\[\]]{2,120})\]")
_BETWEEN_NAMES = re.compile(r"[;\n/|]|,(?!\s*(?:ltd|jsc|inc|llc|corp|co\b))", re.IGNORECASE)


@dataclass(frozen=True)
class Refusal:
    """A line of the file (counted from 1) that was not taken, and the code that says why: refused-agency-<code>."""

    line: int
    code: str
    name: str


@dataclass(frozen=True)
class Reading:
    """What a file holds. `columns` are role → heading as written; empty when no heading row was found."""

    columns: dict[str, str]
    agencies: tuple[Agency, ...] = ()
    refused: tuple[Refusal, ...] = ()
    #: Words above the headings speak of firms that lost their licence, and no column says which ones did.
    bad_news: bool = False

    @property
    def rows(self) -> int:
        return len(self.agencies) + len(self.refused)


@dataclass
class _Taken:
    """Firms by their folded full name, each once; of two the one that is worse off stays."""

    firms: dict[str, Agency] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def add(self, line: int, agency: Agency) -> None:
        key = " ".join(names.tokens(names.visible(fold(agency.name))))
        before = self.firms.get(key)
        if before is None or STATUSES.index(agency.status) > STATUSES.index(before.status):
            self.firms[key] = agency
        if before is not None:
            self.refused.append(Refusal(line, "twice", agency.name))


def read(rows: Iterable[tuple[int, Sequence[str]]], title: str = "") -> Reading:
    """The agencies in `rows` of (line, cells); `title` is the sheet's name.

    Where there is no column of names, the Reading has no columns.
    """
    rows = list(rows)
    place, columns = _heading(rows[:HEADING_WITHIN])
    if "name" not in columns:
        return Reading({})
    taken = _Taken()
    for line, cells in rows[place + 1 :]:
        _take(taken, line, {role: _cell(cells, at) for role, at in columns.items()}, columns)
    above = fold(" ".join([title, *(cell for _, cells in rows[:place] for cell in cells)]))
    bad_news = "status" not in columns and any(word in above for word in _BAD_NEWS)
    headings = {role: _cell(rows[place][1], at) for role, at in columns.items()}
    refused = sorted(taken.refused, key=lambda one: one.line)
    return Reading(headings, tuple(taken.firms.values()), tuple(refused), bad_news)


def score(reading: Reading) -> tuple[int, int]:
    """How well a way to read a file did: roles found, firms found."""
    return len(reading.columns), len(reading.agencies)


def status_of(text: str) -> str | None:
    """The status a cell speaks of; None when it says something else.

    >>> status_of("Đã thu hồi"), status_of("Đang hoạt động"), status_of("?")
    ('revoked', 'licensed', None)
    """
    folded = fold(text)
    for status, ways in _SAYS.items():
        if any(re.search(rf"\b{way.strip()}", folded) for way in ways.split(",")):
            return status
    return None


def _heading(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    """Place of the best heading row and its columns: one with a name before others, then the most roles."""
    found = [_columns(cells) for _, cells in rows]
    best = max(range(len(found)), key=lambda at: ("name" in found[at], len(found[at])), default=None)
    return (best, found[best]) if best is not None else (0, {})


def _columns(cells: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(cells):
        role = _role(cell)
        if role and role not in columns:
            columns[role] = at
    return columns


def _role(cell: str) -> str:
    """The role a heading names, or ""."""
    if len(cell) > 80:
        return ""
    plain = " ".join(re.findall(r"\w+", fold(re.sub(r"\(.*?\)", " ", cell))))
    for table, fits in ((_WHOLE, str.__eq__), (_INSIDE, str.__contains__)):
        for role, ways in table.items():
            if plain and any(fits(plain, way.strip()) for way in ways.split(",")):
                return role
    return ""


def _cell(cells: Sequence[str], at: int) -> str:
    lines = (" ".join(line.split()) for line in cells[at].splitlines()) if at < len(cells) else ()
    return "\n".join(line for line in lines if line)


def _take(taken: _Taken, line: int, cells: dict[str, str], columns: dict[str, int]) -> None:
    name, also = _names(cells["name"], cells.get("also", ""))
    one_line = {role: " ".join(cell.split()) for role, cell in cells.items()}
    status = _status(one_line)
    agency = Agency(name, also, one_line.get("licence", ""), one_line.get("address", ""), status or "licensed")
    if code := _fault(agency, status, "licence" in columns):
        taken.refused.append(Refusal(line, code, name[:MOST_LETTERS]))
    else:
        taken.add(line, agency)


def _fault(agency: Agency, status: str | None, with_licences: bool) -> str:
    if not names.read(agency.name).sequence or not any(letter.isalpha() for letter in agency.name):
        return "name-missing"
    if max(map(len, (agency.name, *agency.also, agency.licence, agency.address))) > MOST_LETTERS:
        return "too-long"
    if status is None:
        return "status-unknown"
    if with_licences and status == "licensed" and not any(letter.isdigit() for letter in agency.licence):
        return "licence-missing"
    return ""


def _status(cells: dict[str, str]) -> str | None:
    """A remark counts when it says that something is wrong; an empty status is that of the list: licensed."""
    remark = status_of(cells.get("note", ""))
    written = cells.get("status", "")
    said = status_of(written) if written.strip(" -–—.") else "licensed"
    if said == "licensed" and remark in ("suspended", "revoked"):
        return remark
    return said


def _names(written: str, also: str) -> tuple[str, tuple[str, ...]]:
    """The registered name, and the other ones: from their own column, in brackets, or on further lines of the cell."""
    first, *lines = written.split("\n") or [""]
    if lines and _goes_on(lines[0]):
        first, lines = " ".join((first, *lines)), []
    found = [inner.strip() for pair in _BRACKETS.findall(first) for inner in pair if inner]
    name = " ".join(_BRACKETS.sub(" ", first).split())
    if not name:
        name, found = " ".join(first.split()), []
    others = [part.strip(" -–—()") for text in (*found, *lines, also) for part in _BETWEEN_NAMES.split(text)]
    shorts = [short for short in dict.fromkeys(others) if any(map(str.isalpha, short)) and fold(short) != fold(name)]
    return name, tuple(shorts)


def _goes_on(line: str) -> bool:
    """Whether the second line of a cell goes on with the name: no brackets and in the same Vietnamese words."""
    return not line.startswith("(") and any(not letter.isascii() for letter in line)
