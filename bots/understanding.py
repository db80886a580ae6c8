"""Reading one message: language, danger, controls, topic. What to say about it is `replying.py`'s work."""

import re
from dataclasses import dataclass, replace

from bots import asking, controls, letters, places, triage
from bots.both import BothLanguages
from bots.controls import PERSON, Control
from bots.covering import Covering, still_known
from bots.following import SHORT
from bots.language import Writing
from bots.leaning import Lean, Leaning
from bots.model import Context, Heard
from bots.normalise import Plain, normalise
from bots.offers.model import Offer
from bots.router import Route
from bots.triage import Danger
from messages.book import Book
from sms import optout

#: A longer message is not looked at as a question; its beginning and end are looked at for danger.
LONGEST = 1500
#: So many characters at the end of a longer message; so many are searched for a cry, sentence by sentence.
_ENDING, _SEARCHED, _MOST_SENTENCES = 400, 20_000, 80
_SENTENCES = re.compile(r"[.!?;\n…]+")
#: So sure must a topic be to outweigh an alarm that was only heard, or to be answered as one of two questions.
_CLEAR, _SURE_OF_BOTH = 0.8, 0.6
#: So sure must a topic be to be answered below a help line that was called for by ear only.
_BELOW_HELP = 0.6


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
    #: The countries the question was about, and what it asked: they are remembered.
    places: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    #: The offer that was pasted (bots/offers/hearing.py).
    offer: Offer | None = None


class Reader:
    """Everything that was learnt, applied to a message. Pure: the same message and context give the same answer."""

    def __init__(self, book: Book, router: BothLanguages, alarm: triage.Model | None):
        self._book = book
        self._router = router
        self._alarm = alarm
        self._covering = Covering(book)
        self._leaning = Leaning(book, router, self._covering)
        #: Folded title → topic, in both languages: a message that is a title.
        self._titles = {
            " ".join(map(letters.fold, letters.tokens(letters.clean(answer.title)))): topic.id
            for topic in book.topics.values() for answer in topic.answers.values()
        }

    def read(self, heard: Heard) -> Understood:
        """What `heard` is."""
        heard = replace(heard, context=still_known(self._book, heard.context))
        found = _begun(heard, self._alarm)
        plain = found.plain
        if found.danger.level == "red" and found.danger.plain:
            return replace(found, intent="red")
        intent = _without_question(heard.text, plain)
        control = None if intent in ("empty", "long") else controls.read(heard.text, heard.context, self._titles)
        control = None if intent in ("stop", "start") else control
        if found.danger.level == "red":  # only heard
            if not _is_plainly_none(control, intent) and (red := self._red(found, heard)):
                return red
            found = replace(found, danger=Danger("none"))
        if control:
            return self._controlled(replace(found, intent="control", control=control), heard)
        if intent:
            return replace(found, intent=intent)
        return self._topic(found, heard)

    def _controlled(self, found: Understood, heard: Heard) -> Understood:
        """With what was asked beside the control, and what is spoken of from now on."""
        control = found.control
        if not control.rest:
            return replace(found, second=control.also, places=tuple(sorted(self._covering.title(control.topic))))
        lean = self._read(control.rest, normalise(control.rest, control.language), heard.context, control.language)
        return replace(found, route=lean.route, places=lean.places, asked=lean.asked)

    def _red(self, found: Understood, heard: Heard) -> Understood | None:
        """A danger that was only heard: its question may be answered below the help line. None for a word of thanks."""
        route = self._covering.checked(self._router.route(found.plain), places.asked(found.plain))
        if self._is_small_talk(route):
            return None
        asked = route.confidence >= _BELOW_HELP and heard.context.danger != "red"
        return replace(found, intent="red", route=route if asked else None)

    def _is_small_talk(self, route: Route) -> bool:
        """A clear thanks or goodbye is no cry for help, whatever the ear heard; to ask for a person may be one."""
        clear = route.verdict == "answer" and route.confidence >= _CLEAR and route.topics[0] != PERSON
        return clear and self._book.topics[route.topics[0]].group == "talk"

    def _topic(self, found: Understood, heard: Heard) -> Understood:
        lean = self._read(heard.text, found.plain, heard.context, found.language)
        if heard.context.danger == "red" and _still_red(found.plain, lean.route):
            country = {"uk"} if found.plain.folded == ("anh",) else places.named(found.plain)
            call = places.help_for(country) if country else heard.context.help
            return replace(found, intent="red", danger=Danger("red", call, ("after a red message",)))
        first, second = self._both(heard.text, lean.route, heard.context, found.language)
        return replace(found, route=first, second=second, places=lean.places, asked=lean.asked)

    def _read(self, text: str, plain: Plain, context: Context, language: str) -> Lean:
        """Where a message belongs; thanks and greetings around a question do not swallow it."""
        lean = None
        question = asking.without_pleasantries(text)
        if question != text:
            lean = self._leaning.read(question, normalise(question, language), context, language)
        if lean is None or lean.route.verdict == "refuse":
            return self._leaning.read(text, plain, context, language)
        return lean

    def _both(self, text: str, whole: Route, context: Context, language: str) -> tuple[Route, str | None]:
        """The route of the message, and the topic of another question in it when there are two that are both clear."""
        routes: dict[str, Route] = {}
        for part in asking.parts(asking.without_pleasantries(text)):
            said = Context(topic=next(reversed(routes), context.topic), places=context.places)
            route = self._leaning.read(part, normalise(part, language), said, language).route
            if self._is_clear(route):
                routes.setdefault(route.topics[0], route)
        if len(routes) < 2 or whole.verdict == "refuse":
            return whole, None
        topics = list(routes)
        if whole.topics[0] in topics[:2]:
            return whole, next(topic for topic in topics if topic != whole.topics[0])
        return routes[topics[0]], topics[1]

    def _is_clear(self, route: Route) -> bool:
        clear = route.verdict == "answer" and route.confidence >= _SURE_OF_BOTH
        return clear and self._book.topics[route.topics[0]].group != "talk"


def cry(book: Book, heard: Heard) -> Understood | None:
    """A plain cry for help, by the rules alone, before anything was learnt; None for everything else."""
    found = _begun(replace(heard, context=still_known(book, heard.context)), None)
    return replace(found, intent="red") if found.danger.level == "red" and found.danger.plain else None


def _begun(heard: Heard, alarm: triage.Model | None) -> Understood:
    """Language and danger: what comes before every question."""
    plain = normalise(heard.text[:LONGEST], heard.language or heard.context.language)
    return Understood("topic", plain, _language(heard, plain.writing), _danger(heard, plain, alarm))


def _danger(heard: Heard, plain: Plain, alarm: triage.Model | None) -> Danger:
    """The danger in a message, in its ending and in any sentence of it; the country may be known from before."""
    danger = triage.judge(plain, alarm)
    if danger.level != "red" and len(heard.text) > LONGEST:
        ending = triage.judge(normalise(heard.text[-_ENDING:]), alarm)
        danger = ending if ending.level == "red" else danger
    if danger.level != "red":
        danger = _in_a_sentence(heard, alarm) or danger
    return replace(danger, help=heard.context.help) if danger.help == "unknown" else danger


def _in_a_sentence(heard: Heard, alarm: triage.Model | None) -> Danger | None:
    """A plain cry in one sentence, whatever is said around it: an offer pasted, a question asked."""
    sentences = [part for part in _SENTENCES.split(heard.text[:_SEARCHED]) if len(part.split()) > 1]
    for sentence in sentences[:_MOST_SENTENCES] if len(sentences) > 1 else ():
        plain = normalise(sentence, heard.language or heard.context.language)
        if triage.by_rules(plain)[0] == "red":
            danger = triage.judge(plain, alarm)
            if danger.level == "red":
                return danger
    return None


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


def _is_plainly_none(control: Control | None, intent: str | None) -> bool:
    """Whether a message is a choice or a stop word and nothing else, so that no cry is in it."""
    chosen = control is not None and control.topic != PERSON and not control.rest
    return chosen or intent in ("stop", "start")


def _still_red(plain: Plain, route: Route) -> bool:
    """After a red message, what is no clear question of another kind still belongs to it: "em o Birmingham"."""
    asks_nothing = len(plain.folded) <= SHORT and not controls.asks(plain.folded)
    says_where = asks_nothing and (bool(places.asked(plain)) or route.confidence < _CLEAR)
    return route.verdict != "answer" or says_where
