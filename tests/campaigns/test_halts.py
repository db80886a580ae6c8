"""Stop everything: what it stops, what it does not, who lifts it; on both databases."""

import pytest

from campaigns import deliveries, halts, stats, waves
from db.engine import open_database
from messages.errors import Mistake
from staff import audit
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}


def code_of(call, *args, **options) -> str:
    with pytest.raises(Mistake) as told:
        call(*args, **options)
    assert told.value.sentence("vi") and told.value.sentence("en")
    return told.value.code


def test_a_stop_needs_a_reason(db, now):
    assert code_of(halts.stop, db, reason=" \n ", by=1, now=now) == "halt-reason-missing"
    assert halts.standing(db) is None


def test_a_stop_and_who_lifts_it(db, now):
    halt_id = halts.stop(db, reason="Công an  yêu cầu", by=None, now=now)
    standing = halts.standing(db)
    assert (standing.id, standing.reason, standing.by, standing.at) == (halt_id, "Công an yêu cầu", None, now)
    halts.lift(db, by=None, now=now, reason="đã hỏi lại")
    assert halts.standing(db) is None
    assert code_of(halts.lift, db, by=None, now=now) == "halt-not-standing"
    [lifted] = halts.history(db)
    assert (lifted.id, lifted.lifted_at) == (halt_id, now)
    rows = [(row.action, row.actor) for row in audit.latest(db, about=f"halt:{halt_id}")]
    assert rows == [("halts.lift", "machine"), ("halts.stop", "machine")]


def test_two_officers_stop_at_once_and_one_lift_is_enough(db, now):
    first = halts.stop(db, reason="một", by=None, now=now)
    halts.stop(db, reason="hai", by=None, now=now)
    assert halts.standing(db).id == first
    halts.lift(db, by=None, now=now)
    assert halts.standing(db) is None
    assert [halt.reason for halt in halts.history(db)] == ["hai", "một"]


def test_nothing_opens_nothing_is_claimed_and_what_is_claimed_is_given_back(db, now):
    going, due = make.a_wave(db, count=3), make.a_wave(db, starts_at=now, count=2)
    assert waves.open_due(db, GATEWAYS, now).keys() == {going, due}
    later = make.a_wave(db)
    line = deliveries.line(db, going, GATEWAYS)
    assert len(deliveries.claim(db, line, worker="w", limit=1, now=now).rows) == 1
    halts.stop(db, reason="nhầm số", by=None, now=now)
    assert deliveries.claim(db, line, worker="w", limit=9, now=now).why == "halted"
    assert deliveries.unwanted(db, [line], now) == {going}
    assert waves.sending(db, GATEWAYS, now) == {}
    assert waves.open_due(db, GATEWAYS, now) == {}
    assert stats.of_wave(db, later).total == 0
    halts.lift(db, by=None, now=now)
    assert waves.open_due(db, GATEWAYS, now) == {later: 3}
    assert waves.sending(db, GATEWAYS, now) == {"fake": [going, due, later]}
    assert len(deliveries.claim(db, line, worker="w", limit=9, now=now).rows) == 2


def test_another_process_s_stop_holds_here(db, db_url, now):
    """The rows are the truth: nothing is remembered in a process."""
    wave_id = make.a_wave(db)
    waves.open_due(db, GATEWAYS, now)
    line = deliveries.line(db, wave_id, GATEWAYS)
    other = open_database(db_url, db.seal)
    try:
        halts.stop(other, reason="dừng", by=None, now=now)
        assert deliveries.claim(db, line, worker="w", limit=9, now=now).why == "halted"
    finally:
        other.close()


def test_a_wave_that_waits_for_it_says_so(db, now):
    wave_id = make.a_wave(db)
    halts.stop(db, reason="dừng", by=None, now=now)
    assert waves.waiting_why(db, waves.show(db, wave_id).wave, GATEWAYS, now) == waves.Waiting("halted")
