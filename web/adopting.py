"""Groups of answers, and what is in them, in an officer's words; and the warning while help lines were never called."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from bots import adoption
from bots.adoption import GroupState
from bots.help_lines import Line
from bots.wordings import FLAGS, PHRASES, Said, spoken, texts
from messages.book import Answer, Book
from web import answer_words
from web.adopting_words import SENTENCES, SIGNS, source_day
from web.here import now, reader, rt

#: The words for a group: those of topics, and the bot's own sentences.
GROUPS = {
    PHRASES: _l("Help in danger, and the machine’s own sentences"),
    **answer_words.GROUPS,
    FLAGS: _l("Signs of danger in job offers"),
}
#: The parts of what is said, as bots.wordings names them.
PARTS = {
    "chat": _l("In a chat"),
    "reason": _l("Why it is a sign"),
    "ask": _l("What to ask"),
    "sms": _l("By SMS, with accents"),
    "sms_unaccented": _l("By SMS, without accents"),
}
OUTCOMES = {
    "answered": _l("somebody answered, and it is the right place"),
    "unanswered": _l("nobody answered"),
    "wrong": _l("wrong number"),
}


@dataclass(frozen=True)
class Entry:
    """One answer or phrase as it will be said: by language its forms (words, text); its sources and days."""

    name: str
    title: str
    adopted: bool
    languages: tuple[tuple[str, tuple[tuple[object, str], ...]], ...]
    sources: tuple[str, ...]
    answer: Answer | None


def group_words(group: str) -> str:
    return str(GROUPS.get(group, group))


def title_of(book: Book, name: str) -> str:
    """What an officer calls a topic or one of the bot's own sentences."""
    if name in book.topics:
        return book.answer(name, reader()).title
    phrase = name.partition(":")[2]
    sign = phrase.removeprefix("flag_")
    return str(SENTENCES.get(phrase) or SIGNS.get(sign) or sign.replace("-", " "))


def entries(state: GroupState) -> list[Entry]:
    """Everything in a group, as it will be said."""
    return [_entry(rt.book, name, name not in state.open) for name in state.topics]


def _entry(book: Book, name: str, adopted: bool) -> Entry:
    said = spoken(book, name)
    sources = dict.fromkeys(fact for each in said.values() for fact in each.sources if fact in book.facts)
    return Entry(
        name=name, title=title_of(book, name), adopted=adopted,
        languages=tuple((language, _forms(language, each)) for language, each in said.items()),
        sources=tuple(dict.fromkeys(_source(book, fact) for fact in sources)),
        answer=book.answer(name, reader()) if name in book.topics else None,
    )


def _forms(language: str, said: Said) -> tuple[tuple[object, str], ...]:
    """The title stands above; English has one SMS form."""
    found = {part: text for part, text in texts(said).items() if part in PARTS}
    if language == "vi":
        return tuple((PARTS[part], text) for part, text in found.items())
    del found["sms_unaccented"]
    return tuple((_l("By SMS") if part == "sms" else PARTS[part], text) for part, text in found.items())


def _source(book: Book, fact: str) -> str:
    """Publisher, title and the source's own date."""
    parts = [part.strip() for part in book.facts[fact].source.split("|")[:2]]
    return f"{' – '.join(parts)} ({source_day(book.facts[fact].source_date)})"


def claims(book: Book, line: Line) -> list[str]:
    """What the facts behind a help line say, in the reader's language."""
    return [book.facts[fact].claim_vi if reader() == "vi" else book.facts[fact].claim_en for fact in line.facts]


@dataclass(frozen=True)
class Unproven:
    """Help lines told to people in danger that nobody has called, and the doors they are told at."""

    numbers: str
    doors: str


def unproven() -> Unproven | None:
    """None while nothing leaves this machine, or when every line was called."""
    doors = rt.doors_out
    numbers = adoption.untested(rt.db, rt.book, now()) if doors else ()
    return Unproven(", ".join(numbers), ", ".join(doors)) if numbers else None
