"""Putting approved sentences together: which form, which language, how much fits. Nothing is worded here."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.model import Choice, phrase_key
from messages.book import Book
from sms import segments
from sms.unaccent import unaccent

#: An SMS reply is at most this many segments.
MOST_SEGMENTS = 2
#: Said whether adopted or not, as is every red_…: nobody who cries for help or says stop may meet silence, and somebody
#: must say that a person will answer (docs/decisions/0006-adoption.md).
ALWAYS_SAID = frozenset({"opted_out", "opted_in", "not_adopted"})


@dataclass(frozen=True)
class Voice:
    """How one reply is spoken: `accented`: the person writes Vietnamese with accents. What `may_say` does not name is
    the empty text.
    """

    book: Book
    language: str
    channel: str
    accented: bool = True
    may_say: frozenset[str] | None = None

    def may(self, topic: str) -> bool:
        """Whether the answer to `topic` may be said here."""
        return self.may_say is None or topic in self.may_say

    def sayable(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Those of `topics` that may be said here."""
        return tuple(topic for topic in topics if self.may(topic))

    def _may_phrase(self, name: str) -> bool:
        return name in ALWAYS_SAID or name.startswith("red_") or self.may(phrase_key(name))

    def phrase(self, name: str, **values: object) -> str:
        """The bot's own sentence `name`, in the form that fits."""
        if not self._may_phrase(name):
            return ""
        return self._fitting(lambda form: self.book.phrase(name, self.language, form, **values))

    def answer(self, topic: str) -> str:
        """The approved answer to `topic`, in the form that fits."""
        if not self.may(topic):
            return ""
        return self._fitting(lambda form: self.book.answer(topic, self.language).text(form))

    def choices(self, topics: Sequence[str]) -> tuple[Choice, ...]:
        """Buttons for `topics`: pressing one says its title."""
        titles = [self.book.answer(topic, self.language).title for topic in topics]
        return tuple(Choice(title, title) for title in titles)

    def offering(self, name: str, topics: Sequence[str]) -> str:
        """The phrase `name` with the numbered titles of `topics` in its field {choices}."""
        if not self._may_phrase(name) or not self.sayable(topics):
            return ""
        return self._fitting(
            lambda form: self.book.phrase(name, self.language, form, choices=self._numbered(topics, form))
        )

    def _numbered(self, topics: Sequence[str], form: str) -> str:
        """A line each in a chat, one line in an SMS."""
        titles = [self.book.answer(topic, self.language).title for topic in topics]
        if form == "chat":
            return "\n".join(f"{place}. {title}" for place, title in enumerate(titles, start=1))
        listed = ", ".join(f"{place} {title}" for place, title in enumerate(titles, start=1))
        return unaccent(listed) if form == "sms" else listed

    def joined(self, *parts: str) -> str:
        """`parts` one after the other, as paragraphs in a chat."""
        return ("\n\n" if self.channel == "chat" else " ").join(part for part in parts if part)

    def fits(self, text: str) -> bool:
        """Whether `text` may be sent as one reply."""
        return self.channel == "chat" or segments.count(text).segments <= MOST_SEGMENTS

    def _with_accents(self) -> bool:
        return self.language == "vi" and self.accented

    def _fitting(self, text_of) -> str:
        """Chat as it is; an SMS with accents to who writes with accents, if it fits, else without."""
        if self.channel == "chat":
            return text_of("chat")
        accented = text_of("sms-accented") if self._with_accents() else None
        return accented if accented and self.fits(accented) else text_of("sms")
