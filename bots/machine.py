"""The classifier under the router and the alarm, with exact answers to "and had this line been missing?".

The likeness of two lines is a·k + b·k² of the cosine k of their vectors; the square lets pairs of features speak.
Solving is one Cholesky factor of the likeness of all training lines. It gives two sets of weights: those of kernel
ridge, whose scores tell best whether a message is of ours at all; and those of the same with relaxed targets, where a
line that is well on its side pulls no more (a support vector machine with a squared hinge), which rank classes best.
The inverse gives the scores a line would have had if it (or its whole class) had not been there, without training
again. That is what confidence is fitted on.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

#: Shares of the plain and the squared cosine; the ridge, in units of a line's likeness to itself.
LINEAR, SQUARE, RIDGE = 0.6, 1.0, 0.1
#: A line is well on its side when its own class scores one and no other more than this; so often targets are relaxed.
_OTHERS_MAY, _RELAXED = 0.1, 4
#: A feature that more lines have than this is common.
_OFTEN = 250
_BLOCK = 200


@dataclass(frozen=True)
class View:
    """One message as the machine sees it: the score of every class, the rank score, and its nearest line in each."""

    scores: np.ndarray
    ranks: np.ndarray
    nearest: np.ndarray

    @classmethod
    def of(cls, both: np.ndarray, nearest: np.ndarray) -> "View":
        """From scores and rank scores side by side."""
        scores, ranks = np.split(both, 2, axis=-1)
        return cls(scores, ranks, nearest)


@dataclass(frozen=True)
class Machine:
    """Training rows, sorted by class, and the weights of each for each class, to score and to rank.

    Class c begins at row `starts[c]`.
    """

    rows: sparse.csr_array
    weights: np.ndarray
    starts: np.ndarray

    def cosines(self, row: sparse.csr_array) -> np.ndarray:
        """How like one row is to every training row, 0..1."""
        spread = np.zeros(self.rows.shape[1], np.float32)
        spread[row.indices] = row.data
        return self.rows @ spread

    def look(self, cosines: np.ndarray) -> View:
        return View.of(kernel(cosines) @ self.weights, np.maximum.reduceat(cosines, self.starts))

    def look_at_all(self, rows: sparse.csr_array) -> View:
        """The same for many messages at once."""
        cosines = (rows @ self.rows.T).toarray()
        return View.of(kernel(cosines) @ self.weights, np.maximum.reduceat(cosines, self.starts, axis=1))

    def shares(self, row: sparse.csr_array, cosines: np.ndarray, label: int) -> np.ndarray:
        """What each feature of `row` adds to the rank score of a class, in the order of `row.indices`."""
        pull = (LINEAR + SQUARE * cosines) * self.weights[:, len(self.starts) + label]
        return (self.rows.T @ pull)[row.indices] * row.data


@dataclass(frozen=True)
class LeftOut:
    """How lines would look had they been missing: every class's score, and the nearest other line in each."""

    scores: np.ndarray
    nearest: np.ndarray


@dataclass(frozen=True)
class Trained:
    """A machine, and how its last lines, from `first` on, would look to it had they (or their class) been missing.

    `labels` are theirs; `targets` are what every line was to score in the end, to rank the classes.
    """

    machine: Machine
    first: int
    labels: np.ndarray
    targets: np.ndarray
    without_self: LeftOut
    without_class: LeftOut


def kernel(cosines: np.ndarray) -> np.ndarray:
    return LINEAR * cosines + SQUARE * cosines * cosines


def train(rows: sparse.csr_array, labels: np.ndarray, judged: int = 0) -> Trained:
    """`labels[i]` is the class of row i; the rows are sorted by class and every class from 0 has at least one.

    The lines of classes from `judged` on are looked at as if missing: that takes time with the cube of their number.
    """
    starts = np.searchsorted(labels, np.arange(labels[-1] + 1))
    first = int(starts[judged])
    wanted = np.zeros((len(labels), len(starts)), np.float32)
    wanted[np.arange(len(labels)), labels] = 1
    cosines = likenesses(rows)
    nearest = _nearest(cosines, starts, first)
    targets, weights, root = _solve(cosines, wanted, held(labels), first)
    own, plain = wanted[first:], weights[first:, : len(starts)]
    alone = own - plain / np.einsum("ij,ij->j", root, root)[:, None]
    orphaned = _without_classes(root, plain, own, [*starts[judged:] - first, len(own)])
    far = np.where(own > 0, np.float32(0), nearest)
    left_out = LeftOut(alone, nearest), LeftOut(orphaned, far)
    return Trained(Machine(rows, weights, starts), first, labels[first:], targets, *left_out)


def held(labels: np.ndarray) -> np.ndarray:
    """The ridge of each line: those of a large class are held back more, so that they do not outshout the few."""
    size = np.bincount(labels)
    return RIDGE * (LINEAR + SQUARE) * np.sqrt(size / size.mean())[labels].astype(np.float32)


def likenesses(rows: sparse.csr_array) -> np.ndarray:
    """The cosine of every pair of rows.

    The few features that very many lines share are multiplied densely, the many rare ones sparsely and in blocks: so it
    takes a quarter of the time, and never the memory of the whole product as a sparse matrix.
    """
    often = np.bincount(rows.indices, minlength=rows.shape[1]) > _OFTEN
    out = _square(rows[:, often].toarray())
    rare = rows[:, ~often]
    across = rare.T.tocsr()
    for at in range(0, rows.shape[0], _BLOCK):
        out[at : at + _BLOCK] += (rare[at : at + _BLOCK] @ across).toarray()
    return out


def _square(rows: np.ndarray) -> np.ndarray:
    """The product of the rows with each other; the rows themselves are let go on return."""
    return rows @ rows.T


def _nearest(cosines: np.ndarray, starts: np.ndarray, first: int) -> np.ndarray:
    """For each row from `first` on its greatest likeness to another row of each class."""
    diagonal = np.arange(first, len(cosines))
    kept = cosines[diagonal, diagonal]
    cosines[diagonal, diagonal] = 0
    nearest = np.maximum.reduceat(cosines[first:], starts, axis=1)
    cosines[diagonal, diagonal] = kept
    return nearest


def _solve(cosines, wanted, ridge, first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The targets as relaxed; the weights, to score and to rank; and a root R of the inverse's last block (it is RᵀR).

    The factor's last block alone gives the last block of the inverse. In place: there is memory for one such matrix.
    """
    for at in range(0, len(cosines), _BLOCK):
        cosines[at : at + _BLOCK] = kernel(cosines[at : at + _BLOCK])
    cosines[np.diag_indices(len(cosines))] += ridge
    # LAPACK reads columns where NumPy writes rows: the transposed view is the same symmetric matrix, not a copy.
    factor, failed = lapack.spotrf(cosines.T, lower=1, overwrite_a=1, clean=1)
    if failed:
        raise ArithmeticError("the likeness of the training lines has no inverse")
    targets, weights = _relax(factor, wanted, ridge[:, None])
    root, _ = lapack.strtri(np.asfortranarray(factor[first:, first:]), lower=1, overwrite_c=1)
    return targets, weights, root


def _relax(factor: np.ndarray, wanted: np.ndarray, ridge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Targets that follow the ranks where those are good enough; the weights for the wanted ones and for these.

    Each time they go a little ahead of the ranks, which takes fewer times.
    """
    weights = plain = lapack.spotrs(factor, wanted, lower=1)[0]
    targets, before = wanted, wanted - ridge * plain
    ranks = before
    for step in range(_RELAXED):
        ahead = ranks + step / (step + 3) * (ranks - before)
        targets = np.where(wanted > 0, np.maximum(1, ahead), np.minimum(_OTHERS_MAY, ahead))
        weights = lapack.spotrs(factor, targets, lower=1)[0]
        before, ranks = ranks, targets - ridge * weights
    return targets, np.hstack([plain, weights])


def _without_classes(root, weights, targets, edges) -> np.ndarray:
    out = np.empty_like(targets)
    for start, end in pairwise(edges):
        mine = slice(start, end)
        inverse = root[start:, mine].T @ root[start:, mine]
        out[mine] = targets[mine] - np.linalg.solve(inverse, weights[mine])
    return out
