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


def scores_without(rows, trained, left_out):
    """Solved anew without some lines: the scores of those lines."""
    dense = rows.toarray().astype(float)
    kept = np.setdiff1d(np.arange(len(trained.labels)), left_out)
    alike = machine.kernel(dense @ dense.T)
    ridge = np.diag(machine.held(trained.labels)[kept])
    weights = np.linalg.solve(alike[np.ix_(kept, kept)] + ridge, trained.targets[kept])
    return alike[np.ix_(left_out, kept)] @ weights


def both(view):
    return np.hstack([view.scores, view.ranks])


def test_without_itself(lines):
    trained = machine.train(*lines)
    for line in (0, 77, 299):
        without = scores_without(lines[0], trained, [line])
        assert both(trained.without_self)[[line]] == pytest.approx(without, abs=1e-4)


def test_without_its_class(lines):
    trained = machine.train(*lines)
    of_class = np.flatnonzero(lines[1] == 3)
    without = scores_without(lines[0], trained, of_class)
    assert both(trained.without_class)[of_class] == pytest.approx(without, abs=1e-4)


def test_targets_ask_no_more_of_a_line_than_it_gives(lines):
    """Its own class wants one or more, another a tenth or less: the hinge of a support vector machine."""
    rows, labels = lines
    targets = np.split(machine.train(rows, labels).targets, 2, axis=1)[1]
    own = np.zeros_like(targets, bool)
    own[np.arange(len(labels)), labels] = True
    assert targets[own].min() >= 1
    assert targets[~own].max() <= 0.1 + 1e-6


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
    assert known.shares(row, cosines, 1).sum() == pytest.approx(known.look(cosines).ranks[1], abs=1e-5)
