"""Reading one message: language, danger, controls, topic. What to say about it is `replying.py`'s work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bots import controls, places, triage
from bots.controls import Control
from bots.language import Writing
from bots.model import Context, Heard
from bots.normalise import Plain, normalise
from bots.router import Route, Router
from bots.triage import Danger
from bots.views import meanings
from sms import optout

#: A longer message is not looked at as a question; its beginning and end are looked at for danger.
LONGEST = 1500
#: The language of a message of fewer words does not change that of the conversation.
_WORDS_THAT_TELL = 2
#: A message of so many words at most may lean on the topic before it.
_SHORT = 7
#: Two questions in one message are both answered when each is this sure.
_SURE_OF_BOTH = 0.7
_QUESTIONS = re.compile(r"(?<=\?)\s+|\n+")


@dataclass(frozen=True)
class Understood:
    """`intent`: red | stop | start | empty | foreign | long | control | topic. `route` is set for "topic"."""

    intent: str
    plain: Plain
    language: str
    danger: Danger
    control: Control | None = None
    route: Route | None = None
    #: The topic of a second question in the same message.
    second: str | None = None


class Reader:
    """Everything that was learnt, applied to a message. Pure: the same message and context give the same answer."""

    def __init__(self, router: Router, alarm: triage.Model | None, titles: Mapping[str, str],
                 topic_titles: Mapping[str, Sequence[str]]):
        self._router = router
        self._alarm = alarm
        self._titles = dict(titles)
        #: Topic → its titles, for a question that leans on the topic before.
        self._topic_titles = topic_titles

    def read(self, heard: Heard) -> Understood:
        """What `heard` is."""
        plain = normalise(heard.text[:LONGEST], heard.language)
        language = _language(heard, plain.writing, len(plain.folded))
        found = Understood("topic", plain, language, self._danger(heard.text, plain))
        if found.danger.level == "red":
            return replace(found, intent="red")
        intent = _without_question(heard.text, plain)
        control = None if intent in ("empty", "long") else controls.read(heard.text, heard.context, self._titles)
        if control:
            return replace(found, intent="control", control=control)
        if intent:
            return replace(found, intent=intent)
        return self._topic(found, heard)

    def _topic(self, found: Understood, heard: Heard) -> Understood:
        route = self._leaning(found.plain, self._router.route(found.plain), heard.context)
        if heard.context.danger == "red" and _still_red(found.plain, route):
            country = {"uk"} if found.plain.folded == ("anh",) else places.named(found.plain)
            danger = Danger("red", places.help_for(country), ("after a red message",))
            return replace(found, intent="red", danger=danger)
        return replace(found, route=route, second=self._second(heard.text, route))

    def _danger(self, text: str, plain: Plain) -> Danger:
        danger = triage.judge(plain, self._alarm)
        if danger.level == "red" or len(text) <= LONGEST:
            return danger
        ending = triage.judge(normalise(text[-LONGEST // 2 :]), self._alarm)
        return ending if ending.level == "red" else danger

    def _leaning(self, plain: Plain, alone: Route, context: Context) -> Route:
        """A short question that names no country of its own may belong to the topic before it: "thế phí bao nhiêu?"."""
        if not self._may_lean(plain, alone, context):
            return alone
        for title in self._topic_titles[context.topic]:
            together = self._router.route(normalise(f"{title}. {' '.join(plain.standard)}"))
            if together.verdict == "answer" and together.topics[0] == context.topic:
                return replace(together, why=(f"leans on {context.topic}", *together.why))
        return alone

    def _may_lean(self, plain: Plain, alone: Route, context: Context) -> bool:
        known = context.topic in self._topic_titles
        if not known or len(plain.folded) > _SHORT or places.named(plain):
            return False
        asks = any(meaning.startswith("ask-") for meaning in meanings(plain.folded))
        return asks and (alone.verdict != "answer" or controls.follows_on(plain.folded))

    def _second(self, text: str, first: Route) -> str | None:
        """The topic of another question in the message, when there are two that are both clear."""
        parts = [part for part in _QUESTIONS.split(text) if len(part.split()) > 2][:4]
        if len(parts) < 2:
            return None
        routes = [self._router.route(part, explain=False) for part in parts]
        clear = [route.topics[0] for route in routes if route.verdict == "answer" and route.confidence >= _SURE_OF_BOTH]
        others = [topic for topic in dict.fromkeys(clear) if topic != first.topics[:1][0]] if first.topics else []
        return others[0] if len(set(clear)) == 2 and len(others) == 1 else None


def _language(heard: Heard, writing: Writing, words: int) -> str:
    """The language to answer in."""
    context = heard.context
    if heard.language:
        return heard.language
    if context.language and (context.language_chosen or writing.language not in ("vi", "en")
                             or (words < _WORDS_THAT_TELL and not writing.accented)):
        return context.language
    return writing.language if writing.language in ("vi", "en") else "vi"


def _without_question(text: str, plain: Plain) -> str | None:
    """Why a message is not looked at as a question, or None."""
    if not plain.folded and plain.writing.language != "other":
        return "empty"
    if len(text) > LONGEST:
        return "long"
    if wish := optout.intent(text):
        return wish
    return "foreign" if plain.writing.language == "other" else None


def _still_red(plain: Plain, route: Route) -> bool:
    """After a red message, what is no clear question of another kind still belongs to it: "em o Birmingham"."""
    return route.verdict != "answer" or (len(plain.folded) <= 4 and bool(places.named(plain)))
