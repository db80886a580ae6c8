"""Words that steer: a number of the list just offered, a person please, English please, a title tapped."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bots.letters import clean, fold, tokens
from bots.model import Context
from bots.tables import table

#: The topic a person is handed to staff under.
PERSON = "talk-to-human"


@dataclass(frozen=True)
class Control:
    """What was asked for: `topic` to answer, or a `language` ("vi", "en") to speak from now on."""

    topic: str | None = None
    language: str | None = None
    why: str = ""


def read(text: str, context: Context, titles: dict[str, str]) -> Control | None:
    """The control in a message, or None. `titles` are folded titles of topics (what a pressed button says)."""
    words = [fold(token) for token in tokens(clean(text[:200]))]
    said = " ".join(words)
    for asked in dict.fromkeys((said, " ".join(_without_polite(words)))):
        found = _exactly(asked, context, titles)
        if found:
            return found
    return None


def follows_on(folded: Iterable[str]) -> bool:
    """Whether a message starts like a question that leans on the one before: "còn …", "what about …"."""
    said = " ".join(folded) + " "
    return any(said.startswith(start + " ") for start in _phrases("follow", "words"))


def _exactly(said: str, context: Context, titles: dict[str, str]) -> Control | None:
    chosen = _numbered(said, context)
    if chosen:
        return Control(topic=chosen, why=f"chose {said}")
    if said in titles:
        return Control(topic=titles[said], why="said a title")
    if said in _phrases("person", "words"):
        return Control(topic=PERSON, why="asked for a person")
    for language in ("vi", "en"):
        if said in _phrases("language", language):
            return Control(language=language, why=f"asked for {language}")
    return None


def _numbered(said: str, context: Context) -> str | None:
    """The offered topic that `said` picks by number, or by "yes" when only one was offered."""
    for place, topic in enumerate(context.offered, start=1):
        if str(place) in table("controls")["number"] and said in _phrases("number", str(place)):
            return topic
    alone = len(context.offered) == 1
    return context.offered[0] if alone and said in _phrases("yes", "words") else None


def _without_polite(words: Iterable[str]) -> list[str]:
    polite = {word.strip() for word in table("controls")["polite"].split(",")}
    return [word for word in words if word not in polite]


@cache
def _phrases(kind: str, name: str) -> frozenset[str]:
    """The phrases of a table, and the same without their polite words, as messages are compared with and without."""
    listed = [phrase.split() for phrase in table("controls")[kind][name].split(",")]
    bare = [_without_polite(phrase) for phrase in listed]
    return frozenset(" ".join(phrase) for phrase in (*listed, *bare) if phrase)
