"""The ear for danger that is said sideways: a small model beside the rules, trained from `alarm/*.txt`.

It weighs what the rules found (`words/danger.toml`) together with how like the message is to the lines of each kind.
Its lines are written, not collected: nobody's cry for help is kept to train a machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bots import confidence, cues, machine
from bots.features import Features
from bots.lessons import Lesson
from bots.machine import Machine, View
from bots.normalise import Plain
from bots.tables import alarm_lines

#: The kinds of lines in `alarm/`; a look-alike counts as "none", with the ordinary questions.
KINDS = ("red", "amber", "lookalike")
#: The share of look-alikes, and of ordinary questions, that may raise a false red, and a false amber (a warning more).
_FALSE_RED, _FALSE_AMBER = (0.17, 0.025), (0.27, 0.05)
#: What a line counts for when red is learnt: an ordinary question as much as one about danger; an amber one little, for
#: to call it red does small harm.
_ORDINARY_WEIGHT, _AMBER_WEIGHT = 1.0, 0.2
_RIDGE = 1.0
#: How many ordinary questions are learnt from: some of all kinds first, then those that sounded most alarming.
_SAMPLE, _HARDEST = 800, 1500
#: What sounds most alarming is found by a smaller alarm, of one in so many lines about danger: its training is cheap.
_THINNED = 3


def lines() -> list[str]:
    """The lines of `alarm/`, kind after kind."""
    return [text for kind in KINDS for text in alarm_lines(kind)]


@dataclass(frozen=True)
class Alarm:
    """Read-only after training. `limits` are the least chances at which red and amber are raised."""

    features: Features
    machine: Machine
    red: np.ndarray
    amber: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    limits: np.ndarray

    @classmethod
    def learn(cls, lesson: Lesson) -> "Alarm":
        """From a lesson of ordinary questions that was prepared with `also=lines()`; its features are shared."""
        danger = _Danger(lesson.also_rows, _cue_signals(lesson.also), tuple(len(alarm_lines(kind)) for kind in KINDS))
        ordinary = _Ordinary(lesson.plains, lesson.rows, _cue_signals(lesson.plains))
        sample = np.arange(0, len(lesson.plains), max(1, len(lesson.plains) // _SAMPLE))
        first = _fit(danger.thinned(_THINNED), ordinary, sample, lesson.features)
        loudness = first.chances(ordinary.cues, first.machine.look_at_all(ordinary.rows)).max(axis=1)
        loudness[sample] = 0
        hardest = np.argsort(-loudness)[:_HARDEST]
        return _fit(danger, ordinary, np.concatenate([sample, hardest]), lesson.features)

    def level(self, plain: Plain) -> tuple[str, float]:
        """"red", "amber" or "none", and the chance of it being red."""
        view = self.machine.look(self.machine.cosines(self.features.row(plain)))
        [[red, amber]] = self.chances(_cue_signals([plain]), view)
        if red > self.limits[0]:
            return "red", float(red)
        return ("amber" if amber > self.limits[1] else "none"), float(red)

    def chances(self, found: np.ndarray, view: View) -> np.ndarray:
        """For each message the chance of red, and that of red or amber, from its cues and what the machine saw."""
        scaled = confidence.with_one((_signals(found, view) - self.middle) / self.spread)
        return np.stack([confidence.chance(scaled @ self.red), confidence.chance(scaled @ self.amber)], axis=1)


@dataclass(frozen=True)
class _Ordinary:
    plains: Sequence[Plain]
    rows: sparse.csr_array
    cues: np.ndarray


@dataclass(frozen=True)
class _Danger:
    """The lines of `alarm/`, red first, then amber, then look-alikes."""

    rows: sparse.csr_array
    cues: np.ndarray
    counts: tuple[int, ...]

    def thinned(self, by: int) -> "_Danger":
        """Every so many-th line of each kind."""
        kinds = np.repeat(np.arange(len(self.counts)), self.counts)
        kept = np.concatenate([np.flatnonzero(kinds == kind)[::by] for kind in range(len(self.counts))])
        counts = np.bincount(kinds[kept], minlength=len(self.counts))
        return _Danger(self.rows[kept], self.cues[kept], tuple(map(int, counts)))


def _fit(danger: _Danger, ordinary: _Ordinary, chosen: np.ndarray, features: Features) -> Alarm:
    """An alarm from the lines about danger and the chosen ordinary ones."""
    red, amber, lookalike = danger.counts
    labels = np.repeat([0, 1, 2], [red, amber, lookalike + len(chosen)])
    weights = np.repeat([1.0, _ORDINARY_WEIGHT], [red + amber + lookalike, len(chosen)])
    rows = sparse.vstack([danger.rows, ordinary.rows[chosen]], format="csr")
    trained = machine.train(rows, labels)
    seen = _signals(np.vstack([danger.cues, ordinary.cues[chosen]]), trained.without_self)
    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 0.05
    scaled = confidence.with_one((seen - middle) / spread)
    of_red = confidence.logistic(scaled, labels == 0, np.where(labels == 1, _AMBER_WEIGHT, weights), _RIDGE)
    of_amber = confidence.logistic(scaled, labels < 2, weights, _RIDGE)
    harmless = scaled[red + amber :]
    many = len(ordinary.plains) / len(chosen)
    limits = [
        _limit(confidence.chance(harmless @ found), lookalike, of_lookalikes, of_ordinary * many)
        for found, (of_lookalikes, of_ordinary) in ((of_red, _FALSE_RED), (of_amber, _FALSE_AMBER))
    ]
    return Alarm(features, trained.machine, of_red, of_amber, middle, spread, np.array(limits))


def _limit(chances: np.ndarray, lookalike: int, of_lookalikes: float, of_others: float) -> float:
    """The chance above which an alarm is raised; the first `lookalike` of these harmless lines are look-alikes.

    The others are the hardest of all ordinary lines, so a larger share of them may raise a false alarm.
    """
    limits = np.quantile(chances[:lookalike], 1 - of_lookalikes), np.quantile(chances[lookalike:], 1 - of_others)
    return float(max(limits))


def _signals(found: np.ndarray, view: View) -> np.ndarray:
    return np.hstack([found, np.atleast_2d(view.scores), np.atleast_2d(view.nearest)])


def _cue_signals(plains: Sequence[Plain]) -> np.ndarray:
    return np.array([_cues_of(plain) for plain in plains])


def _cues_of(plain: Plain) -> list[float]:
    found = cues.find(plain.folded)
    weights = {kind: [cues.weight(kind, name) for name in found[kind]] for kind in cues.KINDS}
    harms = sorted(weights["harm"], reverse=True)
    heaviest, others = sum(harms[:1]), sum(harms[1:])
    near = sum(weight for weight in weights["signs"] if weight > 0)
    doubt = -sum(weight for weight in weights["signs"] if weight < 0)
    present = [float(name in found[kind]) for kind, name in cues.all_cues()]
    length = np.log1p(len(plain.folded))
    together = [heaviest, others, near, doubt, heaviest * (doubt == 0), heaviest * near, heaviest * doubt,
                sum(weights["amber"]), heaviest / length if length else 0.0]
    return [*present, *together, length]
