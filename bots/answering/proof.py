"""What is to be mended in an answer before another person may be asked to approve it: the rules of `content check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bots.answering.content import Content
from bots.answering.living import overlaid
from messages import check
from messages.book import Book
from messages.check_rules import finding
from messages.errors import LANGUAGES
from sms import segments

#: Told, but no reason to wait: few questions, and the other language still to be written.
_ADVICE = ("check-few-questions", "check-language-missing")


@dataclass(frozen=True)
class Remark:
    """`blocking`: it cannot be submitted like this."""

    finding: check.Finding
    blocking: bool


def remarks(
    book: Book, topic: str, language: str, content: Content, *, today: date, other: Content | None = None
) -> list[Remark]:
    """What the rules say of `content` standing in `book`, what blocks it first. `other` is what somebody is writing in
    the other language, where the book has nothing yet.
    """
    over = {(topic, language): content}
    second = next(each for each in LANGUAGES if each != language)
    new = topic not in book.topics
    if new and other:
        over[topic, second] = other
    tried = overlaid(book, over, paired=False)
    found = [*check.of_topic(tried, topic, today=today, count=segments.count), *_empty(topic, language, content)]
    if new and not other:
        found.append(finding("check-language-missing", file=f"{second}/answers/{topic}.md", name=topic))
    if new and other and other.group != content.group:
        groups = ", ".join(sorted({other.group, content.group}))
        found.append(finding("content-groups-differ", topic=topic, groups=groups))
    told = [Remark(each, _blocks(each, second)) for each in found]
    return sorted(told, key=lambda remark: not remark.blocking)


def blocking(found: Sequence[Remark]) -> list[Remark]:
    return [each for each in found if each.blocking]


def _blocks(found: check.Finding, second: str) -> bool:
    """What is wrong with the other language is its own affair."""
    return found.code not in _ADVICE and not str(found.values.get("file", "")).startswith(f"{second}/")


def _empty(topic: str, language: str, content: Content) -> list[check.Finding]:
    texts = {name: getattr(content.answer, name) for name in ("chat", "sms", "sms_unaccented", "questions")}
    file = f"{language}/answers/{topic}.md"
    return [finding("check-part-missing", file=file, field=name) for name, text in texts.items() if not text]
