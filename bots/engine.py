"""The bot's mind: `Engine.train(book)` once, then `respond(heard)` as often as wanted, from any thread.

Pure: a message and what is remembered go in; a reply, effects and the new memory come out. The steps stand in
`understanding.py` (what was meant) and `replying.py` (what is said); the sentences are the Book's.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from bots import learning, tables
from bots.alarm import Alarm
from bots.both import BothLanguages
from bots.model import LANGUAGES, Heard, Said
from bots.offers.hearing import with_offer
from bots.replying import reply
from bots.router import OUTSIDE
from bots.understanding import Reader, Understood
from messages.book import Book

#: The sentences of its own that the engine asks the Book for; a test holds the shipped Book to it.
PHRASES = (
    "first_message", "abstain", "did_you_mean", "offer_person", "red_vn", "red_uk", "red_eu", "red_abroad",
    "red_unknown", "red_self_harm", "amber", "opted_out", "opted_in", "language_set", "language_other", "menu_line",
    "too_long", "empty", "slow_down", "two_questions", "not_adopted", "not_covered", "more", "no_more",
)

#: (book, heard, understood, said) → said.
Besides = Callable[[Book, Heard, Understood, Said], Said]


class Engine:
    """A Book and what was learnt from it. Read-only after training.

    `besides` may add to a reply what is known besides the Book (agencies.speaking.Besides).
    """

    #: One answer after the other; help that stands in for it (first_aid) waits for none.
    in_order = True

    def __init__(self, book: Book, router: BothLanguages, ear: Alarm, besides: Besides | None = None):
        self.book = book
        self.besides = besides
        self.router = router
        self.alarm = ear
        self._reader = Reader(book, router, ear)
        for text in ("xin chào", "hello"):  # reads the tables, so that no person waits for them
            self.respond(Heard(text))

    @classmethod
    def train(cls, book: Book, cache: Path | None = None, besides: Besides | None = None,
              elsewhere: learning.Elsewhere | None = None) -> "Engine":
        """Learns from the questions of `book`, or takes what was learnt before from the folder `cache`.

        The files there are keyed by the questions and by the tables and code of this room, so they speak of no others.
        `elsewhere` may learn in other processes (beside.learn_beside).
        """
        found = learning.learnt(_lines(book), cache, lesson_of(book), elsewhere)
        routers = BothLanguages({language: found[language] for language in LANGUAGES})
        return cls(book, routers, found["alarm"], besides)

    def with_book(self, book: Book) -> "Engine":
        """What was learnt, speaking the words of `book`. Raises ValueError when `knows` says no."""
        if not self.knows(book):
            raise ValueError("a topic that was learnt is not in the book")
        return Engine(book, self.router, self.alarm, self.besides)

    def knows(self, book: Book) -> bool:
        """Whether what was learnt can speak the words of `book`."""
        return book.topics.keys() >= set(self.router.topics)

    def respond(self, heard: Heard) -> Said:
        """The reply to one message."""
        found = with_offer(self.book, heard, self._reader.read(heard))
        said = reply(self.book, heard, found)
        return self.besides(self.book, heard, found, said) if self.besides else said


def questions(book: Book) -> list[tuple[str, str]]:
    """(question, topic) for every example question and every title of `book`, in both languages."""
    return [
        (question, topic.id)
        for topic in book.topics.values()
        for answer in topic.answers.values()
        for question in (answer.title, *answer.questions)
    ]


def _lines(book: Book) -> list[tuple[str, str]]:
    return [*questions(book), *((text, OUTSIDE) for text in (*tables.background(), *book.outside))]


def lesson_of(book: Book) -> str:
    """Names what is learnt from `book`: its questions, titles and outside lines. Other words in an answer need no new
    training.
    """
    taught = [*questions(book), *((text, OUTSIDE) for text in book.outside)]
    asked = json.dumps(sorted(taught), ensure_ascii=False)
    return hashlib.sha256(f"{asked} {tables.digest()}".encode()).hexdigest()[:24]
