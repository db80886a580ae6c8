"""The kernel machine: what it says of lines left out must be what a machine without them would say."""

import numpy as np
import pytest
from scipy import sparse

from bots import machine


@pytest.fixture(scope="module")
def lines():
    """300 random sparse rows of length one in 5 classes, sorted by class."""
    rng = np.random.default_rng(1)
    rows = rng.random((300, 80)) * (rng.random((300, 80)) < 0.1)
    rows[:, 0] += 0.1
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return sparse.csr_array(rows.astype(np.float32)), np.sort(rng.integers(0, 5, 300))


def scores_without(rows, labels, left_out):
    """Trained anew without some lines: the scores of those lines."""
    dense = rows.toarray().astype(float)
    kept = np.setdiff1d(np.arange(len(labels)), left_out)
    alike = machine.kernel(dense @ dense.T)
    ridge = machine.RIDGE * (machine.LINEAR + machine.SQUARE)
    targets = np.eye(5)[labels]
    weights = np.linalg.solve(alike[np.ix_(kept, kept)] + ridge * np.eye(len(kept)), targets[kept])
    return alike[np.ix_(left_out, kept)] @ weights


def test_without_itself(lines):
    trained = machine.train(*lines)
    for line in (0, 77, 299):
        assert trained.without_self.scores[[line]] == pytest.approx(scores_without(*lines, [line]), abs=1e-4)


def test_without_its_class(lines):
    rows, labels = lines
    trained = machine.train(rows, labels)
    of_class = np.flatnonzero(labels == 3)
    assert trained.without_class.scores[of_class] == pytest.approx(scores_without(rows, labels, of_class), abs=1e-4)


def test_likeness_is_the_cosine(lines):
    rows, _ = lines
    assert machine.likenesses(rows) == pytest.approx((rows @ rows.T).toarray(), abs=1e-6)


def test_one_message_and_many_look_alike(lines):
    rows, labels = lines
    known = machine.train(rows, labels).machine
    many = known.look_at_all(rows[:4])
    one = known.look(known.cosines(rows[[2]]))
    assert many.scores[2] == pytest.approx(one.scores, abs=1e-5)
    assert many.nearest[2] == pytest.approx(one.nearest, abs=1e-5)


def test_shares_add_up_to_the_score(lines):
    rows, labels = lines
    known = machine.train(rows, labels).machine
    row = rows[[10]]
    cosines = known.cosines(row)
    assert known.shares(row, cosines, 1).sum() == pytest.approx(known.look(cosines).scores[1], abs=1e-5)
