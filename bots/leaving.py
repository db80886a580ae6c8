"""What is added to a reply as it leaves: that it comes late, its choices as numbers, whether it may be judged. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bots import judgeable
from bots.model import Choice
from bots.platform import SMS, ChatTraits, channel_of
from bots.speech import Voice
from messages.book import Book

#: A reply that leaves longer than this after the message it answers says so.
LATE = timedelta(minutes=10)
#: Where the people live whom a time is told.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Topics whose reply says no more than a phrase of its own, adopted by itself.
_OF_PHRASES = ("opt-out", "opt-in", "switch-language")


@dataclass(frozen=True)
class Door:
    """What is known where replies leave. `may_say(platform, gateway)` names what may be said there, None everything."""

    book: Book
    may_say: Callable[[str, str | None], frozenset[str] | None] = lambda platform, gateway: None
    traits: Mapping[str, ChatTraits] = field(default_factory=dict)

    def withholds(self, row) -> bool:
        """Whether what a reply answers may not be said here any more: not adopted, or expired while it waited."""
        if row.written_by is not None or row.danger == "red" or row.topic is None or row.topic in _OF_PHRASES:
            return False
        may_say = self.may_say(row.platform, row.gateway)
        return may_say is not None and row.topic not in may_say

    def instead(self, row) -> str:
        """What is said in the place of such a reply."""
        return self._voice(row, "").phrase("not_adopted")

    def text(self, row, text: str, choices: Sequence[Choice], now: datetime) -> str:
        """The words as they leave: from when they are, where they come late; numbers, where there are no buttons."""
        voice = self._voice(row, text)
        parts = (_late(voice, row, now), text)
        late = voice.joined(*(reversed(parts) if row.danger == "red" else parts))  # nothing goes before help
        text = late if voice.fits(late) else text
        return self._with_numbers(voice, row, text, choices)

    def may_be_judged(self, row, text: str) -> bool:
        return judgeable.may_be_judged(self.book, row, text)

    def _voice(self, row, text: str) -> Voice:
        language = row.language if row.language in ("vi", "en") else "vi"
        return Voice(self.book, language, channel_of(row.platform), accented=not text.isascii(),
                     may_say=self.may_say(row.platform, row.gateway))

    def _with_numbers(self, voice: Voice, row, text: str, choices: Sequence[Choice]) -> str:
        traits = self.traits.get(row.platform)
        if traits is None or traits.buttons or row.platform in SMS or not choices:
            return text
        numbered = "\n".join(f"{place}. {choice.text}" for place, choice in enumerate(choices, start=1))
        if numbered in text:
            return text
        both = voice.joined(text, voice.phrase("choices_line", choices=numbered))
        return both if len(both) <= traits.longest_text else text


def _late(voice: Voice, row, now: datetime) -> str:
    """Machines answer a message; a person of the staff writes when they write."""
    at = row.at if row.written_by is not None else row.asked_at
    if at is None or now - at <= LATE:
        return ""
    name = "late" if row.written_by is None else "late_staff"
    there = at.astimezone(_ZONE)
    return voice.phrase(name, time=f"{there:%H:%M}", day=f"{there.day}/{there.month}/{there.year}")
