"""Messages put together for calls, and calls counted for all workers together."""

from datetime import timedelta

import pytest

from campaigns import deliveries
from campaigns.deliveries import Claimed
from campaigns.deliveries.calls import bucket
from campaigns.store import allowances
from scheduler.calls import Calls
from scheduler.chunks import Chunk, chunks, halves, joined
from sms.gateway import Outgoing, Traits
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

ONE_TEXT = Traits(recipients_per_call=3, one_text_per_call=True)


def claimed(texts, wave_id=1):
    return [Claimed(n, wave_id, 1, Outgoing(str(n), f"+8490{n:07d}", text), 1) for n, text in enumerate(texts)]


def said(those):
    """The texts of each call."""
    return ["".join(row.outgoing.text for row in chunk.rows) for chunk in those]


@pytest.mark.parametrize(
    ("texts", "calls"),
    [("aaaaaaa", ["aaa", "aaa", "a"]), ("ababab", ["aaa", "bbb"]), ("abcd", ["a", "b", "c", "d"]), ("", [])],
)
def test_a_call_has_one_text_and_is_full(texts, calls):
    assert said(chunks(claimed(texts), 5.0, ONE_TEXT)) == calls


def test_where_a_call_may_have_several_texts_the_order_stays():
    assert said(chunks(claimed("abcab"), 5.0, Traits(recipients_per_call=3))) == ["abc", "ab"]
    assert said(chunks(claimed("ab"), 5.0, Traits())) == ["a", "b"]


def test_calls_that_wait_are_filled_up_and_keep_their_place_and_age():
    waiting = chunks(claimed("aab"), 5.0, ONE_TEXT)
    more = joined(waiting, claimed("abba"), 9.0, ONE_TEXT)
    assert (said(more), [chunk.fresh_until for chunk in more]) == (["aaa", "bbb", "a"], [5.0, 5.0, 9.0])
    assert said(joined(waiting, claimed("a", wave_id=2), 9.0, ONE_TEXT)) == ["aa", "b", "a"], "another wave's"


def test_halves_are_smaller_until_one_is_left():
    assert said(halves(claimed("abcde"), 5.0)) == ["abc", "de"]
    assert said(halves(claimed("ab"), 5.0)) == ["a", "b"]
    assert halves(claimed("a"), 5.0) == [Chunk(claimed("a"), 5.0)]


def test_calls_are_made_evenly_whoever_makes_them(db, now):
    def take(seconds, wanted=4):
        moment = now + timedelta(seconds=seconds)
        return deliveries.take_calls(db, gateway="g", per_minute=60, wanted=wanted, now=moment)[0]

    assert [take(second) for second in (0, 0.5, 1, 1.1, 2.2, 60)] == [1, 0, 0, 1, 1, 1]


def test_replies_are_calls_that_bulk_makes_up_for(db, now):
    rule = {"gateway": "g", "per_minute": 60}
    deliveries.spend(db, gateway="g", rate=None, count=3, now=now, calls_per_minute=60)
    granted, wait, rests = deliveries.take_calls(db, **rule, wanted=1, now=now)
    assert (granted, rests) == (0, False)
    assert wait == pytest.approx(3 / 0.95)
    assert deliveries.take_calls(db, **rule, wanted=1, now=now + timedelta(seconds=wait + 0.01))[0] == 1


def test_a_gateway_that_rests_is_not_called(db, now):
    with db.transaction() as c:
        allowances.stop(c, "g", now + timedelta(seconds=30), "too-fast")
    asked = {"gateway": "g", "per_minute": 60, "wanted": 1}
    assert deliveries.take_calls(db, **asked, now=now) == (0, 30.0, True)
    assert deliveries.take_calls(db, **asked, now=now + timedelta(seconds=31))[0] == 1
    with db.reading() as c:
        assert allowances.of(c, [bucket("g")], lock=False)[bucket("g")].stopped_until is None


def test_between_two_calls_nobody_asks_the_database(sqlite_db, now, monkeypatch):
    calls = Calls(a_runtime(sqlite_db, {}, clock=lambda: now), FakeGateway("g", calls_per_minute=60))
    assert (calls.due(), calls.grant(2), calls.due()) == (True, 1, False)
    monkeypatch.setattr(deliveries, "take_calls", None)
    assert calls.grant(2) == 0
