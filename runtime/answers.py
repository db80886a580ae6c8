"""What is answered now, in this process: the Book follows what was approved anywhere, and the bot follows the Book."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bots import agencies
from bots.agencies.speaking import Besides
from bots.answering import living
from db import runs
from db.engine import Database
from messages import catalog
from messages.book import Book

if TYPE_CHECKING:
    from bots.engine import Engine
    from bots.first_aid import FirstAid

log = logging.getLogger(__name__)

#: How long an approved answer may take to be noticed, and how long a bot that could not learn waits, in seconds.
LOOK_SECONDS, AGAIN_SECONDS = 2.0, 60.0
#: The name of the job in the memory of jobs.
LEARNING = "learn_answers"


def _engines():
    from bots import engine  # late: NumPy and SciPy take a second that most commands need not spend

    return engine


def _first_aid():
    from bots import first_aid  # late, as above

    return first_aid


def _learning():
    from bots import beside  # late, as above

    return beside


class Answers:
    """`book` and `engine` as they stand now. Other words are spoken at once; what asks for new learning is learnt in a
    thread of its own while the old engine serves. `trouble`: the newest answers could not be learnt.
    """

    def __init__(self, db: Database, cache: Path, look_seconds: float = LOOK_SECONDS,
                 uptime: Callable[[], float] = time.monotonic):
        self._db, self._cache, self._look_seconds, self._uptime = db, cache, look_seconds, uptime
        self._looking, self._changing = threading.Lock(), threading.Lock()
        self._directory = agencies.Standing(db)
        self._stamp: tuple[int, ...] | None = None
        self._book: Book | None = None
        self._next_look = self._next_try = 0.0
        self._engine: Engine | None = None
        self._lesson = ""
        self._last_lesson = ("", "")
        self._learner: threading.Thread | None = None
        self._ending, self._getting_ready = threading.Event(), threading.Event()
        self.trouble = False

    @cached_property
    def shipped(self) -> Book:
        """The files that came with this release."""
        return catalog.load(catalog.SHIPPED)

    @property
    def book(self) -> Book:
        """What may be said now, at most LOOK_SECONDS old."""
        if self._book is None or self._uptime() >= self._next_look:
            self._look()
        return self._book

    def _look(self) -> None:
        """One looks at a time; the others go on with what is known, if anything is."""
        if not self._looking.acquire(blocking=self._book is None):
            return
        try:
            stamp = living.stamp(self._db)
            if self._book is None or stamp != self._stamp:
                self._book, self._stamp = living.living(self._db, self.shipped), stamp
            self._next_look = self._uptime() + self._look_seconds
        except SQLAlchemyError:
            if self._book is None:
                raise
            log.exception("could not look whether answers changed")
        finally:
            self._looking.release()

    @property
    def engine(self) -> "Engine":
        """The bot. The first to ask waits until it has learnt; after that nobody waits."""
        book = self.book
        with self._changing:
            if self._engine is None:
                self._engine, self._lesson = self.train(book), self._lesson_of(book)
            elif self._engine.book is not book or self._lesson_of(book) != self._lesson:
                self._follow(book)
            return self._engine

    def train(self, book: Book) -> "Engine":
        """A bot for any book; what it learnt is kept under the cache."""
        known = self._engine
        if known and self._lesson == self._lesson_of(book) and known.knows(book):
            return known.with_book(book)
        beside = partial(_learning().learn_beside, ending=self._ending)
        return _engines().Engine.train(book, self._cache, Besides(self._directory), beside)

    def get_ready(self) -> None:
        """Learns before anybody asks; to be left alone with it, in a thread."""
        self._getting_ready.set()
        try:
            with suppress(_learning().CutOff):
                _ = self.engine
        finally:
            self._getting_ready.clear()

    @property
    def at_hand(self) -> "Engine | FirstAid":
        """The bot; while it gets ready only help in danger, for which nobody waits."""
        learning = self._engine is None and self._getting_ready.is_set()
        return _first_aid().FirstAid(self.book) if learning else self.engine

    def close(self) -> None:
        """The process ends: what is being learnt is let go, and who waits for it hears beside.CutOff."""
        self._ending.set()

    def _lesson_of(self, book: Book) -> str:
        """Reading all questions over takes some milliseconds, and every message asks."""
        digest, lesson = self._last_lesson
        if digest != book.digest:
            lesson = _engines().lesson_of(book)
            self._last_lesson = (book.digest, lesson)
        return lesson

    def _follow(self, book: Book) -> None:
        if self._engine.book is not book and self._engine.knows(book):
            self._engine = self._engine.with_book(book)
        if self._lesson_of(book) != self._lesson and self._learner is None and self._uptime() >= self._next_try:
            self._learner = threading.Thread(target=self._learn, args=(book,), name="learn", daemon=True)
            self._learner.start()

    def _learn(self, book: Book) -> None:
        started, began = datetime.now(UTC), time.monotonic()
        try:
            engine = self.train(book)
        except _learning().CutOff:
            return
        except Exception as why:  # whatever it was: people are answered by what was learnt before
            log.exception("the newest answers could not be learnt")
            self.trouble, self._next_try = True, self._uptime() + AGAIN_SECONDS
            self._note(started, began, type(why).__name__)
        else:
            with self._changing:
                self._engine, self._lesson = engine, _engines().lesson_of(book)
            self.trouble = False
            self._note(started, began, None)
        finally:
            self._learner = None

    def _note(self, started: datetime, began: float, error: str | None) -> None:
        ms = round((time.monotonic() - began) * 1000)
        try:
            runs.note(self._db, name=LEARNING, started_at=started, ms=ms, counts={"learnt": error is None}, error=error)
        except Exception:  # the process may be ending
            log.exception("the learning could not be noted")
