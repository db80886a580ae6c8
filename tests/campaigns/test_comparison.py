"""Comparing wordings: intervals against published figures, and errors no more often than promised."""

import numpy as np
import pytest

from campaigns import comparison
from campaigns.comparison import ERROR, POWER, Arm, at_the_end, on_the_way, raised, sample_size


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, method 10, 95 %: p1 − p2 of 56/70 and 48/80, and of 9/10 and 3/10, …
        (Arm(80, 48), Arm(70, 56), 0.0524, 0.3339),
        (Arm(10, 3), Arm(10, 9), 0.1705, 0.8090),
        (Arm(80, 48), Arm(70, 56), 0.0524, 0.3339),
        (Arm(10, 0), Arm(10, 0), -0.2775, 0.2775),
    ],
)
def test_the_interval_at_the_end_is_newcombes(first, second, low, high, monkeypatch):
    monkeypatch.setattr("campaigns.comparison.EARLY", 0.0)
    (found,) = at_the_end([first, second])
    assert (round(found.low, 4), round(found.high, 4)) == pytest.approx((low, high), abs=2e-4)


def test_the_sample_grows_with_the_number_of_arms_and_as_the_difference_shrinks():
    assert sample_size(0.02, 0.01) < sample_size(0.02, 0.005)
    assert sample_size(0.02, 0.01) < sample_size(0.02, 0.01, arms=3)


@pytest.mark.parametrize(("expected", "smallest"), [(0, 0.1), (0.5, 0.5), (0.5, 0), (1, 0.1), (-0.1, 0.2)])
def test_shares_that_are_none_are_refused(expected, smallest):
    with pytest.raises(ValueError, match="no comparison"):
        sample_size(expected, smallest)


def called_a_difference(share, other, looks, planned, rng) -> bool:
    """One comparison: looked at `looks` times on the way and once at the end."""
    first, second = rng.random(planned) < share, rng.random(planned) < other
    for n in np.linspace(planned / looks, planned, looks, endpoint=False).astype(int):
        arms = [Arm(int(n), int(first[:n].sum())), Arm(int(n), int(second[:n].sum()))]
        if any(each.better is not None for each in on_the_way(arms, planned)):
            return True
    arms = [Arm(planned, int(first.sum())), Arm(planned, int(second.sum()))]
    return at_the_end(arms)[0].better is not None


def test_twenty_looks_do_not_fool():
    """Without the care taken, looking twenty times at 5 % calls a difference that is none about one time in four."""
    rng = np.random.default_rng(39)
    fooled = sum(called_a_difference(0.03, 0.03, 20, 3000, rng) for _ in range(1500))
    assert fooled / 1500 <= ERROR + 0.01


def test_a_difference_of_the_size_asked_for_is_found_as_often_as_promised():
    rng = np.random.default_rng(40)
    planned = sample_size(0.03, 0.02)
    found = sum(called_a_difference(0.03, 0.05, 10, planned, rng) for _ in range(600))
    assert found / 600 >= POWER - 0.04


def test_a_large_difference_is_called_before_the_end():
    (found,) = on_the_way([Arm(800, 8), Arm(800, 120)], planned=4000)
    assert found.better == 1


def test_too_few_people_say_nothing_on_the_way():
    assert on_the_way([Arm(99, 0), Arm(5000, 900)], planned=4000) == []
    assert raised([Arm(99, 0), Arm(5000, 900)], planned=4000) is None


@pytest.mark.parametrize(
    ("arms", "worse"),
    [
        ([Arm(2000, 10), Arm(2000, 12)], None),
        ([Arm(2000, 10), Arm(2000, 90)], 1),
        ([Arm(2000, 90), Arm(2000, 10)], 0),
        ([Arm(2000, 10), Arm(2000, 10), Arm(2000, 100)], 2),
        ([Arm(2000, 0), Arm(2000, 0)], None),
    ],
)
def test_an_arm_that_raises_opt_outs_is_named(arms, worse):
    assert raised(arms, planned=4000) == worse


def test_three_arms_give_three_comparisons():
    found = at_the_end([Arm(1000, 20), Arm(1000, 21), Arm(1000, 80)])
    assert [(each.first, each.second, each.better) for each in found] == [(0, 1, None), (0, 2, 2), (1, 2, 2)]


def test_links_opened_more_than_once_per_person_have_limits_too():
    (found,) = at_the_end([Arm(100, 150), Arm(100, 260)], counts=True)
    assert found.low > 0 and found.estimate == pytest.approx(1.1)
    assert on_the_way([Arm(200, 300), Arm(200, 900)], planned=400, counts=True)[0].better == 1


@pytest.mark.parametrize(
    ("hits", "low", "high"), [(0, 0.0, 3.69), (1, 0.03, 5.57), (10, 4.80, 18.39), (100, 81.4, 121.6)]
)
def test_the_limits_of_counts_are_near_the_exact_ones(hits, low, high):
    """Garwood's exact 95 % limits of a Poisson count."""
    found = comparison._poisson(Arm(1, hits), 0.05)
    assert found == pytest.approx((low, high), rel=0.02, abs=0.05)
