"""A message in its conversation: follow-ups, corrections, a country kept or changed. It ends in a `Route`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bots import controls, following, letters, places
from bots.both import BothLanguages
from bots.covering import UNCOVERED, Covering
from bots.following import SHORT, Turn
from bots.model import Context
from bots.normalise import Plain, normalise
from bots.router import Route
from bots.views import meanings
from messages.book import Book

#: What is asked must be asked by this share of the topic's own questions, or the topic does not answer it.
_ASKED_OF_IT = 0.15
#: A word that stands in fewer of a topic's questions has no place in it.
_AT_HOME = 0.03
#: How sure an answer is to a question that is nothing but "bao nhiêu?", asked after it.
_BARE = 0.6
_MOST = 3
#: The group whose answers are about going to a country.
_GOING = "legal"


@dataclass(frozen=True)
class Lean:
    """Where a message belongs, and what is to be remembered of it: its countries and what it asks."""

    route: Route
    places: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class Leaning:
    """Routes messages with what is remembered of their conversation."""

    def __init__(self, book: Book, router: BothLanguages, covering: Covering):
        self._book = book
        self._router = router
        self._covering = covering

    def read(self, text: str, plain: Plain, context: Context, language: str) -> Lean:
        """Where `text`, made plain as `plain`, belongs."""
        turn = following.turn(text, plain)
        if context.topic not in self._book.topics:
            bare = turn.countries and not turn.words
            return self._moved(turn, plain, context, language) if bare else self._alone(plain)
        if turn.corrects and not turn.plain.folded:
            return self._instead(plain, context)
        if turn.countries and turn.short and (turn.corrects or turn.follows or not turn.words):
            return self._moved(turn, plain, context, language)
        return self._leaning(turn.plain, context, language, turn.corrects or turn.follows)

    def _alone(self, plain: Plain) -> Lean:
        countries = places.asked(plain)
        route = self._router.route(plain)
        if countries - places.named(plain) and route.verdict != "answer":
            full = self._router.route(normalise(places.spelled_out(plain)))
            route = route if full.verdict == "refuse" else full
        route = self._covering.checked(route, countries)
        return Lean(route, tuple(sorted(countries)) or self._home_of(route), _asks(plain))

    def _home_of(self, route: Route) -> tuple[str, ...]:
        """The country of the answer itself, which goes on being spoken of."""
        return tuple(sorted(self._covering.title(route.topics[0]))) if route.verdict == "answer" else ()

    def _instead(self, plain: Plain, context: Context) -> Lean:
        """"không phải" alone: what the last question might have been about instead."""
        others = tuple(topic for topic in context.others if topic in self._book.topics)
        if not others:
            return self._alone(plain)
        return Lean(Route(others, 0.0, 1.0, "ask", ("not what was meant",)), context.places, context.asked)

    # -- another country -------------------------------------------------------------------------------------------

    def _moved(self, turn: Turn, plain: Plain, context: Context, language: str) -> Lean:
        """The question before, asked of another country: "còn Nhật?", "not korea, japan"."""
        countries = set(turn.countries)
        asked = _asks(turn.plain) or context.asked
        by_title = self._covering.title(context.topic)
        found = self._router.route(normalise(self._rewritten(turn, context, asked, language), language))
        alone = self._router.route(turn.plain if turn.corrects else plain)
        if not turn.follows and not turn.corrects and alone.verdict == "answer":
            found = alone
        elif not by_title:
            found = alone if alone.verdict == "answer" else found
        return Lean(self._of(countries, found, context, bool(by_title)), tuple(sorted(countries)), asked)

    def _rewritten(self, turn: Turn, context: Context, asked: Iterable[str], language: str) -> str:
        """The title of the topic spoken of with the new country in place of its own, and what was asked about it."""
        answered = self._book.topics.get(context.topic)
        title = letters.tokens(letters.clean(answered.answers[language].title)) if answered else []
        names = [places.name(country, language) for country in sorted(turn.countries)]
        question = turn.words or [controls.spoken(meaning, language) for meaning in asked]
        return " ".join([*places.without(title), *names, *question])

    def _of(self, countries: set[str], found: Route, context: Context, of_a_country: bool) -> Route:
        """`found` as far as it is about `countries`; where it is not, the topics that are."""
        topics, group = found.topics, self._book.topics[context.topic].group if of_a_country else _GOING
        known = context.topic is not None or bool(self._covering.title(topics[0]) if topics else ())
        if found.verdict == "answer" and known and self._covering.speaks_of(topics[0], countries):
            return found
        about = self._covering.about(countries, group, topics)
        why = ("its country changed", *found.why)
        if not about:
            return replace(found, verdict=UNCOVERED, why=why)
        return replace(found, topics=tuple(about[:_MOST]), verdict="answer" if len(about) == 1 else "ask", why=why)

    # -- the same topic --------------------------------------------------------------------------------------------

    def _leaning(self, plain: Plain, context: Context, language: str, starts: bool) -> Lean:
        """A short question may belong to the topic before it: "thế phí bao nhiêu?", "bao lâu"."""
        alone = self._alone(plain)
        if len(plain.folded) > SHORT or places.asked(plain):
            return alone
        asked = _asks(plain)
        route = self._asked_of(context.topic, plain, alone.route, asked, starts)
        if route is not alone.route:
            return Lean(route, context.places, asked)
        route = self._in_its_country(plain, route, context, language)
        return alone if route is alone.route else Lean(route, context.places, asked)

    def _asked_of(self, topic: str, plain: Plain, alone: Route, asked: tuple[str, ...], starts: bool) -> Route:
        """The route as a question about `topic`, if it is one; else `alone` itself."""
        words = controls.content(plain.folded)
        if self._asks_of_something_else(topic, words) or not (asked or words):
            return alone
        shares = [self._router.share_with(f"meaning:{meaning}", topic) for meaning in asked]
        is_asked = any(share >= _ASKED_OF_IT for share in shares)
        if any(shares) and not words:
            return replace(alone, topics=_first(topic, alone.topics), confidence=_BARE, verdict="answer",
                           why=(f"leans on {topic}", *alone.why))
        if alone.verdict == "answer" and not starts:
            return alone
        together = self._together(plain, topic) if is_asked or words else None
        return together or self._asked_back(topic, plain, alone, asked)

    def _asked_back(self, topic: str, plain: Plain, alone: Route, asked: tuple[str, ...]) -> Route:
        """Where nothing else is likely, `topic` is one of what may have been meant."""
        bare = not controls.content(plain.folded)
        if not asked or (alone.verdict != "refuse" and not bare):
            return alone
        spoken_of = self._covering.title(topic)
        others = [other for other in alone.topics
                  if other != topic and (not spoken_of or self._covering.title(other) <= spoken_of)]
        return replace(alone, topics=(topic, *others[:2]) if bare else (*others[:2], topic), verdict="ask")

    def _asks_of_something_else(self, topic: str, words: Iterable[str]) -> bool:
        """Whether a word of the question has no place in the topic: "giá lợn" is not about the loan before it."""
        return any(self._router.share_with(f"word:{word}", topic) < _AT_HOME for word in words)

    def _together(self, plain: Plain, topic: str) -> Route | None:
        """The message as a question about a topic, if that is where it then belongs."""
        for answer in self._book.topics[topic].answers.values():
            route = self._router.route(normalise(f"{answer.title}. {' '.join(plain.standard)}"))
            if route.verdict == "answer" and route.topics[0] == topic:
                return replace(route, why=(f"leans on {topic}", *route.why))
        return None

    def _in_its_country(self, plain: Plain, alone: Route, context: Context, language: str) -> Route:
        """A question that names no country is about the one spoken of, not about another one that is asked more."""
        own = self._covering.title(alone.topics[0]) if alone.topics and alone.verdict != "refuse" else set()
        spoken_of = set(context.places)
        if not own or not spoken_of or own & spoken_of:
            return alone
        names = [places.name(country, language) for country in context.places]
        route = self._router.route(normalise(" ".join([*plain.standard, *names])))
        checked = self._covering.checked(route, spoken_of)
        if checked.verdict not in ("refuse", UNCOVERED):
            return checked
        about = self._covering.about(spoken_of, _GOING, route.topics)[: _MOST - 1]
        return replace(alone, topics=(*about, alone.topics[0]), verdict="ask") if about else alone


def _first(topic: str, topics: Iterable[str]) -> tuple[str, ...]:
    return (topic, *(other for other in topics if other != topic))


def _asks(plain: Plain) -> tuple[str, ...]:
    """What is asked, as meanings of `words/meanings.toml`."""
    return tuple(meaning for meaning in meanings(plain.folded) if meaning.startswith("ask-"))
