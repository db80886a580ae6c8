"""Content files as they lie on the disk: TOML, or TOML between two lines of `+++` with a text after them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from messages.errors import LANGUAGES, Mistake

#: No content file is longer: an answer is some paragraphs, the largest TOML some hundred facts.
MAX_BYTES = 1_000_000

_FENCE = "+++"
_AT_LINE = re.compile(r"\(at line (\d+)")
#: A list of questions as it is nearly always written: one plain string a line.
_PLAIN_LIST = re.compile(r'^questions = \[\n((?: *"[^"\\\x00-\x1f\x7f]*",\n)+)\]$', re.MULTILINE)
_PLAIN_STRING = re.compile(r'"([^"]*)"')


def files_below(folder: Path) -> Iterator[Path]:
    """Every content file of `folder`, in a fixed order. errors.toml belongs to the program, not to the content."""
    yield folder / "facts.toml"
    for language in LANGUAGES:
        yield folder / language / "replies.toml"
        yield from (path for path in [folder / language / "flags.toml"] if path.exists())
        for kind in ("answers", "sms"):
            yield from sorted((folder / language / kind).glob("*.md"))


def read_text(path: Path, folder: Path) -> str:
    """The text of `path`, NFC, lines ended by \\n. Raises Mistake("content-unreadable")."""
    name = path.relative_to(folder).as_posix()
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise Mistake("content-too-long", file=name)
        text = raw.decode("utf-8-sig")
    except OSError as why:
        raise Mistake("content-missing", file=name) from why
    except UnicodeDecodeError as why:
        raise Mistake("content-not-utf8", file=name, line=raw[: why.start].count(b"\n") + 1) from why
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def read_toml(path: Path, folder: Path) -> dict:
    """The tables of `path`. Raises Mistake("content-not-toml") with the line."""
    return _toml(read_text(path, folder), path.relative_to(folder).as_posix(), lines_before=0)


def split_front_matter(path: Path, folder: Path) -> tuple[dict, str]:
    """The fields between the `+++` lines of `path`, and the text after them."""
    text = read_text(path, folder)
    name = path.relative_to(folder).as_posix()
    head, fence, rest = text.partition(f"{_FENCE}\n")
    front, closing, body = rest.partition(f"\n{_FENCE}\n")
    if head or not fence or not closing:
        raise Mistake("content-front-matter", file=name)
    return _front_matter(front, name), body.strip()


def _front_matter(front: str, file: str) -> dict:
    """`front` as TOML. A plain list of questions, most of any answer, is read by lines: loading takes a third less."""
    listed = _PLAIN_LIST.search(front)
    if listed is None:
        return _toml(front, file, lines_before=1)
    blank = "questions = [" + "\n" * listed[0].count("\n") + "]"  # the lines keep their numbers
    table = _toml(front[: listed.start()] + blank + front[listed.end() :], file, lines_before=1)
    if table.get("questions") != []:  # those lines stood inside a longer text
        return _toml(front, file, lines_before=1)
    return {**table, "questions": _PLAIN_STRING.findall(listed[1])}


def _toml(text: str, file: str, lines_before: int) -> dict:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        found = _AT_LINE.search(str(why))
        line = int(found[1]) if found else text.count("\n") + 1
        raise Mistake("content-not-toml", file=file, line=line + lines_before) from why
    except RecursionError as why:  # hundreds of brackets in brackets
        raise Mistake("content-not-toml", file=file, line=lines_before + 1) from why


class Fields:
    """Takes the fields of one table one by one; a wrong one raises a Mistake that names file and field."""

    def __init__(self, table: dict, file: str, prefix: str = ""):
        self._table = dict(table)
        self._file = file
        self._prefix = prefix

    def text(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self._mistake("content-field-text", name)
        return value.strip()

    def texts(self, name: str, least: int = 0, optional: bool = False) -> tuple[str, ...]:
        if optional and name not in self._table:
            return ()
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._mistake("content-field-texts", name)
        if len(value) < least:
            raise self._mistake("content-field-texts", name)
        return tuple(item.strip() for item in value)

    def day(self, name: str, optional: bool = False) -> date | None:
        if optional and name not in self._table:
            return None
        value = self._take(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._mistake("content-field-date", name)
        return value

    def body(self, text: str) -> str:
        if not text:
            raise Mistake("content-body-missing", file=self._file)
        return text

    def nothing_left(self) -> None:
        """Raises for a field nobody asked for: most likely a slip in its name."""
        for name in self._table:
            raise self._mistake("content-field-unknown", name)

    def _take(self, name: str) -> object:
        if name not in self._table:
            raise self._mistake("content-field-missing", name)
        return self._table.pop(name)

    def _mistake(self, code: str, name: str) -> Mistake:
        return Mistake(code, file=self._file, field=self._prefix + name)
