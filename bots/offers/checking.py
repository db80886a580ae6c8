"""What is told about an offer: its level, the flags with their sentences, and the agency it names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bots.offers.finding import find
from bots.offers.model import Sign
from messages.book import Book, Flag

STOP, CAREFUL, NOTHING = "stop", "careful", "nothing-found"
#: The sentence of the bot that goes with a level.
PHRASES = {STOP: "offer_stop", CAREFUL: "offer_careful", NOTHING: "offer_nothing"}


@dataclass(frozen=True)
class Told:
    """A flag as it is told: `quote` is the very words of the text."""

    id: str
    quote: str
    flag: Flag


@dataclass(frozen=True)
class Check:
    """`level`: stop | careful | nothing-found, which never means that an offer is safe. The gravest flag comes first.

    `agency`: what `agency_of` says of the company the text names, or None.
    """

    level: str
    flags: tuple[Told, ...]
    agency: dict | None = None

    def told(self) -> dict:
        """For JSON."""
        flags = [{"id": told.id, "level": told.flag.level, "quote": told.quote, "reason": told.flag.reason,
                  "ask": told.flag.ask, "sources": list(told.flag.sources)} for told in self.flags]
        return {"level": self.level, "flags": flags, "agency": self.agency}


def check(
    book: Book, text: str, *, language: str, agency_of: Callable[[str], dict | None] | None = None
) -> Check:
    """The flags in `text`, told in `language` ("vi" or "en"). Never raises, whatever the text."""
    flags = told(book.flags.get(language, {}), find(text).signs)
    return Check(level_of(flags), flags, agency_of(text) if agency_of else None)


def told(flags: Mapping[str, Flag], signs: Sequence[Sign]) -> tuple[Told, ...]:
    """The signs with their sentences, the gravest first: those that say stop, then in the order of flags.toml."""
    rank = {name: place for place, name in enumerate(flags)}
    known = [Told(sign.flag, sign.quote, flags[sign.flag]) for sign in signs if sign.flag in flags]
    return tuple(sorted(known, key=lambda each: (each.flag.level != STOP, rank[each.id])))


def level_of(flags: Sequence[Told]) -> str:
    """The level of a check that found `flags`."""
    if not flags:
        return NOTHING
    return STOP if flags[0].flag.level == STOP else CAREFUL
