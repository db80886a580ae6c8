"""Words that steer: numbers of the list just offered, more, a person please, English please, a title tapped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bots.letters import clean, fold, tokens
from bots.model import Context
from bots.tables import table

#: The topic a person is handed to staff under.
PERSON = "talk-to-human"
_PAUSES = re.compile(r"[,.;:!?…\n]+")
#: In a longer message the words for a person or a language belong to a story.
_LONGEST = 30


@dataclass(frozen=True)
class Control:
    """What was asked for: `topic` to answer, a `language` ("vi", "en") to speak from now on, or one of the others."""

    topic: str | None = None
    language: str | None = None
    why: str = ""
    #: A second topic chosen with the first: "2 và 3".
    also: str | None = None
    #: The rest of a long answer.
    more: bool = False
    #: A number that is not on the list: the list again.
    again: bool = False
    #: What else was asked in the message that asked for a language.
    rest: str = ""


def read(text: str, context: Context, titles: dict[str, str]) -> Control | None:
    """The control in a message, or None. `titles` are folded titles of topics (what a pressed button says)."""
    words = _words(text[:200])
    for asked in dict.fromkeys((" ".join(words), " ".join(_without_polite(words)))):
        found = _exactly(asked, context, titles)
        if found:
            return found
    return _beside(text) if len(text.split()) <= _LONGEST else None


def follows_on(folded: Iterable[str]) -> bool:
    """Whether a message starts like a question that leans on the one before: "còn …", "what about …"."""
    return _start(tuple(folded), _phrases("follow", "words")) > 0


def without_following(folded: Sequence[str]) -> Sequence[str]:
    """The words without "còn …" before and "… thì sao" behind them."""
    folded = folded[_start(folded, _phrases("follow", "words")) :]
    while size := _start(tuple(reversed(folded)), _reversed("follow", "after")):
        folded = folded[:-size]
    return folded


def corrects(folded: Sequence[str], weakly: bool = False) -> bool:
    """Whether the words only take back: "không phải", "nhầm rồi"; `weakly`: "không" and "no" too, before a pause."""
    said = {" ".join(folded), " ".join(_without_polite(folded))}
    kinds = ("words", "alone", "weak") if weakly else ("alone",)
    return any(said & _phrases("correct", kind) for kind in kinds)


def correction(folded: Sequence[str]) -> int:
    """How many words at the beginning take back what was said before: "không phải ý tôi là …"."""
    return _start(folded, _phrases("correct", "words"))


def asks(folded: Iterable[str]) -> bool:
    """Whether one of the words makes a question of a piece of a message: "gì", "nào", "how"."""
    return not _phrases("asks", "words").isdisjoint(folded)


def spoken(meaning: str, language: str) -> str:
    """A question word for a meaning such as "ask-price", to put an earlier question again; "" where there is none."""
    return table("controls")["spoken"][language].get(meaning, "")


def content(folded: Sequence[str]) -> list[str]:
    """The words of a short question that name what it is about: not "thế", "bao nhiêu", "vậy ad"."""
    words = without_following(folded)
    around = {word for kind, name in (("asks", "words"), ("asks", "around"), ("follow", "words"), ("follow", "after"))
              for phrase in _phrases(kind, name) for word in phrase.split()}
    return [word for word in _without_polite(words) if word not in around]


def is_pleasantry(text: str) -> bool:
    """Whether a piece of a message is nothing but a greeting or thanks."""
    words = _words(text)
    left = _without_polite(words[pleasantry(words) :])
    return set(left) <= _phrases("pleasant", "to") or " ".join(left) in _phrases("pleasant", "words")


def pleasantry(words: Sequence[str]) -> int:
    """How many of the first words only greet, thank or ask to ask: "chào ad cho em hỏi …"."""
    folded = [" ".join(_words(word)) for word in words]
    at = size = _start(folded, _phrases("pleasant", "words"))
    while size:
        size = _start(folded[at:], _phrases("pleasant", "words") | _phrases("pleasant", "to"))
        at += size
    return at


def _exactly(said: str, context: Context, titles: dict[str, str]) -> Control | None:
    if chosen := _numbered(said, context):
        return chosen
    if said in titles:
        return Control(topic=titles[said], why="said a title")
    if said in _phrases("person", "words"):
        return Control(topic=PERSON, why="asked for a person")
    if said in _phrases("more", "words"):
        return Control(more=True, why="asked for more")
    for language in ("vi", "en"):
        if said in _phrases("language", language):
            return Control(language=language, why=f"asked for {language}")
    return None


def _beside(text: str) -> Control | None:
    """A person or a language asked for before or after something else."""
    pieces = [piece for piece in _PAUSES.split(text) if piece.strip()]
    if len(pieces) < 2:
        return None
    for at in (0, -1):
        words = " ".join(_without_polite(_words(pieces[at])))
        if words in _phrases("person", "words") and " " in words:
            return Control(topic=PERSON, why="asked for a person")
        for language in ("vi", "en"):
            if words in _phrases("language", language):
                rest = pieces[1:] if at == 0 else pieces[:-1]
                return Control(language=language, why=f"asked for {language}", rest=". ".join(rest).strip())
    return None


def _numbered(said: str, context: Context) -> Control | None:
    """The offered topics that `said` picks by number, or by "yes" when only one was offered."""
    offered = context.offered
    if len(offered) == 1 and said in _phrases("yes", "words"):
        return Control(topic=offered[0], why=f"chose {said}")
    numbers = _numbers(said, len(offered)) if offered else ()
    if not numbers:
        return None
    if max(numbers) > len(offered):
        return Control(again=True, why=f"chose {said}")
    first, *more = dict.fromkeys(numbers)
    return Control(topic=offered[first - 1], also=offered[more[0] - 1] if more else None, why=f"chose {said}")


def _numbers(said: str, most: int) -> Sequence[int]:
    """The numbers a message consists of: "2", "so 2 va so 3", "both"."""
    if said in _phrases("number", "both"):
        return (1, 2) if most >= 2 else ()
    parts = re.split(r" (?:va|and|voi|cung|hoac|or|roi) ", said)
    parts = said.split() if len(parts) == 1 and said.replace(" ", "").isdigit() else parts
    numbers = [_number(part) for part in parts]
    return tuple(numbers) if all(numbers) else ()


def _number(said: str) -> int:
    listed = (place for place in "1234" if said in _phrases("number", place))
    beyond = re.fullmatch(r"(?:so |cau |muc |number )?([5-9])", said)
    return int(next(listed, beyond[1] if beyond else 0))


def _words(text: str) -> list[str]:
    return [fold(token) for token in tokens(clean(text))]


def _start(words: Sequence[str], phrases: frozenset[str]) -> int:
    """The length of the longest of `phrases` that `words` begin with, never all of them; else 0."""
    sizes = range(min(len(words) - 1, _longest(phrases)), 0, -1)
    return next((size for size in sizes if " ".join(words[:size]) in phrases), 0)


@cache
def _longest(phrases: frozenset[str]) -> int:
    return max(len(phrase.split()) for phrase in phrases)


def _without_polite(words: Iterable[str]) -> list[str]:
    polite = {word.strip() for word in table("controls")["polite"].split(",")}
    return [word for word in words if word not in polite]


@cache
def _reversed(kind: str, name: str) -> frozenset[str]:
    return frozenset(" ".join(reversed(phrase.split())) for phrase in _phrases(kind, name))


@cache
def _phrases(kind: str, name: str) -> frozenset[str]:
    """The phrases of a table, and the same without their polite words, as messages are compared with and without."""
    listed = [phrase.split() for phrase in table("controls")[kind][name].split(",")]
    bare = [_without_polite(phrase) for phrase in listed] if kind not in ("follow", "pleasant") else []
    return frozenset(" ".join(phrase) for phrase in (*listed, *bare) if phrase)
