"""The bot's mind: `Engine.train(book)` once, then `respond(heard)` as often as wanted, from any thread.

Pure: a message and what is remembered go in; a reply, effects and the new memory come out. The steps stand in
`understanding.py` (what was meant) and `replying.py` (what is said); the sentences are the Book's.
"""

import hashlib
from pathlib import Path

from bots import alarm, kept, tables
from bots.alarm import Alarm
from bots.lessons import prepare
from bots.model import Heard, Said
from bots.replying import reply
from bots.router import OUTSIDE, Router
from bots.understanding import Reader
from messages.book import Book

#: Our example questions are written to be unlike each other, so one that is left out is harder than what people send:
#: refusing this share of them refuses about 2 % of the development questions (docs/understanding.md).
TURNED_AWAY = 0.17

#: The sentences of its own that the engine asks the Book for; a test holds the shipped Book to it.
PHRASES = (
    "first_message", "abstain", "did_you_mean", "offer_person", "red_vn", "red_uk", "red_eu", "red_abroad",
    "red_unknown", "amber", "opted_out", "opted_in", "language_set", "language_other", "menu_line", "too_long", "empty",
    "slow_down", "two_questions",
)


class Engine:
    """A Book and what was learnt from it. Read-only after training."""

    def __init__(self, book: Book, router: Router, ear: Alarm):
        self.book = book
        self.router = router
        self.alarm = ear
        self._reader = Reader(book, router, ear)
        for text in ("xin chào", "hello"):  # reads the tables, so that no person waits for them
            self.respond(Heard(text))

    @classmethod
    def train(cls, book: Book, cache: Path | None = None) -> "Engine":
        """Learns from the questions of `book`, or takes what was learnt before from the folder `cache`.

        The file there is keyed by the content and by the tables and code of this room, so it never speaks of others.
        """
        path = cache / f"bot-{_key(book)}.npz" if cache else None
        found = kept.load(path) if path else None
        if not found:
            found = _learn(book)
            if path:
                kept.save(path, *found)
        return cls(book, *found)

    def respond(self, heard: Heard) -> Said:
        """The reply to one message."""
        return reply(self.book, heard, self._reader.read(heard))


def questions(book: Book) -> list[tuple[str, str]]:
    """(question, topic) for every example question and every title of `book`, in both languages."""
    return [
        (question, topic.id)
        for topic in book.topics.values()
        for answer in topic.answers.values()
        for question in (answer.title, *answer.questions)
    ]


def _learn(book: Book) -> tuple[Router, Alarm]:
    lines = [*questions(book), *((text, OUTSIDE) for text in tables.background())]
    lesson = prepare(lines, last=OUTSIDE, also=alarm.lines())
    return Router.learn(lesson, TURNED_AWAY), Alarm.learn(lesson)


def _key(book: Book) -> str:
    return hashlib.sha256(f"{book.digest} {tables.digest()}".encode()).hexdigest()[:24]
