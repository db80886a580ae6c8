"""The numbers people are told to call: which, in what they are said, and the facts that carry them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots.wordings import Said, groups, spoken, texts
from messages.book import Book
from messages.lint import phones
from messages.lint.text import text_of

#: Emergency services: nobody calls them to try the number out. Staff confirm them in another way and note how.
EMERGENCY = frozenset({"112", "113", "114", "115", "999"})


@dataclass(frozen=True)
class Line:
    """`key` is the same for every spelling of the number; `said_in` are topics and phrases, `facts` fact ids."""

    key: str
    number: str
    facts: tuple[str, ...]
    said_in: tuple[str, ...]

    @property
    def emergency(self) -> bool:
        return self.key in EMERGENCY


def lines_of(book: Book, group: str) -> tuple[Line, ...]:
    """Every number said in the answers (or phrases) of `group`, in the order it is met."""
    return lines_in(book, groups(book).get(group, ()))


def lines_in(book: Book, names: Sequence[str]) -> tuple[Line, ...]:
    """Every number said under `names`."""
    found: dict[str, Line] = {}
    for name in names:
        for language, said in spoken(book, name).items():
            for number in _numbers(said, language):
                before = found.get(number.key) or Line(number.key, number.quote, (), ())
                facts = (*before.facts, *_carrying(book, said.sources, number.quote))
                found[number.key] = Line(number.key, before.number, _once(facts), _once((*before.said_in, name)))
    return tuple(found.values())


def _numbers(said: Said, language: str) -> Iterator[phones.Number]:
    for part, text in texts(said).items():
        form = "vi-unaccented" if (language, part) == ("vi", "sms_unaccented") else language
        yield from phones.numbers(text_of(form, text))


def _carrying(book: Book, sources: Sequence[str], number: str) -> list[str]:
    return [fact for fact in sources if fact in book.facts and book.facts[fact].supports(number)]


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
