"""How sure to be: a small logistic regression over what the machine saw, fitted on lines held out exactly.

Two chances are told apart: that the first topic is the right one (`right`), and that any topic of ours is
(`inside`). The first chooses between answering and asking back, the second between speaking and "I do not know".
"""

from dataclasses import dataclass, replace

import numpy as np

from bots.machine import LeftOut, Trained, View

#: What is expected of real traffic: this share asks what no topic answers.
_OUTSIDE = 0.2
_RIDGE = 1.0
_STEPS = 25


@dataclass(frozen=True)
class Confidence:
    """`right` and `inside` are coefficients over `signals`; `least` is the lowest `inside` that gets an answer."""

    right: np.ndarray
    inside: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    least: float

    def judge(self, signals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each row of signals: the chance that its first topic is right, and that any topic is."""
        scaled = with_one((signals - self.middle) / self.spread)
        inside = chance(scaled @ self.inside)
        return np.minimum(chance(scaled @ self.right), inside), inside


def signals(view: View | LeftOut, first: np.ndarray, unseen: np.ndarray, words: np.ndarray, topics: int) -> np.ndarray:
    """What the chances rest on, one row a message whose first topic is `first`. From `topics` on is "anything else".

    Only scores, not rank scores: a line that is left out would still have shaped the targets of those.
    """
    scores, nearest = np.atleast_2d(view.scores), np.atleast_2d(view.nearest)
    top, near = (np.take_along_axis(seen, first[:, None], axis=1)[:, 0] for seen in (scores, nearest))
    ranked = np.sort(scores[:, :topics], axis=1)[:, ::-1]
    rival = np.where(top < ranked[:, 0], ranked[:, 0], ranked[:, min(1, topics - 1)])
    else_score = scores[:, topics:].max(axis=1, initial=0)
    else_near = nearest[:, topics:].max(axis=1, initial=0)
    nearest_of_all = nearest[:, :topics].max(axis=1)
    columns = (top, top - rival, ranked[:, :3].sum(axis=1), else_score, near, nearest_of_all, else_near,
               unseen, np.log1p(words), top * near, top * unseen)
    return np.stack(columns, axis=1).astype(np.float64)


@dataclass(frozen=True)
class Oddness:
    """For each line: the share of its words no other line has, the share no other class has, and how many words."""

    alone: np.ndarray
    orphaned: np.ndarray
    words: np.ndarray

    def since(self, first: int) -> "Oddness":
        """Of the lines from `first` on."""
        return Oddness(self.alone[first:], self.orphaned[first:], self.words[first:])


def fit(trained: Trained, odd: Oddness, topics: int, turned_away: float) -> Confidence:
    """Fits on lines left out alone, and on lines whose whole topic was left out (then nothing is right).

    `turned_away` is the share of left-out lines of our own topics that may be refused.
    """
    ours = trained.labels < topics
    first, stray = (view.scores[:, :topics].argmax(axis=1) for view in (trained.without_self, trained.without_class))
    alone = signals(trained.without_self, first, odd.alone, odd.words, topics)
    orphaned = signals(trained.without_class, stray, odd.orphaned, odd.words, topics)[ours]
    rows = np.vstack([alone, orphaned])
    right = np.concatenate([first == trained.labels, np.zeros(len(orphaned), bool)])
    inside = np.concatenate([ours, np.zeros(len(orphaned), bool)])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = with_one((rows - middle) / spread)
    weights = _weights(inside, orphans=np.arange(len(rows)) >= len(alone))
    of_right, of_inside = (logistic(scaled, yes, weights, _RIDGE) for yes in (right, inside))
    found = Confidence(of_right, of_inside, middle, spread, least=0.0)
    return replace(found, least=float(np.quantile(found.judge(alone[ours])[1], turned_away)))


def _weights(inside: np.ndarray, orphans: np.ndarray) -> np.ndarray:
    """Held-out lines of ours together weigh 1 - _OUTSIDE; orphans and "anything else" share the rest."""
    weights = np.zeros(len(inside))
    others = [group for group in (orphans, ~inside & ~orphans) if group.any()]
    weights[inside] = (1 - _OUTSIDE) / inside.sum()
    for group in others:
        weights[group] = _OUTSIDE / len(others) / group.sum()
    return weights * len(inside)


def logistic(rows: np.ndarray, yes: np.ndarray, weights: np.ndarray, ridge: float) -> np.ndarray:
    """Weighted logistic regression with a ridge, by Newton's steps; its coefficients."""
    found = np.zeros(rows.shape[1])
    held = ridge * np.eye(rows.shape[1])
    for _ in range(_STEPS):
        likely = chance(rows @ found)
        slope = rows.T @ (weights * (yes - likely)) - held @ found
        curve = (rows * (weights * likely * (1 - likely))[:, None]).T @ rows + held
        found = found + np.linalg.solve(curve, slope)
    return found


def chance(odds: np.ndarray) -> np.ndarray:
    """The chance behind log-odds."""
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def with_one(rows: np.ndarray) -> np.ndarray:
    """Rows with a column of ones for the constant."""
    return np.hstack([rows, np.ones((len(rows), 1))])
