"""Which topic a message is about, how sure that is, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bots import confidence, machine
from bots.confidence import Confidence, Oddness
from bots.features import Features
from bots.lessons import Lesson, prepare
from bots.machine import Machine
from bots.normalise import Plain, normalise

#: The label of lines that no topic answers, in training and test files.
OUTSIDE = "out-of-scope"
#: From this chance of being right on, the first topic is answered; below, the person is asked.
SURE = 0.5
#: Where lines are written by people who ask alike, as in public sets, this keeps the share refused later below 2 %.
TURNED_AWAY = 0.012
_RANKED = 4
#: Of more lines than this, confidence is fitted on those of one topic in so many, and on all of "anything else".
_MANY, _JUDGED = 4000, 3
_REASONS = 4
_READABLE = ("word:", "pair:", "accent:", "meaning:")


@dataclass(frozen=True)
class Route:
    """`topics` are ranked, likeliest first; `verdict` is "answer", "ask" (did you mean) or "refuse"."""

    topics: tuple[str, ...]
    confidence: float
    inside: float
    verdict: str
    why: tuple[str, ...] = ()


class Router:
    """Trained once, then read-only: safe to share between threads."""

    def __init__(self, topics: Sequence[str], features: Features, machine: Machine, sure: Confidence,
                 examples: Sequence[str]):
        self.topics = tuple(topics)
        self.features = features
        self.machine = machine
        self.sure = sure
        #: The training lines, in the order of the machine's rows.
        self.examples = examples

    @classmethod
    def train(cls, lines: Iterable[tuple[str, str]], background: Iterable[str] = ()) -> "Router":
        """A router for `lines` of (text, topic); `background` and lines of topic OUTSIDE are "anything else"."""
        return cls.learn(prepare([*lines, *((text, OUTSIDE) for text in background)], last=OUTSIDE))

    @classmethod
    def learn(cls, lesson: Lesson, turned_away: float = TURNED_AWAY) -> "Router":
        """A router from lines that were prepared with OUTSIDE as their last class.

        `turned_away`: the share of left-out lines that may be refused; it sets what is refused later. Lines that show
        nothing of "anything else" say that everything is ours: then hardly anything is refused.
        """
        topics = [topic for topic in lesson.classes if topic != OUTSIDE]
        judged = len(topics) - len(topics) // _JUDGED if len(lesson.texts) > _MANY else 0
        trained = machine.train(lesson.rows, lesson.labels, judged)
        odd = _oddness(lesson.plains, lesson.labels).since(trained.first)
        sure = confidence.fit(trained, odd, len(topics), turned_away if OUTSIDE in lesson.classes else 0.0)
        return cls(topics, lesson.features, trained.machine, sure, lesson.texts)

    def route(self, message: str | Plain, *, explain: bool = True) -> Route:
        """Where `message` belongs. Its text may be anything; what has no known word is refused."""
        plain = normalise(message) if isinstance(message, str) else message
        row = self.features.row(plain)
        if not row.nnz:
            return Route((), 0.0, 0.0, "refuse", ("no known word",))
        cosines = self.machine.cosines(row)
        view = self.machine.look(cosines)
        words = np.array([len(plain.folded)])
        ranked = np.argsort(-view.ranks[: len(self.topics)])[:_RANKED]
        signals = confidence.signals(view, ranked[:1], np.array([self._unseen(plain)]), words, len(self.topics))
        right, inside = (float(chance[0]) for chance in self.sure.judge(signals))
        why = self._why(row, cosines, int(ranked[0])) if explain else ()
        return Route(tuple(self.topics[place] for place in ranked), right, inside, self._verdict(right, inside), why)

    def share_with(self, feature: str, topic: str) -> float:
        """The share of the training lines of `topic` that have a feature."""
        column = self.features.column(feature)
        if column is None or topic not in self.topics:
            return 0.0
        place = self.topics.index(topic)
        start, end = [*self.machine.starts, self.machine.rows.shape[0]][place : place + 2]
        rows = self.machine.rows[start:end]
        return float(np.count_nonzero(rows.indices == column)) / (end - start)

    def _verdict(self, right: float, inside: float) -> str:
        if inside < self.sure.least:
            return "refuse"
        return "answer" if right >= SURE else "ask"

    def _unseen(self, plain: Plain) -> float:
        known = self.features.speller.knows
        return sum(not known(word) for word in plain.folded) / len(plain.folded)

    def _why(self, row, cosines: np.ndarray, place: int) -> tuple[str, ...]:
        """The features that pulled most towards the topic, and the training line most like the message."""
        shares = self.machine.shares(row, cosines, place)
        named = sorted(zip(shares, (self.features.names[column] for column in row.indices), strict=True), reverse=True)
        reasons = [f"{name} {share:+.2f}" for share, name in named if name.startswith(_READABLE) and share > 0]
        nearest = int(cosines.argmax())
        return (*reasons[:_REASONS], f"like: {self.examples[nearest]} ({cosines[nearest]:.2f})")


def _oddness(plains: Sequence[Plain], labels: np.ndarray) -> Oddness:
    lines_with: dict[str, int] = {}
    classes_with: dict[str, set[int]] = {}
    for plain, label in zip(plains, labels, strict=True):
        for word in set(plain.folded):
            lines_with[word] = lines_with.get(word, 0) + 1
            classes_with.setdefault(word, set()).add(int(label))
    alone = [np.mean([lines_with[word] < 2 for word in plain.folded]) for plain in plains]
    orphaned = [np.mean([len(classes_with[word]) < 2 for word in plain.folded]) for plain in plains]
    return Oddness(np.array(alone), np.array(orphaned), np.array([len(plain.folded) for plain in plains]))
