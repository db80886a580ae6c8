"""What is wrong with the content in substance: lengths, sources, dates, twins. `load` has already seen its form."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from messages.book import Answer, Book, Phrase, Topic
from messages.errors import LANGUAGES, sentence
from messages.folding import fold

#: An answer by SMS is at most two segments: 2 x 153 septets (3GPP TS 23.040). Red replies and little ones fit one.
TWO_SEGMENTS, ONE_SEGMENT = 306, 160
LEAST_QUESTIONS = 40
MOST_PARAGRAPHS = 3
#: Groups that are conversation, not knowledge: they may rest on no fact.
WITHOUT_SOURCES = ("talk", "service")

#: Emergency and service numbers of three or four digits anywhere in the world: never written without a source.
_SHORT_NUMBERS = "110|111|112|113|114|115|117|118|119|122|155|165|191|911|995|997|998|999|1345|1350|1577|1644|1955"
_PHONE = re.compile(
    r"(?<![\w.,/–-])(?:\+\d[\d .()-]{6,}\d|0\d[\d .()-]{5,}\d|1[89]00[ .]?\d{3}[\d ]*\d|"
    rf"(?:{_SHORT_NUMBERS})(?![\d%]|[.,/–]\d| (?:người|nguoi|triệu|trieu|bảng|bang|people|pounds|million|dong|đồng)))"
)
_ADDRESS = re.compile(r"(?<![\w.@])(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?![\w@])", re.IGNORECASE)
_FIELD = re.compile(r"\{(\w+)\}")
#: Without accents đừng (do not), đúng (right) and dùng (use) are one word: "Dung nop tien" may be read as "Right, pay".
_AMBIGUOUS = re.compile(r"(?<!noi )(?<!su )(?<!tuyen )(?<!xay )(?<!ap )\bdung\b", re.IGNORECASE)


class Count(Protocol):
    """What the SMS room says of a text: `units` septets or UTF-16 units; `offending` letters outside GSM-7."""

    units: int
    offending: tuple[str, ...]


Counter = Callable[[str], Count]


@dataclass(frozen=True)
class Finding:
    """One thing to correct; `code` names the sentence in errors.toml."""

    code: str
    values: dict[str, object]

    def sentence(self, language: str) -> str:
        return sentence(self.code, language, **self.values)


def check(book: Book, *, today: date, count: Counter) -> list[Finding]:
    """Everything to correct in `book`; empty when it is in order. `count` measures a text as SMS."""
    return [
        *_answers(book, today, count),
        *_questions(book.topics.values()),
        *_replies(book, count),
        *_starters(book, count),
    ]


def expiring(book: Book, *, before: date) -> list[tuple[str, str, date]]:
    """(topic, language, day) of the answers that expire before `before`, soonest first."""
    found = [
        (topic.id, language, answer.expires)
        for topic in book.topics.values()
        for language, answer in topic.answers.items()
        if answer.expires < before
    ]
    return sorted(found, key=lambda row: row[2])


def _finding(code: str, **values: object) -> Finding:
    return Finding(code, values)


def _answers(book: Book, today: date, count: Counter) -> Iterator[Finding]:
    for topic in book.topics.values():
        for language, answer in topic.answers.items():
            file = f"{language}/answers/{topic.id}.md"
            if not answer.sources and topic.group not in WITHOUT_SOURCES:
                yield _finding("check-source-missing", file=file)
            yield from _sourced(book, file, answer.sources, (answer.chat, answer.sms, answer.sms_unaccented))
            yield from _fits(file, "sms", answer.sms_unaccented, TWO_SEGMENTS, language, count)
            yield from _dates(file, answer, today)
            for choice in answer.choices:
                if choice not in book.topics:
                    yield _finding("content-choice-unknown", file=file, choice=choice)
            paragraphs = len(answer.chat.split("\n\n"))
            if paragraphs > MOST_PARAGRAPHS:
                yield _finding("check-paragraphs", file=file, n=paragraphs, most=MOST_PARAGRAPHS)


def _dates(file: str, answer: Answer, today: date) -> Iterator[Finding]:
    if answer.reviewed > answer.expires:
        yield _finding("check-dates", file=file, reviewed=answer.reviewed, expires=answer.expires)
    if answer.expires < today:
        yield _finding("check-expired", file=file, day=answer.expires)


def _sourced(book: Book, file: str, sources: Iterable[str], texts: Iterable[str]) -> Iterator[Finding]:
    """Every source exists, and every phone number and web address stands in one of them."""
    cited = []
    for source in sources:
        if source in book.facts:
            cited.append(book.facts[source])
        else:
            yield _finding("check-source-unknown", file=file, source=source)
    for part in sorted({part for text in texts for part in contacts_in(text)}):
        if not any(fact.supports(part) for fact in cited):
            yield _finding("check-unsourced", file=file, part=part)


def contacts_in(text: str) -> list[str]:
    """The phone numbers and web addresses written in `text`.

    >>> contacts_in("Gọi 111 hoặc +84 981 84 84 84, xem www.dolab.gov.vn. Có 111 người, 10.000 bảng, 23/10/2019.")
    ['111', '+84 981 84 84 84', 'www.dolab.gov.vn']
    """
    return [*_PHONE.findall(text), *_ADDRESS.findall(text)]


def _fits(file: str, field: str, text: str, most: int, language: str, count: Counter) -> Iterator[Finding]:
    measured = count(text)
    if measured.offending:
        yield _finding("check-not-gsm7", file=file, field=field, letters="".join(measured.offending))
    elif measured.units > most:
        yield _finding("check-text-too-long", file=file, field=field, units=measured.units, most=most)
    if language == "vi" and not text.isascii():
        letters = "".join(dict.fromkeys(letter for letter in text if not letter.isascii()))
        yield _finding("check-accented", file=file, field=field, letters=letters)
    if language == "vi" and (found := _AMBIGUOUS.search(text)):
        yield _finding("check-ambiguous", file=file, field=field, word=found[0])


def _questions(topics: Iterable[Topic]) -> Iterator[Finding]:
    homes: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        questions = [question for answer in topic.answers.values() for question in answer.questions]
        if len(questions) < LEAST_QUESTIONS:
            yield _finding("check-few-questions", topic=topic.id, n=len(questions), least=LEAST_QUESTIONS)
        for question in questions:
            homes[" ".join(fold(question).split())].add(topic.id)
    for question, where in sorted(homes.items()):
        if len(where) > 1:
            yield _finding("check-question-twice", question=question, topics=", ".join(sorted(where)))


def _replies(book: Book, count: Counter) -> Iterator[Finding]:
    every = {name for phrases in book.phrases.values() for name in phrases}
    for name in sorted(every):
        forms = {language: book.phrases[language].get(name) for language in LANGUAGES}
        for language, phrase in forms.items():
            file = f"{language}/replies.toml"
            if phrase is None:
                yield _finding("check-language-missing", file=file, name=name)
                continue
            most = ONE_SEGMENT if name.startswith("red_") else TWO_SEGMENTS
            yield from _fits(file, f"{name}.sms", _FIELD.sub("", phrase.sms_unaccented), most, language, count)
            yield from _sourced(book, file, phrase.sources, (phrase.chat, phrase.sms, phrase.sms_unaccented))
        yield from _same_fields(name, [phrase for phrase in forms.values() if phrase])


def _same_fields(name: str, phrases: list[Phrase]) -> Iterator[Finding]:
    """A field may stand in the chat form alone (SMS is short), but vi and en must agree form by form."""
    for forms in zip(*((each.chat, each.sms, each.sms_unaccented) for each in phrases), strict=True):
        fields = {frozenset(_FIELD.findall(form)) for form in forms}
        if len(fields) > 1:
            yield _finding("check-fields-differ", name=name, fields=", ".join(sorted(set().union(*fields))))


def _starters(book: Book, count: Counter) -> Iterator[Finding]:
    for name, forms in book.starters.items():
        for language, starter in forms.items():
            file = f"{language}/sms/{name}.md"
            yield from _sourced(book, file, starter.sources, (starter.text, starter.unaccented))
            yield from _fits(file, "text", starter.unaccented, TWO_SEGMENTS, language, count)
            if not starter.sources:
                yield _finding("check-source-missing", file=file)
