"""The name of a firm taken apart: its legal form, what it trades in, and the name proper. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bots import letters
from bots.agencies.words import ASKING, BARE_STOPS, EMPTY, FORMS, LOOKS_LIKE, SAID_OF_ALL, STOPS, TRADES, WEAK_STOPS
from campaigns.folding import spoken

#: A name is not longer; what is pasted behind it is not read.
MOST_LETTERS = 300
MOST_WORDS = 40
_SHORT = 24
_LICENCE = re.compile(r"\b\d{1,5}\s*/\s*(?:\d{4}\s*/\s*)?[A-Za-zĐđ][\wĐđ]*(?:\s*-\s*\w+)*")
_ABOUT_LICENCE = re.compile(
    r"(?:mang |có |with )?(?:số giấy phép|giấy phép số|so giay phep|giay phep so|số gp|gp số|licen[cs]e no\.?)"
    r"[\s:]*(?=\d)", re.IGNORECASE,
)


@dataclass(frozen=True)
class Word:
    """One token of a name: as typed (lower case), folded, and what it is: "core", "trade", "form" or "empty".

    `means` is the folded word itself, or the entry of words.TRADES or words.FORMS it belongs to.
    """

    typed: str
    kind: str
    means: str


@dataclass(frozen=True)
class Name:
    """A name taken apart. `sequence` is everything but legal forms and empty words, in its order."""

    words: tuple[Word, ...]
    licence: str = ""

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        return tuple(word.means for word in self.words if word.kind in ("core", "trade"))

    @cached_property
    def core(self) -> tuple[str, ...]:
        return tuple(word.means for word in self.words if word.kind == "core")

    @cached_property
    def trades(self) -> frozenset[str]:
        return frozenset(word.means for word in self.words if word.kind == "trade")

    @cached_property
    def forms(self) -> frozenset[str]:
        return frozenset(word.means for word in self.words if word.kind == "form")

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The core with its accents, wherever in the syllable they were typed."""
        return tuple(spoken(word.typed) for word in self.words if word.kind == "core")

    @cached_property
    def accented(self) -> bool:
        return any(letters.has_mark(word.typed) for word in self.words if word.kind == "core")

    @cached_property
    def shapes(self) -> tuple[str, ...]:
        """What is compared letter by letter, look-alike letters made one: the core if any, and of a short name all of
        it ("tkcvietnam"). Long ones are alike for the trades that many firms share.
        """
        core, whole = shape(self.core), shape(self.sequence)
        return (core, whole) if core and core != whole and len(whole) <= _SHORT else (core or whole,)

    def sounds_like(self, other: "Name") -> bool:
        """Whether the accents of both agree; a name typed without accents agrees with any."""
        return not (self.accented and other.accented) or self.spoken == other.spoken


def read(text: str) -> Name:
    """The name `text` is; at most MOST_LETTERS of it. An empty name when there is no word in it."""
    text = visible(text[:MOST_LETTERS])
    found = _LICENCE.search(text)
    licence = licence_key(found[0]) if found else ""
    if found:
        text = _ABOUT_LICENCE.sub(" ", text).replace(found[0], " ")
    return Name(tuple(parsed(tokens(text)[:MOST_WORDS])), licence)


def read_question(text: str) -> Name:
    """The name in a line that may be a question about it: words of asking around it are left out."""
    name = read(text)
    words = _before_asking(name.words)
    words = words[_stops_before(words) :]
    after = _stops_before(words[::-1])
    return Name(words[: len(words) - after], name.licence)


def without_general(name: Name) -> Name:
    """The name without what people say of every agency ("công ty xuất khẩu lao động Sona")."""
    return Name(tuple(word for word in name.words if word.means not in SAID_OF_ALL), name.licence)


def joined(first: Name, second: Name) -> Name:
    """Both names one behind the other, as registered and trade names are often written."""
    return Name((*first.words, *second.words))


def visible(text: str) -> str:
    """`text` in its usual letters, without those nobody sees."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")


def tokens(text: str) -> list[str]:
    """Words of a visible text in lower case; single letters in a row are one ("L.O.D", "T&T")."""
    out: list[str] = []
    single = False
    for token in letters.tokens(text):
        alone = len(token) == 1 and token.isascii() and token.isalpha()
        if alone and single:
            out[-1] += token
        else:
            out.append(token)
        single = alone
    return out


def parsed(typed: Sequence[str]) -> Iterator[Word]:
    """`typed` tokens as words, the longest entry of the tables first."""
    folded = [letters.fold(token) for token in typed]
    at = 0
    while at < len(typed):
        lengths = range(min(_LONGEST, len(typed) - at), 0, -1)
        length = next((n for n in lengths if tuple(folded[at : at + n]) in _KNOWN), 0)
        if length:
            kind, means = _KNOWN[tuple(folded[at : at + length])]
            yield Word(" ".join(typed[at : at + length]), kind, means)
        elif not (folded[at] == "co" and at == len(typed) - 1):  # "ABC Co."
            yield Word(typed[at], "core", folded[at])
        at += length or 1


def shape(words: Iterable[str]) -> str:
    return "".join(word.replace(" ", "") for word in words).translate(LOOKS_LIKE)


def licence_key(text: str) -> str:
    """A licence number as it is compared: letters and digits alone; "" for what is too short to be one."""
    key = "".join(letter for letter in letters.fold(visible(text)) if letter.isalnum())
    return key if len(key) >= 5 and any(letter.isdigit() for letter in key) else ""


def is_stop(typed: str) -> bool:
    """Whether a token stands around names and not in them."""
    return typed in STOPS or (typed.isascii() and typed in BARE_STOPS)


def _before_asking(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words up to where "có phép không" or the like begins."""
    folded = [letters.fold(word.typed) for word in words]
    ends = (at for at in range(1, len(words)) if " ".join(folded[at : at + 4]).startswith(ASKING))
    return words[: next(ends, len(words))]


def _stops_before(words: Sequence[Word]) -> int:
    """How many words of asking `words` begin with; a weak one alone may belong to the name."""
    count = 0
    while count < len(words) and words[count].kind == "core" and is_stop(words[count].typed):
        count += 1
    return 0 if count == 1 and words[0].typed in WEAK_STOPS else count


def _table() -> dict[tuple[str, ...], tuple[str, str]]:
    known = {_key(words): ("empty", "") for words in EMPTY.split(",")}
    for kind, entries in (("trade", TRADES), ("form", FORMS)):
        for means, ways in entries.items():
            known |= {_key(way): (kind, means) for way in ways.split(",")}
    return known


def _key(way: str) -> tuple[str, ...]:
    return tuple(way.split())


_KNOWN = _table()
_LONGEST = max(map(len, _KNOWN))
