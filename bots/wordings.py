"""What there is to adopt (answers, own phrases, signs of danger in offers), and a digest of what each says. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

from bots.model import phrase_key
from messages.book import Answer, Book, Flag, Phrase

#: The bot's own phrases, and the signs of danger in offers, are groups beside those of the topics.
PHRASES, FLAGS = "phrases", "flags"
#: `may_say` names a sign as a phrase, with this before its id.
_FLAG = phrase_key("flag_")
#: The texts people are told, in this order.
_TEXTS = ("title", "chat", "reason", "ask", "sms", "sms_unaccented")

Said = Answer | Phrase | Flag

#: Name (a topic, or a phrase as `phrase_key` names it) → language → digest.
Digests = Mapping[str, Mapping[str, str]]


def groups(book: Book) -> dict[str, tuple[str, ...]]:
    """Group → the names in it, in the book's order; the phrases, which every reply leans on, first."""
    found: dict[str, list[str]] = {PHRASES: [phrase_key(name) for name in book.phrases.get("vi", ())]}
    for topic in book.topics.values():
        found.setdefault(topic.group, []).append(topic.id)
    found[FLAGS] = [f"{_FLAG}{name}" for name in book.flags.get("vi", ())]
    return {group: tuple(names) for group, names in found.items() if names}


def spoken(book: Book, name: str) -> dict[str, Said]:
    """Language → what is said under `name`."""
    if name in book.topics:
        return dict(book.topics[name].answers)
    if name.startswith(_FLAG):
        own, kind = name.removeprefix(_FLAG), book.flags
    else:
        own, kind = name.removeprefix(phrase_key("")), book.phrases
    return {language: those[own] for language, those in kind.items() if own in those}


def texts(said: Said) -> dict[str, str]:
    """Part → text of everything a person may be told."""
    return {part: getattr(said, part) for part in _TEXTS if hasattr(said, part)}


def digest(said: Said) -> str:
    """Hex SHA-256 of everything a person is told: title, every form, sources. Example questions are not said."""
    level = said.level if isinstance(said, Flag) else ""
    parts = (level, *texts(said).values(), *said.sources)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def digests(book: Book, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """What each of `names` says now."""
    return {name: {language: digest(said) for language, said in spoken(book, name).items()} for name in names}


def digest_of_all(found: Digests) -> str:
    """One digest over many: what somebody read on one page."""
    lines = (f"{name} {language} {one}" for name in sorted(found) for language, one in sorted(found[name].items()))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
