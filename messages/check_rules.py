"""The rules of `check.py` that hold for every kind of content: lengths, dates, sources, wording."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from messages import lint
from messages.book import Book
from messages.errors import sentence
from messages.lint import ambiguous, links, phones
from messages.lint.text import text_of

#: A text by SMS is at most two segments: 2 x 153 septets (3GPP TS 23.040). Red replies and little ones fit one.
TWO_SEGMENTS, ONE_SEGMENT = 306, 160
#: Facts that may be said.
_SURE_ENOUGH = ("high", "medium")


class Count(Protocol):
    """What the SMS room says of a text: `units` septets or UTF-16 units; `offending` letters outside GSM-7."""

    units: int
    offending: tuple[str, ...]


Counter = Callable[[str], Count]


@dataclass(frozen=True)
class Finding:
    """One thing to correct; `code` names the sentence in errors.toml. `wording` is what the lint found."""

    code: str
    values: dict[str, object]
    wording: lint.Finding | None = None

    def sentence(self, language: str) -> str:
        said = {"words": lint.words(self.wording, language)} if self.wording else {}
        return sentence(self.code, language, **self.values, **said)


def finding(code: str, **values: object) -> Finding:
    return Finding(code, values)


def dates(file: str, reviewed: date, expires: date, today: date) -> Iterator[Finding]:
    if reviewed > expires:
        yield finding("check-dates", file=file, reviewed=reviewed, expires=expires)
    if expires < today:
        yield finding("check-expired", file=file, day=expires)


def sourced(
    book: Book, file: str, sources: Iterable[str], texts: Iterable[str], expires: date | None = None
) -> Iterator[Finding]:
    """Every source exists, is sure enough and lasts until `expires`; every number and address stands in one of them."""
    cited = []
    for source in sources:
        fact = book.facts.get(source)
        if fact is None:
            yield finding("check-source-unknown", file=file, source=source)
            continue
        cited.append(fact)
        if fact.confidence not in _SURE_ENOUGH:
            yield finding("check-source-weak", file=file, source=source)
        if fact.expires and expires and expires > fact.expires:
            yield finding("check-outlives-source", file=file, source=source, day=fact.expires)
    for part in sorted({part for text in texts for part in contacts_in(text)}):
        if not any(fact.supports(part) for fact in cited):
            yield finding("check-unsourced", file=file, part=part)


def contacts_in(text: str) -> list[str]:
    """The phone numbers and web addresses written in `text`.

    >>> contacts_in("Gọi 111 hoặc +84 981 84 84 84, xem www.dolab.gov.vn. Có 111 người, 10.000 bảng, 23/10/2019.")
    ['111', '+84 981 84 84 84', 'www.dolab.gov.vn']
    """
    read = text_of("vi", text)
    return [*(number.quote for number in phones.numbers(read)), *(link.host for link in links.read(read))]


def fits(file: str, field: str, text: str, most: int, language: str, count: Counter) -> Iterator[Finding]:
    measured = count(text)
    if measured.offending:
        yield finding("check-not-gsm7", file=file, field=field, letters="".join(measured.offending))
    elif measured.units > most:
        yield finding("check-text-too-long", file=file, field=field, units=measured.units, most=most)
    if language == "vi" and not text.isascii():
        letters = "".join(dict.fromkeys(letter for letter in text if not letter.isascii()))
        yield finding("check-accented", file=file, field=field, letters=letters)
        return
    for doubtful in ambiguous.check({"vi-unaccented": text_of("vi-unaccented", text)} if language == "vi" else {}):
        yield finding("check-ambiguous", file=file, field=field, word=doubtful.quote)


def wording(name: str, found: Iterable[lint.Finding], besides: tuple[str, ...] = ()) -> Iterator[Finding]:
    """What the lint would stop in a campaign, and the advice with a code of `besides`; `name` is that of both files."""
    for one in found:
        if one.level == "stop" or one.code in besides:
            language = "en" if one.form == "en" else "vi"
            yield Finding("check-wording", {"file": f"{language}/{name}"}, one)
