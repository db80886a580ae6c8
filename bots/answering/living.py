"""The Book as it stands now: the shipped files, and over them what staff wrote and another person approved."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import Connection

from bots.answering import store
from bots.answering.content import Content, from_json
from bots.outside import store as outside
from db.engine import Database
from messages.book import Answer, Book, Topic
from messages.errors import LANGUAGES

#: (topic, language) → content.
Over = Mapping[tuple[str, str], Content]


def living(db: Database, shipped: Book) -> Book:
    """`shipped` overlaid by the live versions; its digest says what it says. A new topic counts once it has both
    languages.
    """
    with db.reading() as c:
        return living_in(c, shipped)


def living_in(c: Connection, shipped: Book) -> Book:
    """The same within a transaction."""
    rows = store.live(c)
    book = overlaid(shipped, {(row["topic"], row["language"]): from_json(row["content"]) for row in rows})
    return _with_outside(book, tuple(row.text for row in outside.live(c)))


def _with_outside(book: Book, texts: tuple[str, ...]) -> Book:
    """`book` with the lines that staff marked as none of ours."""
    if not texts:
        return book
    digest = hashlib.sha256("\n".join((book.digest, *texts)).encode()).hexdigest()
    return replace(book, outside=texts, digest=digest)


def stamp(db: Database) -> tuple[int, ...]:
    """Another one as soon as another version, or another outside line (below zero), is live. Two indexed queries."""
    with db.reading() as c:
        return *store.live_ids(c), *(-id for id in outside.live_ids(c))


def overlaid(book: Book, over: Over, *, paired: bool = True) -> Book:
    """`book` with the answers of `over` in place of its own. `paired`: a topic of one language is left out."""
    if not over:
        return book
    changed = {topic: _topic(book, topic, over) for topic, _language in over}
    topics = {**book.topics, **changed}
    kept = {name: topics[name] for name in sorted(topics) if not paired or set(topics[name].answers) >= set(LANGUAGES)}
    return replace(book, topics=MappingProxyType(kept), digest=_digest(book, over))


def _topic(book: Book, name: str, over: Over) -> Topic:
    """In the group of the book; of a new topic, in that of its Vietnamese answer."""
    before = book.topics.get(name)
    written = {language: over[name, language] for language in LANGUAGES if (name, language) in over}
    answers: dict[str, Answer] = dict(before.answers) if before else {}
    answers |= {language: content.answer for language, content in written.items()}
    group = before.group if before else next(iter(written.values())).group
    return Topic(name, group, MappingProxyType(answers))


def _digest(book: Book, over: Over) -> str:
    parts: Iterable[str] = (f"{topic} {language} {over[topic, language].digest}" for topic, language in sorted(over))
    return hashlib.sha256("\n".join((book.digest, *parts)).encode()).hexdigest()
