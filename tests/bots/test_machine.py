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
    """Solved anew without some lines: the scores of those lines."""
    dense = rows.toarray().astype(float)
    kept = np.setdiff1d(np.arange(len(labels)), left_out)
    alike = machine.kernel(dense @ dense.T)
    ridge = np.diag(machine.held(labels)[kept])
    weights = np.linalg.solve(alike[np.ix_(kept, kept)] + ridge, np.eye(5)[labels[kept]])
    return alike[np.ix_(left_out, kept)] @ weights


@pytest.mark.parametrize("judged", [0, 3])
def test_without_itself(lines, judged):
    trained = machine.train(*lines, judged)
    for line in {trained.first, trained.first + 20, 299}:
        without = scores_without(*lines, [line])
        assert trained.without_self.scores[[line - trained.first]] == pytest.approx(without, abs=1e-4)


@pytest.mark.parametrize("judged", [0, 2, 3])
def test_without_its_class(lines, judged):
    trained = machine.train(*lines, judged)
    of_class = np.flatnonzero(lines[1] == 3)
    without = scores_without(*lines, of_class)
    assert trained.without_class.scores[of_class - trained.first] == pytest.approx(without, abs=1e-4)


def test_judging_fewer_lines_changes_nothing_for_those_judged(lines):
    everything, some = machine.train(*lines), machine.train(*lines, 3)
    assert some.machine.weights == pytest.approx(everything.machine.weights, abs=1e-4)
    assert some.labels.tolist() == everything.labels[some.first :].tolist()
    for name in ("without_self", "without_class"):
        of_all, of_some = getattr(everything, name), getattr(some, name)
        assert of_some.nearest == pytest.approx(of_all.nearest[some.first :], abs=1e-6)


def test_targets_ask_no_more_of_a_line_than_it_gives(lines):
    """Its own class wants one or more, another a tenth or less: the hinge of a support vector machine."""
    rows, labels = lines
    targets = machine.train(rows, labels).targets
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
