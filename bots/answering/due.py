"""What grows old: answers that expire, rest on old facts, were not read over lately, or did not help who asked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.answering import store
from db.engine import Database
from messages import check
from messages.book import Answer, Book, Fact

#: Days ahead that the list looks, and that the home page warns.
AHEAD, SOON = 60, 30
#: Days after which an answer should be read over, and days that complaints are counted back.
UNREAD_DAYS, HEARD_DAYS = 180, 90
#: A fact of so many years ago is old; one that is only fairly sure is sooner.
OLD_YEARS, FAIR_YEARS = 5, 2
#: So many complaints, and this share of those who asked, are no accident.
LEAST_COMPLAINTS, COMPLAINT_SHARE = 3, 0.1
#: The topic of somebody who says that the answer did not help.
COMPLAINT = "not-helpful"

#: The codes of reasons, the worst first.
WORST = ("expired", "unhelpful", "fact-ends", "unread", "fact-fair", "fact-old")

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Expiring:
    """`days` left; negative once it has expired."""

    topic: str
    language: str
    day: date
    days: int


@dataclass(frozen=True)
class Reason:
    """Why an answer should be read over. code: one of WORST.

    `fact` is the fact's id; `what` a day, a year, days, or how many of how many.
    """

    code: str
    what: str
    fact: str = ""


@dataclass(frozen=True)
class Stale:
    topic: str
    language: str
    reasons: tuple[Reason, ...]


def expired(book: Book, today: date) -> frozenset[str]:
    """The topics that may not be answered any more: one of their languages has expired."""
    return frozenset(topic for topic, _language, _day in check.expiring(book, before=today))


def expiring(book: Book, today: date, days: int = AHEAD) -> list[Expiring]:
    """The answers that expire within `days`, and those that have, soonest first."""
    found = check.expiring(book, before=today + timedelta(days=days + 1))
    return [Expiring(topic, language, day, (day - today).days) for topic, language, day in found]


def complaints(db: Database, now: datetime) -> dict[str, tuple[int, int]]:
    """Topic → (how often it was said not to help, how often it was answered) lately, where that is no accident."""
    since = now - timedelta(days=HEARD_DAYS)
    with db.reading() as c:
        asked, said = store.asked_since(c, since), store.unhelpful_since(c, since, COMPLAINT)
    often = {topic: (n, asked.get(topic, n)) for topic, n in said.items() if n >= LEAST_COMPLAINTS}
    return {topic: (n, of) for topic, (n, of) in often.items() if topic != COMPLAINT and n >= of * COMPLAINT_SHARE}


def stale(book: Book, today: date, complained: Mapping[str, tuple[int, int]] | None = None) -> list[Stale]:
    """The answers to read over, those with the worst reason first."""
    found = [
        Stale(topic.id, language, tuple(_reasons(book, topic.id, answer, today, complained or {})))
        for topic in book.topics.values()
        for language, answer in topic.answers.items()
    ]
    return sorted((each for each in found if each.reasons), key=_worst_first)


def _worst_first(each: Stale) -> tuple:
    return min(WORST.index(reason.code) for reason in each.reasons), -len(each.reasons), each.topic, each.language


def _reasons(
    book: Book, topic: str, answer: Answer, today: date, complained: Mapping[str, tuple[int, int]]
) -> Iterator[Reason]:
    if answer.expires < today:
        yield Reason("expired", answer.expires.isoformat())
    if (days := (today - answer.reviewed).days) > UNREAD_DAYS:
        yield Reason("unread", str(days))
    if topic in complained:
        n, of = complained[topic]
        yield Reason("unhelpful", f"{n}/{of}")
    for name in answer.sources:
        if fact := book.facts.get(name):
            yield from _of_fact(fact, today)


def _of_fact(fact: Fact, today: date) -> Iterator[Reason]:
    if fact.expires and fact.expires <= today + timedelta(days=AHEAD):
        yield Reason("fact-ends", fact.expires.isoformat(), fact.id)
    year = year_of(fact)
    if year and year <= today.year - OLD_YEARS:
        yield Reason("fact-old", str(year), fact.id)
    elif year and fact.confidence == "medium" and year <= today.year - FAIR_YEARS:
        yield Reason("fact-fair", str(year), fact.id)


def year_of(fact: Fact) -> int | None:
    """The newest year its source's date speaks of; None for an undated source."""
    return max(map(int, _YEAR.findall(fact.source_date)), default=None)
