"""Whether an answer is about the country somebody asked for: one country's answer must not be given for another's."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bots import letters, places
from bots.language import Writing
from bots.model import Context
from bots.normalise import Plain
from bots.router import Route
from messages.book import Answer, Book

#: The verdict on a question about a country that no answer speaks of.
UNCOVERED = "uncovered"
#: Answers of this group are about going to some country, even when their title names none.
_COUNTRY_BY_COUNTRY = "legal"
#: Answers about our own messages: "đăng ký Hàn Quốc" is none of their business.
_OF_MESSAGES = ("opt-in", "opt-out")
#: Answers for whoever goes anywhere as a visitor: the countries they name are examples.
_ANYWHERE = ("visitor-no-work",)
#: Parts of the world an answer may be about as a whole; their countries stand in its text.
_WIDE = frozenset({"europe", "gulf"})
#: An answer that was chosen because of its country alone is no surer than this.
_BY_COUNTRY = 0.6
_MOST = 3
#: The share of a topic's questions that must name a country for it to be one of the topic's own.
_MANY = 0.05


def still_known(book: Book, context: Context) -> Context:
    """What was remembered, without topics and countries there are no more: the content changes between two messages."""
    topics = {name: tuple(topic for topic in getattr(context, name) if topic in book.topics)
              for name in ("offered", "others")}
    countries = tuple(country for country in context.places if places.is_known(country))
    topic = context.topic if context.topic in book.topics else None
    return replace(context, **topics, places=countries, topic=topic)


class Covering:
    """Which countries each topic speaks of, as its own content says."""

    def __init__(self, book: Book):
        self._groups = {topic.id: topic.group for topic in book.topics.values()}
        self._titles = {topic.id: _named(answer.title for answer in topic.answers.values())
                        for topic in book.topics.values()}
        self._topics = book.topics
        self._content: dict[str, set[str]] = {}

    def title(self, topic: str | None) -> set[str]:
        """The countries in the title of a topic."""
        return self._titles.get(topic, set())

    def content(self, topic: str) -> set[str]:
        """The countries a topic's answers name, or many of its questions; read when it is first asked for."""
        if topic not in self._content:
            answers = self._topics[topic].answers.values()
            self._content[topic] = _named(_sentences(answers)) | _often_named(answers)
        return self._content[topic]

    def speaks_of(self, topic: str, countries: set[str]) -> bool:
        """Whether a topic is about one of `countries` as far as it is about any."""
        return bool(self.widened(countries) & (self._titles[topic] or self.content(topic)))

    def allows(self, topic: str, countries: set[str]) -> bool:
        """Whether `topic` may answer a question about `countries`: it names one, or depends on none."""
        abroad = self.widened(countries - {"vietnam"})
        if not abroad or topic in _OF_MESSAGES:
            return not abroad
        if topic in _ANYWHERE:
            return True
        of_a_country = self._groups[topic] == _COUNTRY_BY_COUNTRY
        if of_a_country and self._titles[topic] and not self._titles[topic] & _WIDE:
            return bool(abroad & self._titles[topic])
        return not (of_a_country or self._titles[topic]) or bool(abroad & self.content(topic))

    @staticmethod
    def widened(countries: set[str]) -> set[str]:
        """`countries` and the part of the world they lie in: what is said of all Europe is said of Norway."""
        return countries | {region for country in countries for region in places.regions(country)}

    def about(self, countries: set[str], group: str, ranked: Iterable[str] = ()) -> list[str]:
        """Topics of a group with one of `countries` in the title, else in the content; those `ranked` go first."""
        alike = [topic for topic, of in self._groups.items() if of == group]
        countries = self.widened(countries)
        order = [*(topic for topic in ranked if topic in alike), *alike]
        for known in (self.title, self.content):
            found = [topic for topic in dict.fromkeys(order) if self._titles[topic] and known(topic) & countries]
            if found:
                return found
        return []

    def _besides(self, group: str, allowed: Iterable[str], countries: set[str]) -> list[str]:
        """Where no country's own answer is left: of the likely topics those for all countries that name this one."""
        if group == _COUNTRY_BY_COUNTRY:
            return []
        return [topic for topic in allowed if not self._titles[topic] and self.content(topic) & countries]

    def checked(self, route: Route, countries: set[str]) -> Route:
        """`route` without the topics that speak only of other countries."""
        if not countries or route.verdict == "refuse":
            return route
        allowed = tuple(topic for topic in route.topics if self.allows(topic, countries))
        if route.topics[0] in allowed:
            return replace(route, topics=allowed) if route.verdict == "ask" else route
        first = route.topics[0]
        group = _COUNTRY_BY_COUNTRY if first in _OF_MESSAGES else self._groups[first]
        found = self.about(countries, group, route.topics)
        found = found or self._besides(group, allowed, self.widened(countries))
        if not found:
            return replace(route, verdict=UNCOVERED, why=(f"nothing about {', '.join(sorted(countries))}", *route.why))
        left = [topic for topic in allowed if topic not in found]
        verdict = "answer" if len(found) == 1 and route.verdict == "answer" else "ask"
        topics = tuple(found[:_MOST]) if verdict == "ask" and len(found) > 1 else (*found[:1], *left[: _MOST - 1])
        return replace(route, topics=topics, verdict=verdict, confidence=min(route.confidence, _BY_COUNTRY),
                       why=("its country decided", *route.why))


def _sentences(answers: Iterable[Answer]) -> Iterable[str]:
    for answer in answers:
        yield from (answer.title, *answer.sms.split(". "))
        yield from (sentence for paragraph in answer.chat.split("\n") for sentence in paragraph.split(". "))


def _often_named(answers: Iterable[Answer]) -> set[str]:
    """A question may name a country in passing; many of them do so because the answer is about it."""
    questions = [question for answer in answers for question in answer.questions]
    named = Counter(country for question in questions for country in places.asked(_as_written(question)))
    return {country for country, times in named.items() if times >= _MANY * len(questions)}


def _named(texts: Iterable[str]) -> set[str]:
    return {country for text in texts for country in places.asked(_as_written(text))}


def _as_written(text: str) -> Plain:
    """Our own sentences need no mending, and there are thousands of them to read at a start."""
    words = tuple(letters.tokens(letters.clean(text)))
    accented = any(map(letters.has_vietnamese_mark, words))
    return Plain(Writing("vi", accented), words, words, tuple(map(letters.fold, words)))
