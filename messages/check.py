"""What is wrong with the content in substance: lengths, sources, dates, twins, wording.

`load` has already seen its form. The rules that hold for every kind of content stand in check_rules.py, those of the
starter messages in check_starters.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from messages import lint
from messages.book import Answer, Book, Phrase, Topic
from messages.check_flags import flags
from messages.check_rules import (
    ONE_SEGMENT,
    TWO_SEGMENTS,
    Counter,
    Finding,
    contacts_in,
    dates,
    finding,
    fits,
    sourced,
    wording,
)
from messages.check_starters import starters
from messages.errors import LANGUAGES
from messages.folding import fold

__all__ = ["Finding", "check", "contacts_in", "expiring", "of_topic"]

LEAST_QUESTIONS = 40
MOST_PARAGRAPHS = 3
#: Groups that are conversation, not knowledge: they may rest on no fact.
WITHOUT_SOURCES = ("talk", "service")

_FIELD = re.compile(r"\{(\w+)\}")


def check(book: Book, *, today: date, count: Counter) -> list[Finding]:
    """Everything to correct in `book`; empty when it is in order. `count` measures a text as SMS."""
    known = lint.approved(book.facts, today)
    return [
        *_answers(book, book.topics.values(), today, count, known),
        *_questions(book.topics.values()),
        *_replies(book, count),
        *flags(book, count),
        *starters(book, today, count, known),
    ]


def of_topic(book: Book, topic: str, *, today: date, count: Counter) -> list[Finding]:
    """What `check` says about one topic of `book`, which may still lack a language."""
    alone = [book.topics[topic]]
    twice = [found for found in _questions(book.topics.values()) if topic in _topics_in(found)]
    return [*_answers(book, alone, today, count, lint.approved(book.facts, today)), *twice]


def _topics_in(found: Finding) -> list[str]:
    return str(found.values.get("topics", found.values.get("topic"))).split(", ")


def expiring(book: Book, *, before: date) -> list[tuple[str, str, date]]:
    """(topic, language, day) of the answers that expire before `before`, soonest first."""
    found = [
        (topic.id, language, answer.expires)
        for topic in book.topics.values()
        for language, answer in topic.answers.items()
        if answer.expires < before
    ]
    return sorted(found, key=lambda row: row[2])


def _answers(
    book: Book, topics: Iterable[Topic], today: date, count: Counter, known: lint.Approved
) -> Iterator[Finding]:
    for topic in topics:
        for language, answer in topic.answers.items():
            file = f"{language}/answers/{topic.id}.md"
            if not answer.sources and topic.group not in WITHOUT_SOURCES:
                yield finding("check-source-missing", file=file)
            texts = (answer.chat, answer.sms, answer.sms_unaccented)
            yield from sourced(book, file, answer.sources, texts, answer.expires)
            yield from fits(file, "sms", answer.sms_unaccented, TWO_SEGMENTS, language, count)
            yield from dates(file, answer.reviewed, answer.expires, today)
            yield from _answer(book, file, answer)
        if all(language in topic.answers for language in LANGUAGES):
            yield from _wording(topic, known)


def _answer(book: Book, file: str, answer: Answer) -> Iterator[Finding]:
    for choice in answer.choices:
        if choice not in book.topics:
            yield finding("content-choice-unknown", file=file, choice=choice)
    paragraphs = len(answer.chat.split("\n\n"))
    if paragraphs > MOST_PARAGRAPHS:
        yield finding("check-paragraphs", file=file, n=paragraphs, most=MOST_PARAGRAPHS)


def _wording(topic: Topic, known: lint.Approved) -> Iterator[Finding]:
    """The forms sent by SMS say the same, and nothing a campaign message may not say."""
    vi, en = topic.answers["vi"], topic.answers["en"]
    found = lint.check(vi=vi.sms, vi_unaccented=vi.sms_unaccented, en=en.sms, approved=known)
    yield from wording(f"answers/{topic.id}.md", found)


def _questions(topics: Iterable[Topic]) -> Iterator[Finding]:
    homes: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        questions = [question for answer in topic.answers.values() for question in answer.questions]
        if len(questions) < LEAST_QUESTIONS:
            yield finding("check-few-questions", topic=topic.id, n=len(questions), least=LEAST_QUESTIONS)
        for question in questions:
            homes[" ".join(fold(question).split())].add(topic.id)
    for question, where in sorted(homes.items()):
        if len(where) > 1:
            yield finding("check-question-twice", question=question, topics=", ".join(sorted(where)))


def _replies(book: Book, count: Counter) -> Iterator[Finding]:
    every = {name for phrases in book.phrases.values() for name in phrases}
    for name in sorted(every):
        forms = {language: book.phrases[language].get(name) for language in LANGUAGES}
        for language, phrase in forms.items():
            file = f"{language}/replies.toml"
            if phrase is None:
                yield finding("check-language-missing", file=file, name=name)
                continue
            most = ONE_SEGMENT if name.startswith("red_") else TWO_SEGMENTS
            yield from fits(file, f"{name}.sms", _FIELD.sub("", phrase.sms_unaccented), most, language, count)
            yield from sourced(book, file, phrase.sources, (phrase.chat, phrase.sms, phrase.sms_unaccented))
        yield from _same_fields(name, [phrase for phrase in forms.values() if phrase])


def _same_fields(name: str, phrases: list[Phrase]) -> Iterator[Finding]:
    """A field may stand in the chat form alone (SMS is short), but vi and en must agree form by form."""
    for forms in zip(*((each.chat, each.sms, each.sms_unaccented) for each in phrases), strict=True):
        fields = {frozenset(_FIELD.findall(form)) for form in forms}
        if len(fields) > 1:
            yield finding("check-fields-differ", name=name, fields=", ".join(sorted(set().union(*fields))))
