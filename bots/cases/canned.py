"""Approved answers that staff put into a reply, found by words with or without accents. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from messages.book import Answer, Book
from messages.folding import fold

#: Somebody types, and every letter looks through all answers again.
_folded = lru_cache(maxsize=2048)(fold)


@dataclass(frozen=True)
class Canned:
    """An approved answer, ready to be put into a reply."""

    topic: str
    title: str
    text: str


def canned(
    book: Book, language: str, channel: str, words: str, limit: int = 8, may_say: frozenset[str] | None = None
) -> list[Canned]:
    """Approved answers whose title, questions or text hold all `words` (none: every answer): by title first, then by
    question, then by text.

    `channel` is "chat", "sms" (unaccented) or "sms-accented"; only what `may_say` names (None: everything).
    """
    wanted = fold(words).split()
    answers = _answers(book, language, may_say)
    ranked = [(rank, topic, answer) for topic, answer in answers if (rank := _rank(answer, wanted)) is not None]
    best = sorted(ranked, key=lambda found: found[0])[:limit]
    return [Canned(topic, answer.title, answer.text(channel).strip()) for _, topic, answer in best]


def _answers(book: Book, language: str, may_say: frozenset[str] | None) -> Iterator[tuple[str, Answer]]:
    for topic in book.topics.values():
        if language in topic.answers and (may_say is None or topic.id in may_say):
            yield topic.id, topic.answers[language]


def _rank(answer: Answer, wanted: list[str]) -> int | None:
    """How far down one must read until all `wanted` words were met; None when they never are."""
    read = ""
    for rank, part in enumerate((answer.title, "\n".join(answer.questions), answer.chat)):
        read = f"{read} {_folded(part)}"
        if all(word in read for word in wanted):
            return rank
    return None
