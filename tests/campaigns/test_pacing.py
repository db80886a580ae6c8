from datetime import UTC, datetime, timedelta

import pytest

from campaigns import pacing
from campaigns.pacing import Bucket
from sms.gateway import Traits


def vinh(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026 on a clock in Vinh."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=pacing.ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        (vinh(24, 6, 59, 59), False, vinh(24, 7)),
        (vinh(24, 7), True, vinh(24, 7)),
        (vinh(24, 12), True, vinh(24, 12)),
        (vinh(24, 21, 59, 59), True, vinh(24, 21, 59, 59)),
        (vinh(24, 22), False, vinh(25, 7)),
        (vinh(24, 23, 59), False, vinh(25, 7)),
        (vinh(25, 0), False, vinh(25, 7)),
        (vinh(30, 23), False, vinh(30, 7) + timedelta(days=1)),
        # the same moment told by another clock
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), True, vinh(24, 7)),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), False, vinh(25, 7)),
    ],
)
def test_quiet_hours(moment, is_open, opening):
    assert pacing.is_open(moment) is is_open
    assert pacing.next_opening(moment) == opening


@pytest.mark.parametrize(
    ("start", "count", "rate", "end"),
    [
        (vinh(24, 9), 3600, 1, vinh(24, 10)),
        (vinh(24, 9), 0, 1, vinh(24, 9)),
        (vinh(24, 21), 3600, 1, vinh(24, 22)),  # to the last second of the day
        (vinh(24, 21), 7200, 1, vinh(25, 8)),  # over the night
        (vinh(24, 23), 3600, 1, vinh(25, 8)),  # waits for the morning first
        (vinh(24, 7), 2 * 15 * 3600 + 3600, 1, vinh(26, 8)),  # two whole days of fifteen hours, and an hour
    ],
)
def test_the_end_sleeps_through_nights(start, count, rate, end):
    assert pacing.ends(start, count, rate) == end


def test_the_end_of_a_wave_that_ignores_the_night():
    assert pacing.ends(vinh(24, 23), 3600, 1, ignore_quiet_hours=True) == vinh(25, 0)


@pytest.mark.parametrize(
    ("contract", "own", "expected"),
    [(None, None, 80), (30, None, 30), (None, 5, 5), (30, 5, 5), (5, 30, 5), (500, 500, 80)],
)
def test_the_lowest_rate_counts(contract, own, expected):
    assert pacing.expected_rate(contract, own, at_once=8) == expected


#: A hundred people a call, all with one text, and a call a second.
A_HUNDRED = {"concurrency": 4, "recipients_per_call": 100, "one_text_per_call": True, "calls_per_minute": 60}


@pytest.mark.parametrize(
    ("traits", "own", "personal", "expected"),
    [
        ({"concurrency": 8}, None, False, 80),
        ({"concurrency": 8}, None, True, 80),  # one message a call anyway
        (A_HUNDRED, None, False, 95),
        (A_HUNDRED, None, True, 0.95),
        (A_HUNDRED, 20, False, 20),
        ({"concurrency": 4, "recipients_per_call": 100, "calls_per_minute": 60}, None, True, 95),
        ({"concurrency": 4, "calls_per_minute": 60, "rate": 0.5}, None, False, 0.5),
    ],
)
def test_the_speed_of_a_gateway_with_few_calls(traits, own, personal, expected):
    assert pacing.speed(Traits(**traits), own, personal=personal) == pytest.approx(expected)


NOON = vinh(24, 12)


@pytest.mark.parametrize(
    ("bucket", "rate", "later", "tokens"),
    [
        (None, 10, 0, 10),  # a new one is full
        (Bucket(0, NOON), 10, 0.5, 5),
        (Bucket(0, NOON), 10, 60, 10),  # never more than a second's worth
        (Bucket(-20, NOON), 10, 1, -10),  # replies were sent ahead of it
        (Bucket(0, NOON), 0.5, 1, 0.5),
        (Bucket(0, NOON), 0.5, 10, 1),  # at least one whole message
        (Bucket(3, NOON), 10, -30, 3),  # another machine's clock is a little ahead: nothing is added twice
        (Bucket(3, NOON), 10, -7200, 3),  # the clock was set back by hours …
    ],
)
def test_a_bucket_fills(bucket, rate, later, tokens):
    assert pacing.refilled(bucket, rate, NOON + timedelta(seconds=later)).tokens == pytest.approx(tokens)


def test_a_clock_set_back_does_not_stop_sending():
    earlier = NOON - timedelta(hours=2)
    back = pacing.refilled(Bucket(0, NOON), 10, earlier)
    assert pacing.refilled(back, 10, earlier + timedelta(seconds=1)).tokens == 10


@pytest.mark.parametrize(("tokens", "whole"), [(2.9, 2), (0.9, 0), (-4, 0)])
def test_only_whole_tokens_count(tokens, whole):
    assert pacing.whole_tokens(Bucket(tokens, NOON)) == whole


def test_many_takers_keep_to_the_rate():
    """Ten seconds at 20 a second by three greedy workers: a full bucket and what flows in, no more."""
    bucket, moment, sent = None, NOON, 0
    for step in range(1000):
        moment += timedelta(milliseconds=10)
        filled = pacing.refilled(bucket, 20, moment)
        taken = min(pacing.whole_tokens(filled), step % 3 + 1)
        bucket, sent = pacing.overdrawn(filled, taken), sent + taken
    assert 200 <= sent <= 220


@pytest.mark.parametrize(
    ("attempts", "chance", "asked", "seconds"),
    [
        (1, 1.0, None, 2),
        (1, 0.0, None, 1),
        (2, 1.0, None, 4),
        (5, 1.0, None, 32),
        (30, 1.0, None, 600),
        (10_000, 1.0, None, 600),
        (1, 1.0, 30.0, 30),
        (8, 0.5, 1.0, 192),
    ],
)
def test_back_off_grows_and_is_bounded(attempts, chance, asked, seconds):
    assert pacing.back_off(attempts, chance, asked) == seconds
