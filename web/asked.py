"""The form of an upload's second step: what of it is a choice about reading, a detail of the list, an answer."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.checking import BASES, COUNTRIES, Check, Details
from campaigns.columns import ROLES
from campaigns.encodings import OFFERED
from campaigns.masking import masked, masked_inside
from campaigns.preview import Question, SeenRow
from campaigns.reading import Choices
from messages.errors import Mistake

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1258": _l("Windows-1258 (Vietnamese)"),
    "windows-1252": _l("Windows-1252 (Western European)"),
    "tcvn3": _l("TCVN3 (ABC fonts, .VnTime)"),
}
DELIMITERS = {",": _l("comma ,"), ";": _l("semicolon ;"), "\t": _l("tab"), "|": _l("bar |")}
#: No tab in a form: browsers and people lose it.
_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_WORDS = {delimiter: name for name, delimiter in _NAMES.items()}
ROLE_WORDS = {
    "phone": _l("Phone number"),
    "name": _l("Name of the person"),
    "district": _l("Former district"),
    "commune": _l("Commune or ward"),
    "language": _l("Language of the person"),
}
#: Why people may be messaged. pdp-consent-specific: voluntary, specific, informed, separate for each purpose.
BASIS_WORDS = {
    "agreed": _l("Each of them agreed to be messaged about this"),
    "signed-up": _l("They signed up themselves"),
    "duty": _l("It is a public body’s task, by a written decision"),
    "exercise": _l("Nobody: made-up people, for exercises"),
}
#: The field beside which a mistake is told; others stand above the form.
_FIELDS = {
    "country-unknown": "country",
    "source-too-long": "source",
    "members-until-wrong": "until",
    "area-unknown": "area",
    "area-ambiguous": "area",
    "upload-no-such-sheet": "sheet",
    "upload-no-such-encoding": "encoding",
    "upload-no-rows": "heading_row",
}


class Form:
    """What was sent. `wants`: "look", "tcvn3" or "import". `shown_country`: as whose numbers the rows were shown.

    `mistake`: what of it could not be understood, once `details` were asked for; the rest is kept.
    """

    def __init__(self, form):
        self._form = form
        self.mistake: Mistake | None = None
        self.wants = form.get("do", "look")
        self.shown_country = form.get("shown_country", "")

    def choices(self) -> Choices:
        """What is not on the form, or makes no sense, is left to the reading."""
        encoding = "tcvn3" if self.wants == "tcvn3" else self._form.get("encoding")
        return Choices(
            sheet=self._form.get("sheet") or None,
            encoding=encoding if encoding in OFFERED else None,
            delimiter=_NAMES.get(self._form.get("delimiter", "")),
            heading_row=_number(self._form.get("heading_row")),
            columns={role: _number(self._form.get(role)) for role in ROLES} if "phone" in self._form else None,
        )

    def details(self, timezone: str) -> Details:
        given = {name: self._form.get(name, "").strip() for name in ("list", "source", "basis", "consent", "until")}
        return Details(
            given["list"],
            given["source"],
            given["basis"],
            given["consent"],
            self._form.get("country") or "VN",
            self._form.get("area") or None,
            self._moment(given["until"], timezone),
        )

    def _moment(self, text: str, timezone: str) -> datetime | None:
        """The beginning of that day."""
        try:
            return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(timezone)) if text else None
        except ValueError:
            self.mistake = Mistake("members-until-wrong", text=text[:40])
            return None

    def answers(self) -> dict[tuple[str, str], str]:
        """Fields are named place|district|commune, as folded."""
        named = ((name.split("|"), code) for name, code in self._form.items() if name.startswith("place|"))
        return {(parts[1], parts[2]): code for parts, code in named if len(parts) == 3}

    def field_of(self, mistake: Mistake) -> str:
        return _FIELDS.get(mistake.code, "")


def page(check: Check, *, in_full: bool, timezone: str) -> dict:
    """What the template of step two shows of `check`; numbers `in_full` only to who has just sent them.

    Which column holds the numbers is a choice of whoever looks: to others every cell is shown masked, headings too.
    """
    check = check if in_full else _masked(check)
    reading = check.reading
    until = check.details.members_until
    return {
        "check": check,
        "rows": [_row(row, in_full) for row in check.rows],
        "in_full": in_full,
        "columns": [(at, name) for at, name in enumerate(check.columns)],
        "roles": [(role, words, getattr(reading.columns, role)) for role, words in ROLE_WORDS.items()],
        "extra": [heading for _, heading in reading.columns.extra],
        "districts": [(unit.code, unit.name) for unit in check.districts],
        "countries": [(code, country(code)) for code in COUNTRIES],
        "elsewhere": (country(check.elsewhere[0]), check.elsewhere[1]) if check.elsewhere else None,
        "encodings": _encodings(check),
        "delimiters": [(_WORDS[key], words) for key, words in DELIMITERS.items()],
        "delimiter": _WORDS.get(reading.delimiter, ""),
        "bases": [(basis, BASIS_WORDS[basis]) for basis in BASES],
        "until": until.astimezone(ZoneInfo(timezone)).date().isoformat() if until else "",
    }


def _masked(check: Check) -> Check:
    columns = check.reading.columns
    extra = tuple((at, masked_inside(heading)) for at, heading in columns.extra)
    return replace(
        check,
        reading=replace(check.reading, columns=replace(columns, extra=extra)),
        columns=tuple(map(masked_inside, check.columns)),
        hint=check.hint and tuple(map(masked_inside, check.hint)),
        rows=tuple(_masked_row(row) for row in check.rows),
        questions=tuple(_masked_question(question) for question in check.questions),
        unknown=tuple((masked_inside(written), rows) for written, rows in check.unknown),
    )


def _masked_row(row: SeenRow) -> SeenRow:
    """The number itself is masked where it is put in words."""
    return replace(row, written="", name=masked_inside(row.name), place_written=masked_inside(row.place_written))


def _masked_question(question: Question) -> Question:
    """A place that is a number has no answer: what is chosen for its masked name holds for no row."""
    key = tuple(map(masked_inside, question.key))
    return replace(question, key=key, written=masked_inside(question.written))


def country(code: str) -> str:
    return {
        "VN": _("Vietnam"),
        "GB": _("United Kingdom"),
        "FR": _("France"),
        "DE": _("Germany"),
        "JP": _("Japan"),
        "KR": _("South Korea"),
        "TW": _("Taiwan"),
    }.get(code, code)


def _encodings(check: Check) -> list[tuple[str, object]]:
    """A workbook's letters are what they are, unless a font of before Unicode drew them."""
    if check.reading.kind == "workbook":
        return [("", _("as the workbook has it")), ("tcvn3", ENCODINGS["tcvn3"])]
    return list(ENCODINGS.items())


def _row(row: SeenRow, in_full: bool) -> dict:
    """The number in groups; what the file had is worth showing where it was changed or cannot be taken."""
    number = row.number and (_grouped(row.number) if in_full else masked(row.number))
    written = row.written if in_full and (row.rewritten or row.refused) else ""
    return {"seen": row, "number": number, "written": written}


def _grouped(e164: str) -> str:
    rest = e164[3:]
    groups = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return " ".join([e164[:3], *groups])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
