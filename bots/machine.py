"""Kernel ridge: the classifier under the router and the alarm, with exact answers to "and had this line been missing?".

The likeness of two lines is a·k + b·k² of the cosine k of their vectors; the square lets pairs of features speak.
Solving is one Cholesky factor of the likeness of all training lines; its inverse gives the scores every line would
have had if it (or its whole class) had not been there, without training again. That is what confidence is fitted on.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

#: Shares of the plain and the squared cosine; the ridge, in units of a line's likeness to itself.
LINEAR, SQUARE, RIDGE = 0.3, 1.0, 0.15
#: A feature that more lines have than this is common.
_OFTEN = 150
_BLOCK = 200


@dataclass(frozen=True)
class View:
    """One message as the machine sees it: the score of every class, and its nearest line in each."""

    scores: np.ndarray
    nearest: np.ndarray


@dataclass(frozen=True)
class Machine:
    """Training rows, sorted by class, and the weight of each for each class. Class c begins at row `starts[c]`."""

    rows: sparse.csr_array
    weights: np.ndarray
    starts: np.ndarray

    def cosines(self, row: sparse.csr_array) -> np.ndarray:
        """How like one row is to every training row, 0..1."""
        spread = np.zeros(self.rows.shape[1], np.float32)
        spread[row.indices] = row.data
        return self.rows @ spread

    def look(self, cosines: np.ndarray) -> View:
        return View(kernel(cosines) @ self.weights, np.maximum.reduceat(cosines, self.starts))

    def look_at_all(self, rows: sparse.csr_array) -> View:
        """The same for many messages at once."""
        cosines = (rows @ self.rows.T).toarray()
        return View(kernel(cosines) @ self.weights, np.maximum.reduceat(cosines, self.starts, axis=1))

    def shares(self, row: sparse.csr_array, cosines: np.ndarray, label: int) -> np.ndarray:
        """What each feature of `row` adds to the score of a class, in the order of `row.indices`."""
        pull = (LINEAR + SQUARE * cosines) * self.weights[:, label]
        return (self.rows.T @ pull)[row.indices] * row.data


@dataclass(frozen=True)
class Trained:
    """A machine, and how its own lines would look to it had they (or their whole class) been missing."""

    machine: Machine
    labels: np.ndarray
    without_self: View
    without_class: View


def kernel(cosines: np.ndarray) -> np.ndarray:
    return LINEAR * cosines + SQUARE * cosines * cosines


def train(rows: sparse.csr_array, labels: np.ndarray) -> Trained:
    """`labels[i]` is the class of row i; the rows are sorted by class and every class from 0 has at least one."""
    starts = np.searchsorted(labels, np.arange(labels[-1] + 1))
    targets = np.zeros((len(labels), len(starts)), np.float32)
    targets[np.arange(len(labels)), labels] = 1
    cosines = likenesses(rows)
    nearest = _nearest(cosines, starts)
    root, weights = _solve(cosines, targets)
    without_self = targets - weights / np.einsum("ij,ij->j", root, root)[:, None]
    without_class = _without_classes(root, weights, targets, [*starts, len(labels)])
    far = np.where(targets > 0, np.float32(0), nearest)
    return Trained(Machine(rows, weights, starts), labels, View(without_self, nearest), View(without_class, far))


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


def _nearest(cosines: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """For each row its greatest likeness to another row of each class."""
    diagonal = np.diag_indices(len(cosines))
    kept = cosines[diagonal]
    cosines[diagonal] = 0
    nearest = np.maximum.reduceat(cosines, starts, axis=1)
    cosines[diagonal] = kept
    return nearest


def _solve(cosines: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A root R of the inverse of kernel + ridge (the inverse is RᵀR), and the inverse times `targets`.

    In place: there is memory for one such matrix, not for three.
    """
    for at in range(0, len(cosines), _BLOCK):
        cosines[at : at + _BLOCK] = kernel(cosines[at : at + _BLOCK])
    cosines[np.diag_indices(len(cosines))] += RIDGE * (LINEAR + SQUARE)
    # LAPACK reads columns where NumPy writes rows: the transposed view is the same symmetric matrix, not a copy.
    factor, failed = lapack.spotrf(cosines.T, lower=1, overwrite_a=1, clean=1)
    root, failed_too = lapack.strtri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ArithmeticError("the likeness of the training lines has no inverse")
    return root, root.T @ (root @ targets)


def _without_classes(root, weights, targets, edges) -> np.ndarray:
    out = np.empty_like(targets)
    for start, end in pairwise(edges):
        mine = slice(start, end)
        inverse = root[start:, mine].T @ root[start:, mine]
        out[mine] = targets[mine] - np.linalg.solve(inverse, weights[mine])
    return out
