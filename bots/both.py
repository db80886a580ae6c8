"""One router for each language people write in, and the one that a message is for.

Lines of two languages share hardly a word, so two small machines know what one large one would, and are trained in a
third of the time, side by side.
"""

from collections.abc import Iterable, Mapping

from bots.language import Writing, detect
from bots.lessons import prepare
from bots.model import LANGUAGES
from bots.normalise import Plain, normalise
from bots.router import OUTSIDE, TURNED_AWAY, Route, Router

Line = tuple[str, str]
#: A language that fewer of the lines are written in has no router of its own.
_LEAST_SHARE = 0.15


class BothLanguages:
    """Read-only after training, like its routers."""

    def __init__(self, routers: Mapping[str, Router]):
        self._routers = dict(routers)
        self.topics = tuple(dict.fromkeys(topic for router in self._routers.values() for topic in router.topics))

    @classmethod
    def train(cls, lines: Iterable[Line], turned_away: float = TURNED_AWAY) -> "BothLanguages":
        """Routers for `lines` of (text, topic); those of topic OUTSIDE are "anything else"."""
        return cls({language: learn(part, turned_away) for language, part in by_language(lines).items()})

    def route(self, message: str | Plain, *, explain: bool = True) -> Route:
        """Where `message` belongs; what mixes the languages or shows none goes where it is understood best."""
        plain = normalise(message) if isinstance(message, str) else message
        own = self._routers.get(side(plain.writing)) or next(iter(self._routers.values()))
        if not plain.writing.mixed and plain.writing.language != "unclear":
            return own.route(plain, explain=explain)
        routes = [router.route(plain, explain=explain) for router in (own, *self._routers.values())]
        return max(routes, key=lambda route: (route.verdict == "answer", route.confidence))

    def share_with(self, feature: str, topic: str) -> float:
        """The share of the training lines of `topic` that have a feature, in the language that has more."""
        return max(router.share_with(feature, topic) for router in self._routers.values())


def learn(lines: Iterable[Line], turned_away: float) -> Router:
    """The router of one language."""
    return Router.learn(prepare(lines, last=OUTSIDE), turned_away)


def by_language(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines of each language; all under the one language when hardly any are written in the other."""
    parts: dict[str, list[Line]] = {language: [] for language in LANGUAGES}
    for line in lines:
        parts[side(detect(line[0]))].append(line)
    less, more = sorted(parts, key=lambda language: len(parts[language]))
    if len(parts[less]) < _LEAST_SHARE * len(parts[more]):
        return {more: parts[more] + parts[less]}
    return parts


def side(writing: Writing) -> str:
    """The language whose router a message is for."""
    return "en" if writing.language == "en" else "vi"
