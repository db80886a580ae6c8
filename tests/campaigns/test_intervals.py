"""Wilson's and Newcombe's intervals against the tables that Newcombe published (Statistics in Medicine 17, 1998)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.figures.intervals import Rate, difference, wilson


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(n, of, low, high):
    assert wilson(n, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        (Rate(56, 70), Rate(48, 80), 0.0524, 0.3339),
        (Rate(9, 10), Rate(3, 10), 0.1705, 0.8090),
        (Rate(6, 7), Rate(2, 7), 0.0582, 0.8062),
        (Rate(5, 56), Rate(0, 29), -0.0381, 0.1926),
        (Rate(0, 10), Rate(0, 10), -0.2775, 0.2775),
        (Rate(10, 10), Rate(0, 10), 0.6075, 1.0),
    ],
)
def test_the_difference_of_two_rates_as_published(a, b, low, high):
    found = difference(a, b)
    assert found[0] == pytest.approx(low, abs=5e-5)
    assert found[2] == pytest.approx(high, abs=5e-5)
    assert found[1] == pytest.approx(a.share - b.share)


def test_of_nobody_there_is_no_rate():
    nobody = Rate(0, 0)
    assert not nobody
    assert (nobody.share, nobody.low, nobody.high) == (None, None, None)
    assert wilson(0, 0) is None
    assert difference(nobody, Rate(1, 2)) is None


@given(st.integers(1, 10**7).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_stays_within_nobody_and_everybody(counted):
    rate = Rate(*counted)
    assert 0 <= rate.low <= rate.share <= rate.high <= 1
    assert rate.low < rate.high
    others = Rate(rate.of - rate.n, rate.of)  # those who did not are as uncertain
    assert others.low == pytest.approx(1 - rate.high, abs=1e-9)


@given(st.integers(0, 50), st.integers(50, 500), st.integers(2, 50))
def test_more_people_make_it_narrower(n, of, times):
    few, many = Rate(n, of), Rate(n * times, of * times)
    assert many.high - many.low < few.high - few.low
