"""An answer in one language as staff write it, apart from any file: what it holds, its digest, its two forms. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from messages.book import Answer, Book
from messages.errors import Mistake

#: Characters of all texts together; questions of one answer.
LONGEST, MOST_QUESTIONS = 20_000, 400
#: Lines of a form that hold one entry each.
_LISTS = ("questions", "sources", "choices")
_DAYS = ("reviewed", "expires")
_NAMES = tuple(field.name for field in fields(Answer))
_BREAKS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Content:
    """`group` is that of the topic, the same in both languages."""

    group: str
    answer: Answer

    @property
    def digest(self) -> str:
        """Hex SHA-256 of every word of it."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


def to_json(content: Content) -> str:
    values = {name: getattr(content.answer, name) for name in _NAMES}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return json.dumps({"group": content.group, **plain}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Content:
    """What `to_json` wrote."""
    values = json.loads(text)
    days = {name: date.fromisoformat(values[name]) for name in _DAYS}
    lists = {name: tuple(values[name]) for name in _LISTS}
    return Content(values.pop("group"), Answer(**{**values, **days, **lists}))


def standing(book: Book, topic: str, language: str) -> Content | None:
    """What `book` says; None when it has no such answer."""
    found = book.topics.get(topic)
    if found is None or language not in found.answers:
        return None
    return Content(found.group, found.answers[language])


def given(form: Mapping[str, str], language: str) -> Content:
    """The content of a filled-in form: lists one entry a line, days as 2027-05-21.

    An English answer has one SMS form. Raises Mistake: answer-untitled, answer-group-missing, answer-day-wrong,
    answer-too-long. What is wrong in substance is for `proof`.
    """
    texts = {name: _clean(form.get(name, "")) for name in ("title", "chat", "sms", "sms_unaccented", "group")}
    lists = {name: _lines(form.get(name, "")) for name in _LISTS}
    if sum(map(len, texts.values())) > LONGEST or len(lists["questions"]) > MOST_QUESTIONS:
        raise Mistake("answer-too-long", letters=LONGEST, questions=MOST_QUESTIONS)
    group = texts.pop("group")
    if not texts["title"]:
        raise Mistake("answer-untitled")
    if not group:
        raise Mistake("answer-group-missing")
    texts["title"] = " ".join(texts["title"].split())
    texts["chat"] = _BREAKS.sub("\n\n", texts["chat"])
    if language != "vi":
        texts["sms_unaccented"] = texts["sms"]
    return Content(group, Answer(**texts, **lists, **{name: _day(form.get(name, "")) for name in _DAYS}))


def form_of(content: Content) -> dict[str, str]:
    """The form that `given` reads as this content."""
    answer = content.answer
    values = {name: getattr(answer, name) for name in _NAMES}
    lists = {name: "\n".join(values[name]) for name in _LISTS}
    return {**values, **lists, **{name: values[name].isoformat() for name in _DAYS}, "group": content.group}


def changed(before: Content | None, after: Content) -> dict[str, tuple[str, str]]:
    """Box → (text before, text after) of every box that differs; before is empty for a new answer."""
    old = form_of(before) if before else {}
    return {name: (old.get(name, ""), text) for name, text in form_of(after).items() if old.get(name, "") != text}


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(_each_once(" ".join(line.split()) for line in _clean(text).split("\n")))


def _each_once(lines: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(line for line in lines if line)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as why:
        raise Mistake("answer-day-wrong", text=text.strip()[:40]) from why
