"""What a turn counts for. What a transaction's turns add up to is written once, after everything else it writes."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bots.figures import store
from bots.figures.stretches import ALL_TOPICS, month_of, week_of
from bots.language import detect
from campaigns.pacing import day_of

#: What is done by pressing a button, or by beginning: nobody wrote anything.
_NO_MESSAGE = frozenset({"follow", "helpful", "unhelpful"})
ACCENTED, UNACCENTED = "accented", "unaccented"


@dataclass(frozen=True)
class Thought:
    """What was thought of a person's message, as its row keeps it."""

    kind: str
    topic: str | None
    danger: str
    confidence: float
    language: str
    register: str | None = None
    area: str | None = None
    wave_id: int | None = None

    @property
    def abstained(self) -> bool:
        """Words that no topic was found for; where the machine was sure of what to say none was looked for."""
        return self.kind == "text" and self.topic is None and self.confidence < 1.0


def register_of(text: str) -> str | None:
    """How Vietnamese was typed; None for other languages, and for what shows none."""
    writing = detect(text)
    if writing.language != "vi":
        return None
    return ACCENTED if writing.accented else UNACCENTED


@dataclass(frozen=True)
class Counts:
    """Changes of the counters, `n` of the same at once."""

    days: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    areas: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    waves: Counter[tuple[int, str]] = field(default_factory=Counter)

    def began(self, day: str, platform: str, n: int = 1) -> None:
        self._add(day, platform, "began", "", n)

    def heard(self, day: str, platform: str, kind: str, n: int = 1) -> None:
        if kind not in _NO_MESSAGE:
            self._add(day, platform, "heard", "", n)

    def thought(self, day: str, platform: str, thought: Thought, n: int = 1) -> None:
        """A message was answered, or would have been where a person of the staff answers."""
        if thought.kind in _NO_MESSAGE:
            return
        if thought.abstained:
            self._add(day, platform, "abstained", "", n)
        if thought.danger != "none":
            self._add(day, platform, "danger", thought.danger, n)
        if thought.kind == "text":
            self._add(day, platform, "language", thought.language, n)
        if thought.register:
            self._add(day, platform, "register", thought.register, n)
        if thought.topic:
            self._topic(day, platform, thought, n)

    def _topic(self, day: str, platform: str, thought: Thought, n: int) -> None:
        self._add(day, platform, "topic", thought.topic, n)
        if thought.area:
            self.areas[day, thought.area, thought.topic] += n
        if thought.wave_id:
            self.waves[thought.wave_id, thought.topic] += n

    def answered(self, day: str, platform: str, topic: str, n: int = 1) -> None:
        """The machine said the answer of a topic."""
        self._add(day, platform, "answered", topic, n)

    def judged(self, day: str, platform: str, topic: str, helpful: bool, n: int = 1) -> None:
        """Somebody said of an answer of that day whether it helped."""
        self._add(day, platform, "helpful" if helpful else "unhelpful", topic, n)

    def _add(self, day: str, platform: str, what: str, key: str, n: int) -> None:
        self.days[day, platform, what, key] += n

    def write(self, c: Connection) -> None:
        """To be called last in a transaction: who holds a counter waits for nobody."""
        store.shift(c, *self.sums())

    def sums(self) -> tuple[Counter, Counter, Counter]:
        """As the tables keep them: by days, weeks and months; of communes in more than a day without their topics."""
        days, areas = Counter(self.days), Counter(self.areas)
        for (day, *rest), n in self.days.items():
            days[week_of(day), *rest] += n
            days[month_of(day), *rest] += n
        for (day, area, _topic), n in self.areas.items():
            areas[week_of(day), area, ALL_TOPICS] += n
            areas[month_of(day), area, ALL_TOPICS] += n
        return days, areas, self.waves


def day(moment: datetime) -> str:
    """The day in Vietnam a moment counts under."""
    return day_of(moment)
