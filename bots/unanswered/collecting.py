"""Takes in what was not answered or did not help: masked, sealed, put with what is alike. Two workers at once do no
harm: who comes second finds that it is done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bots.answering.due import COMPLAINT
from bots.language import detect
from bots.unanswered import store
from bots.unanswered.grouping import Gathered
from bots.unanswered.masking import masked, words_left
from bots.unanswered.model import ABSTAINED, NOT_HELPFUL, SEALED_AS, week_of
from bots.unanswered.nearness import likeness_of
from campaigns import homes
from campaigns.homes import Home
from db.engine import Database
from db.seal import CannotOpen
from messages.book import Book

#: A message is looked at once it is so old: on PostgreSQL an earlier one may be written after a later one.
SETTLED = timedelta(seconds=60)
#: New questions are compared with those of so long, and with so many of them.
REMEMBERED, MOST = timedelta(days=180), 10_000
#: Who judges an answer does so soon; what is older was looked at often enough.
JUDGED = timedelta(days=30)
#: A question has so many words at least, and so many letters at most: a pasted page asks nothing.
FEWEST_WORDS, LONGEST = 2, 600


@dataclass(frozen=True)
class Hard:
    """A question that is to be kept: `text` is masked."""

    turn_id: int
    language: str
    text: str
    why: str
    area: str | None
    at: datetime


def collect(db: Database, book: Book, *, now: datetime, limit: int = 500) -> Mapping[str, int]:
    """Takes in what was heard since the last time, and answers judged not to help since; {} when there is nothing."""
    with db.reading() as c:
        seen, up_to = store.seen(c), store.settled(c, now - SETTLED)
        rows = store.heard(c, seen, up_to, COMPLAINT, limit)
        found = [*_meant(c, rows), *((row, NOT_HELPFUL) for row in store.unhelped(c, now - JUDGED, limit))]
        questions = _hard(db, c, found) if found else []
    last = rows[-1].id if len(rows) == limit else max(up_to, seen)
    if last == seen and not questions:
        return {}
    placed = _placed(db, book, questions, now) if questions else []
    with db.transaction() as c:
        if store.seen(c, lock=True) != seen:
            return {}  # another worker was here
        kept = _kept(db, c, placed)
        store.see(c, last)
    return {"questions": kept} if kept else {}


def _meant(c: Connection, rows: Iterable) -> Iterator[tuple[object, str]]:
    """The message and why it is hard; of a complaint, the question before it."""
    for row in rows:
        if row.topic != COMPLAINT:
            yield row, ABSTAINED
        elif meant := store.before(c, row.conversation_id, row.id, COMPLAINT):
            yield meant, NOT_HELPFUL if meant.topic else ABSTAINED


def _hard(db: Database, c: Connection, found: Iterable[tuple[object, str]]) -> list[Hard]:
    """What can be read, is a question, and was not sent by somebody made up."""
    found = [(row, why, text) for row, why in found if (text := _question(db, row.text_sealed))]
    known = homes.homes(c, list({row.person_index for row, _, _ in found if row.platform == "sms"}))
    began = homes.communes(c, {row.came_by for row, _, _ in found if row.came_by})
    nobody = Home(None, False)
    at_home = [(row, why, text, known.get(bytes(row.person_index), nobody)) for row, why, text in found]
    return [
        Hard(row.id, row.language or "vi", text, why, row.came_by if row.came_by in began else home.area, row.at)
        for row, why, text, home in at_home
        if not home.made_up
    ]


def _question(db: Database, sealed: bytes) -> str:
    """ "" for what cannot be opened or asks nothing we could learn from."""
    try:
        text = db.seal.open(sealed, "turns.text")
    except CannotOpen:
        return ""
    if len(text) > LONGEST or detect(text).language == "other":
        return ""
    hidden = masked(text)
    return hidden if words_left(hidden) >= FEWEST_WORDS else ""


def _placed(db: Database, book: Book, questions: Sequence[Hard], now: datetime) -> list[tuple[Hard, int]]:
    """Each with its group: of those that are new, numbers below zero."""
    with db.reading() as c:
        rows = store.members(c, now - REMEMBERED, MOST)
    members: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        members.setdefault(row.language, []).append((row.group_id, opened(db, row.text_sealed)))
    likeness = likeness_of(book)
    placed = []
    for language in {question.language for question in questions}:
        gathered = Gathered(likeness, members.get(language, ()))
        for question in questions:
            if question.language == language:
                group = gathered.place(question.text)
                group = -question.turn_id if group is None else group
                gathered.add(group, question.text)
                placed.append((question, group))
    return placed


def _kept(db: Database, c: Connection, placed: Iterable[tuple[Hard, int]]) -> int:
    """Writes the questions down and opens the groups they need; how many were in none before."""
    made: dict[int, int] = {}
    kept = 0
    for question, group in placed:
        if store.is_known(c, question.turn_id):
            continue
        if group < 0 and group not in made:
            made[group] = store.add_group(c, question.language, question.at)
        group = made.get(group, group)
        sealed = db.seal.seal(question.text, SEALED_AS)
        store.add_question(c, turn_id=question.turn_id, group_id=group, why=question.why, text_sealed=sealed,
                           area=question.area, week=week_of(question.at), at=question.at)
        store.touch(c, group, question.at)
        kept += 1
    return kept


def opened(db: Database, sealed: bytes) -> str:
    """The masked text; "" for what cannot be opened any more."""
    try:
        return db.seal.open(sealed, SEALED_AS)
    except CannotOpen:
        return ""
