"""Which lines may be taken from a group: nothing personal, and as outside lines nothing that is ours. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bots.model import Context, Heard
from bots.unanswered.masking import HIDDEN, masked, words_left
from messages.book import Book
from messages.errors import Mistake
from messages.folding import fold

if TYPE_CHECKING:  # it brings NumPy and SciPy along
    from bots.engine import Engine

#: Lines taken at once, and letters of one.
MOST_LINES, LONGEST = 20, 200
#: What the bot answers this surely is ours.
SURE = 0.8


def chosen(lines: str | Iterable[str]) -> list[str]:
    """The lines somebody chose, each once. Raises Mistake: lines-missing, lines-too-many, line-too-long, line-hidden
    (something is still hidden in it), line-personal (it looks like a number or a name).
    """
    given = lines.splitlines() if isinstance(lines, str) else lines
    found = [line for line in dict.fromkeys(" ".join(line.split()) for line in given) if line]
    if not found:
        raise Mistake("lines-missing")
    if len(found) > MOST_LINES:
        raise Mistake("lines-too-many", most=MOST_LINES)
    for line in found:
        _must_be_clean(line)
    return found


def _must_be_clean(line: str) -> None:
    if len(line) > LONGEST:
        raise Mistake("line-too-long", text=line[:40], most=LONGEST)
    if HIDDEN in line or not words_left(line):
        raise Mistake("line-hidden", text=line[:60])
    if HIDDEN in (hidden := masked(line)):
        raise Mistake("line-personal", text=line[:60], masked=hidden[:60])


def must_be_outside(engine: "Engine", texts: Iterable[str]) -> None:
    """Raises Mistake: line-is-example, line-is-danger, line-is-answered (the bot is sure of a topic)."""
    ours = examples(engine.book)
    for text in texts:
        if topic := ours.get(fold(text)):
            raise Mistake("line-is-example", text=text[:60], topic=topic)
        said = engine.respond(Heard(text, context=Context(greeted=True)))
        if said.danger != "none":
            raise Mistake("line-is-danger", text=text[:60])
        if said.topic and said.confidence >= SURE:
            raise Mistake("line-is-answered", text=text[:60], topic=said.topic, percent=round(said.confidence * 100))


def examples(book: Book) -> dict[str, str]:
    """Folded example question or title → its topic."""
    return {fold(question): topic for question, topic in questions(book)}


def questions(book: Book) -> list[tuple[str, str]]:
    """(example question or title, its topic), both languages."""
    return [
        (question, topic.id)
        for topic in book.topics.values()
        for answer in topic.answers.values()
        for question in (answer.title, *answer.questions)
    ]
