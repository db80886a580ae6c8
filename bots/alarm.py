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
_FALSE_RED, _FALSE_AMBER = (0.1, 0.01), (0.2, 0.03)
#: An ordinary question weighs this much against a line about danger; there are many and they are easy.
_ORDINARY_WEIGHT = 0.3
_RIDGE = 1.0
#: How many ordinary questions are learnt from: some of all kinds first, then those that sounded most alarming.
_SAMPLE, _HARDEST = 600, 400


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
        first = _fit(danger, ordinary, sample, lesson.features)
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
    of_red = confidence.logistic(scaled, labels == 0, np.where(labels == 1, 0.5, weights), _RIDGE)
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
    weights = sorted((cues.weight("harm", name) for name in found["harm"]), reverse=True)
    present = [float(name in found[kind]) for kind, name in cues.all_cues()]
    return [*present, sum(weights[:1]), sum(weights[1:]), np.log1p(len(plain.folded))]
