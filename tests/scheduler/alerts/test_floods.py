"""A night of a thousand cries: nobody on duty gets a thousand messages, and every case is told of."""

import dataclasses
from datetime import timedelta

import pytest

from bots.alerts import store
from bots.cases import work
from scheduler import alerts
from sms.gateway import Outcome
from staff import accounts
from tests.bots.alerts.making import a_case, change, on_duty, written
from tests.fakes import FakeGateway
from tests.make import NOW
from tests.scheduler.alerts.house import MINE, PUBLIC, STOP, beat, house


def at(rt, seconds: float):
    return dataclasses.replace(rt, clock=lambda: NOW + timedelta(seconds=seconds))


def test_many_at_once_are_one_message_by_each_way(rt, post, by):
    on_duty(rt.db, by=by)
    for _ in range(60):
        a_case(rt.db)
    beat(rt)
    beat(rt, 0.1)
    gateway = rt.gateways["fake"]
    assert (gateway.got, len(post.office.letters)) == ({MINE: 1}, 1)
    told = gateway.texts[MINE]
    assert "viec so 1, bi nhot, va 59 viec nua" in told and told.endswith(f"{PUBLIC}/cases")
    assert "và 59 việc nữa" in post.office.letters[0]["Subject"]
    assert {(row.status, row.sent_at) for row in written(rt.db)} == {("sent", NOW)}


def test_one_after_the_other_they_are_some_messages_and_then_one_for_the_rest(db, by):
    rt = house(db)
    on_duty(db, by=by, number=MINE)
    gateway = rt.gateways["fake"]
    for second in range(100):
        a_case(db, at=NOW + timedelta(seconds=second))
        alerts.call_out(at(rt, second), STOP)
    assert gateway.got[MINE] == store.MOST_TOLD
    assert [row.status for row in written(db)].count("to-send") == 100 - store.MOST_TOLD
    alerts.call_out(at(rt, store.TOLD_WITHIN.total_seconds() + 1), STOP)
    assert gateway.got[MINE] == store.MOST_TOLD + 1
    assert f"va {99} viec nua" in gateway.texts[MINE]  # the repeats of the first are in it
    assert {row.status for row in written(db)} == {"sent"}


def test_what_was_held_back_and_is_taken_meanwhile_is_not_told(db, by):
    rt = house(db)
    on_duty(db, by=by, number=MINE)
    for second in range(store.MOST_TOLD):
        a_case(db)
        alerts.call_out(at(rt, second), STOP)
    held, taken = a_case(db), a_case(db)
    alerts.call_out(at(rt, 10), STOP)
    for case_id in range(1, held):
        change(db, case_id, status="closed")
    change(db, taken, status="closed")
    alerts.call_out(at(rt, 601), STOP)
    assert f"(viec so {held}, bi nhot)," in rt.gateways["fake"].texts[MINE]


def test_who_keeps_up_with_them_hears_of_each_at_once(db, by):
    """Held back is only what would not be the first news of people whom nobody looks after."""
    rt = house(db)
    on_duty(db, by=by, number=MINE)
    for second in range(3 * store.MOST_TOLD):
        case_id = a_case(db, at=NOW + timedelta(seconds=second))
        alerts.call_out(at(rt, second), STOP)
        change(db, case_id, status="closed")
    assert rt.gateways["fake"].got[MINE] == 3 * store.MOST_TOLD


def test_one_person_s_flood_holds_up_nobody_else(db, by):
    rt = house(db)
    on_duty(db, "Hà", by=by, number=MINE)
    for second in range(store.MOST_TOLD + 1):
        a_case(db)
        alerts.call_out(at(rt, second), STOP)
    on_duty(db, "Bình", by=by, number="+84987654321")
    a_case(db)
    alerts.call_out(at(rt, 20), STOP)
    assert rt.gateways["fake"].got == {MINE: store.MOST_TOLD, "+84987654321": 1}


@pytest.mark.parametrize("outcome", [Outcome.refused("number-invalid"), Outcome.unknown()])
def test_what_does_not_arrive_is_not_tried_once_for_each_case(db, by, outcome):
    tries = []
    rt = house(db, gateway=FakeGateway(answer=lambda outgoing: tries.append(outgoing.key) or outcome))
    on_duty(db, by=by, number=MINE)
    for _ in range(20):
        a_case(db)
    for second in range(10):
        alerts.call_out(at(rt, second), STOP)
    assert len(tries) == 1 and {row.status for row in written(db)} == {"failed"}


def test_who_may_not_sign_in_any_more_holds_no_case(rt, post, by):
    on_duty(rt.db, by=by)
    case_id = a_case(rt.db)
    work.claim(rt.db, case_id, by=by, version=0, now=NOW)
    beat(rt)
    assert post.office.to == []
    accounts.disable(rt.db, email="truc@nghean.example", now=NOW)
    beat(rt, 1)
    beat(rt, 1)
    assert len(post.office.to) == 1 and rt.gateways["fake"].got == {MINE: 1}
