"""The signs of danger in a pasted offer, an advert or a chat with a broker, each with the words that show it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots import places
from bots.language import Writing
from bots.normalise import Plain
from bots.offers import figures, patterns, reading
from bots.offers.figures import Sum
from bots.offers.guarding import Surroundings
from bots.offers.model import Sign
from bots.offers.patterns import Match
from bots.offers.reading import Reading

#: A quote is at most so many characters.
QUOTE = 120
#: From so many words on a text is an offer of its own, which should name who makes it.
_ADVERT_WORDS = 15
_HOME = "vietnam"
_COMPOUNDS = frozenset(("cambodia", "laos", "myanmar"))
_EPS = frozenset(("eps", "e9"))
#: A company with a name; a capital letter begins it.
_NAMED = re.compile(r"(?:[Cc]ông ty|CÔNG TY|[Cc]ty|CTY|[Cc]ong ty|[Cc]ompany|[Aa]gency|[Cc]enter|[Tt]rung tâm) +[A-ZĐ]")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `offer`: somebody offers work abroad; `asks`: the text asks to look at an offer."""

    signs: tuple[Sign, ...]
    offer: bool
    asks: bool
    #: How many words the text has.
    words: int


def find(text: str) -> Found:
    """The signs in `text`, one for each flag, in the order of the text. Never raises; time grows with the length."""
    read = reading.read(text)
    around = Surroundings(read.words)
    sums = figures.sums(read.plain, around)
    countries = places.named(Plain(Writing("vi"), (), (), tuple(around.folded))) - {_HOME}
    known = _known(countries, around, sums)
    matches = [*around.flagged, *figures.find(sums, around, frozenset(countries))]
    matches += _unnamed(read.plain, around, sums, known)
    first: dict[str, Match] = {}
    for match in sorted(matches, key=lambda each: (each.start, -each.end)):
        if match.means not in first and _needed(match.means) <= known and around.allows(match):
            first[match.means] = match
    signs = sorted((_sign(text, read, match) for match in first.values()), key=lambda sign: (sign.start, sign.flag))
    offered = bool(around.marks["recruiting"] or around.marks["advert"])
    words_in_all = sum(word != reading.END for word in around.folded)
    return Found(tuple(signs), offered and "abroad" in known, bool(around.marks["asks"]), words_in_all)


def _needed(flag: str) -> set[str]:
    return set(patterns.table()["flags"][flag].get("needs", ()))


def _known(countries: set[str], around: Surroundings, sums: Sequence[Sum]) -> set[str]:
    """What the text is about, as the flags ask for it."""
    advert = bool(around.marks["advert"])
    holds = {
        "abroad": bool(countries) or bool(around.marks["abroad"]),
        "uk": "uk" in countries,
        "compound": bool(countries & _COMPOUNDS),
        "eps": not _EPS.isdisjoint(around.folded),
        "offer": advert or bool(around.marks["recruiting"]) or any(one.role for one in sums),
        "advert": advert,
    }
    known = {name for name, true in holds.items() if true}
    known |= {"abroad-or-advert"} if known & {"abroad", "advert"} else set()
    return known | ({"offer-or-advert"} if known & {"offer", "advert"} else set())


def _unnamed(plain: str, around: Surroundings, sums: Sequence[Sum], known: set[str]) -> Iterator[Match]:
    """An offer of work abroad with a wage or a price that does not say who makes it, or on whose licence."""
    recruiting = around.marks["recruiting"]
    if "abroad" not in known or not recruiting or not any(one.role for one in sums):
        return
    if len(around.words) < _ADVERT_WORDS or around.marks["licence"]:
        return
    named = around.marks["company"] or _NAMED.search(plain)
    for match in recruiting:
        yield Match(match.start, match.end, "licence-not-named" if named else "company-not-named")


def _sign(text: str, read: Reading, match: Match) -> Sign:
    start, end = read.places[read.words[match.start].start], read.places[read.words[match.end - 1].end]
    return Sign(match.means, text[start : min(end, start + QUOTE)], start)
