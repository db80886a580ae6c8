"""Reading one message: language, danger, controls, topic. What to say about it is `replying.py`'s work."""

import re
from dataclasses import dataclass, replace

from bots import controls, letters, places, triage
from bots.controls import Control
from bots.language import Writing
from bots.model import Context, Heard
from bots.normalise import Plain, normalise
from bots.router import Route, Router
from bots.triage import Danger
from bots.views import meanings
from messages.book import Book
from sms import optout

#: A longer message is not looked at as a question; its beginning and end are looked at for danger.
LONGEST = 1500
#: So many characters at the end of a longer message.
_ENDING = 400
#: A message of so many words at most may lean on the topic before it.
_SHORT = 7
#: What is asked must be asked by this share of the topic's own questions, or the topic does not answer it.
_ASKED_OF_IT = 0.05
#: So sure must a topic be to outweigh an alarm that was only heard, or to be answered as one of two questions.
_CLEAR, _SURE_OF_BOTH = 0.8, 0.7
_QUESTIONS = re.compile(r"(?<=\?)\s+|\n+")


@dataclass(frozen=True)
class Understood:
    """`intent`: red | stop | start | empty | foreign | long | control | topic.

    `route` is set for "topic", and for a red that was only heard: the question may be answered below the help line.
    """

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

    def __init__(self, book: Book, router: Router, alarm: triage.Model | None):
        self._book = book
        self._router = router
        self._alarm = alarm
        #: Folded title → topic, in both languages: a message that is a title.
        self._titles = {
            " ".join(map(letters.fold, letters.tokens(letters.clean(answer.title)))): topic.id
            for topic in book.topics.values() for answer in topic.answers.values()
        }

    def read(self, heard: Heard) -> Understood:
        """What `heard` is."""
        plain = normalise(heard.text[:LONGEST], heard.language or heard.context.language)
        language = _language(heard, plain.writing)
        found = Understood("topic", plain, language, self._danger(heard, plain))
        if found.danger.level == "red" and found.danger.plain:
            return replace(found, intent="red")
        if found.danger.level == "red":
            route = self._router.route(plain)
            if not self._is_small_talk(route):
                return replace(found, intent="red", route=route)
            found = replace(found, danger=Danger("none"))
        intent = _without_question(heard.text, plain)
        control = None if intent in ("empty", "long") else controls.read(heard.text, heard.context, self._titles)
        if control:
            return replace(found, intent="control", control=control)
        if intent:
            return replace(found, intent=intent)
        return self._topic(found, heard)

    def _is_small_talk(self, route: Route) -> bool:
        """A clear thanks or goodbye is no cry for help, whatever the ear heard in it."""
        clear = route.verdict == "answer" and route.confidence >= _CLEAR
        return clear and self._book.topics[route.topics[0]].group == "talk"

    def _topic(self, found: Understood, heard: Heard) -> Understood:
        route = self._leaning(found.plain, self._router.route(found.plain), heard.context)
        if heard.context.danger == "red" and _still_red(found.plain, route):
            country = {"uk"} if found.plain.folded == ("anh",) else places.named(found.plain)
            call = places.help_for(country) if country else heard.context.help
            return replace(found, intent="red", danger=Danger("red", call, ("after a red message",)))
        return replace(found, route=route, second=self._second(heard.text, route))

    def _danger(self, heard: Heard, plain: Plain) -> Danger:
        """The danger in a message, of a long one in its beginning and end; the country may be known from before."""
        danger = triage.judge(plain, self._alarm)
        if danger.level != "red" and len(heard.text) > LONGEST:
            ending = triage.judge(normalise(heard.text[-_ENDING:]), self._alarm)
            danger = ending if ending.level == "red" else danger
        return replace(danger, help=heard.context.help) if danger.help == "unknown" else danger

    def _leaning(self, plain: Plain, alone: Route, context: Context) -> Route:
        """A short question may belong to the topic before it: "thế phí bao nhiêu?", "còn Nhật Bản?"."""
        starts = controls.follows_on(plain.folded)
        if context.topic not in self._book.topics or len(plain.folded) > _SHORT:
            return alone
        if places.named(plain):
            return replace(alone, verdict="ask") if starts and alone.verdict == "refuse" else alone
        asked = [f"meaning:{meaning}" for meaning in meanings(plain.folded) if meaning.startswith("ask-")]
        if not asked or (alone.verdict == "answer" and not starts):
            return alone
        if any(self._router.share_with(name, context.topic) >= _ASKED_OF_IT for name in asked):
            return self._together(plain, context.topic) or alone
        if alone.verdict != "refuse":
            return alone
        others = [topic for topic in alone.topics if topic != context.topic]
        return replace(alone, topics=(*others[:2], context.topic), verdict="ask")

    def _together(self, plain: Plain, topic: str) -> Route | None:
        """The message as a question about a topic, if that is where it then belongs."""
        for answer in self._book.topics[topic].answers.values():
            route = self._router.route(normalise(f"{answer.title}. {' '.join(plain.standard)}"))
            if route.verdict == "answer" and route.topics[0] == topic:
                return replace(route, why=(f"leans on {topic}", *route.why))
        return None

    def _second(self, text: str, first: Route) -> str | None:
        """The topic of another question in the message, when there are two that are both clear."""
        parts = [part for part in _QUESTIONS.split(text) if len(part.split()) > 2][:4]
        if len(parts) < 2:
            return None
        routes = [self._router.route(part, explain=False) for part in parts]
        clear = [route.topics[0] for route in routes if route.verdict == "answer" and route.confidence >= _SURE_OF_BOTH]
        others = [topic for topic in dict.fromkeys(clear) if topic != first.topics[:1][0]] if first.topics else []
        return others[0] if len(set(clear)) == 2 and len(others) == 1 else None


def _language(heard: Heard, writing: Writing) -> str:
    """The language to answer in."""
    context = heard.context
    if heard.language:
        return heard.language
    if context.language and (context.language_chosen or not writing.sure):
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
