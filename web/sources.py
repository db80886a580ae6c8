"""Where an answer comes from, in small type: its sources' names and the day a person last read it over."""

from collections.abc import Iterable

from babel.dates import format_date
from flask_babel import gettext as _

from messages.catalog import Book


def source_of(book: Book, topic: str | None, language: str) -> str:
    """ "" for small talk, which has no source."""
    if topic is None or topic not in book.topics:
        return ""
    answer = book.answer(topic, language)
    names = names_of(book, answer.sources)
    if not names:
        return ""
    day = format_date(answer.reviewed, {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}[language], locale=language)
    return _("%(sources)s. Read over on %(day)s.", sources="; ".join(names), day=day)


def names_of(book: Book, facts: Iterable[str]) -> list[str]:
    """Publisher and title of the sources behind these facts, each once."""
    return list(dict.fromkeys(_name(book.facts[fact].source) for fact in facts if fact in book.facts))


def _name(source: str) -> str:
    """Publisher and title of "Publisher | Title | address"."""
    return " – ".join(part.strip() for part in source.split("|")[:2])
