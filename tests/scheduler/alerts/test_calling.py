"""Calling people out: through a real mail server on this machine and a stand-in for the SMS gateway."""

import dataclasses
import threading
from datetime import timedelta

import pytest

from bots.alerts import call_list
from campaigns.store import allowances
from runtime.build import Runtime
from scheduler import alerts, tasks
from scheduler.embedded import URGENT
from tests.bots.alerts.making import a_case, change, claimed, did, events, on_duty, written
from tests.fakes import FakeGateway
from tests.make import NOW
from tests.scheduler.alerts.house import MINE, PUBLIC, STOP, beat, house, statuses


def texts(rt: Runtime) -> str:
    return rt.gateways["fake"].texts.get(MINE, "")


def test_a_cry_for_help_calls_at_once_by_every_way(rt, post, by):
    on_duty(rt.db, by=by)
    case_id = a_case(rt.db)
    assert alerts.call_out(rt, STOP) == {"laid-down": 0, "called": 2, "sent": 1}
    assert rt.wake.is_set()  # the letter does not wait for the next beat
    assert alerts.send_mail(rt, STOP) == {"sent": 1}
    [letter] = post.office.letters
    page = f"{PUBLIC}/cases/{case_id}"
    assert letter["To"] == "ha@nghean.example" and page in letter.get_content()
    assert page in texts(rt) and "bi nhot" in texts(rt)
    assert rt.gateways["fake"].refs == {"alert-2": "ref-alert-2-1"}
    assert events(rt.db, case_id) == ["alerted"]
    assert {row.sent_at for row in written(rt.db)} == {NOW}


def test_at_midnight_and_from_a_wave_s_allowance(db, by):
    rt = house(db, gateway=FakeGateway(rate=5.0))
    on_duty(db, by=by, number=MINE)
    night = NOW.replace(hour=18)
    a_case(db, at=night)
    alerts.call_out(dataclasses.replace(rt, clock=lambda: night), STOP)
    assert statuses(rt) == [("sms", 1, "sent")]
    with db.reading() as c:
        assert allowances.of(c, ["fake"], lock=False)["fake"].bucket.tokens < 5.0


@pytest.mark.parametrize(
    "columns",
    [
        {"danger": "amber"},
        {"danger": "none"},
        {"status": "closed", "closed_at": NOW},
    ],
)
def test_nobody_is_called_for_less(rt, by, columns):
    on_duty(rt.db, by=by)
    a_case(rt.db, **columns)
    beat(rt)
    assert written(rt.db) == []


def test_again_and_again_until_somebody_takes_it(rt, post, by):
    on_duty(rt.db, "Hà", by=by, email="ha@nghean.example")
    on_duty(rt.db, "Bình", by=by, email="binh@nghean.example", position=2)
    case_id = a_case(rt.db)
    for minute in (0, 1, 4.9, 5, 6, 10):
        beat(rt, minute)
    both = ["binh@nghean.example", "ha@nghean.example"]
    first, second, third = (sorted(post.office.to[start:end]) for start, end in ((0, 1), (1, 3), (3, None)))
    assert (first, second, third) == (["ha@nghean.example"], both, both)
    assert events(rt.db, case_id) == ["alerted"] * 3
    claimed(rt.db, case_id, at=NOW + timedelta(minutes=11), by=by)
    for minute in (15, 20, 60):
        beat(rt, minute)
    assert len(post.office.to) == 5


def test_closed_without_being_taken_stops_it_too(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    case_id = a_case(rt.db)
    beat(rt)
    change(rt.db, case_id, status="closed")
    beat(rt, 5)
    assert len(post.office.to) == 1


def test_laid_down_again_it_calls_at_once(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    case_id = a_case(rt.db)
    beat(rt)
    claimed(rt.db, case_id, at=NOW + timedelta(minutes=1), by=by)
    beat(rt, 7)
    released = NOW + timedelta(minutes=8)
    change(rt.db, case_id, status="open", claimed_by=None, claimed_at=None)
    did(rt.db, case_id, "released", at=released, by=by)
    beat(rt, 8)
    assert len(post.office.to) == 2


def test_raised_to_red_later_counts_from_then(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    case_id = a_case(rt.db, danger="amber")
    beat(rt, 30)
    assert post.office.to == []
    change(rt.db, case_id, danger="red", raised_at=NOW + timedelta(minutes=40))
    beat(rt, 40)
    beat(rt, 44)
    assert len(post.office.to) == 1
    beat(rt, 45)
    assert len(post.office.to) == 2


@pytest.mark.parametrize("touched", [False, True])
def test_raised_in_the_hands_of_who_has_it(rt, post, by, touched):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    case_id = a_case(rt.db, danger="amber")
    claimed(rt.db, case_id, at=NOW, by=by)
    change(rt.db, case_id, danger="red", raised_at=NOW + timedelta(minutes=10))
    did(rt.db, case_id, "raised", at=NOW + timedelta(minutes=10), by=None)
    if touched:
        did(rt.db, case_id, "replied", at=NOW + timedelta(minutes=12), by=by)
    beat(rt, 14)
    assert post.office.to == []
    beat(rt, 15)
    beat(rt, 20)
    assert len(post.office.to) == (0 if touched else 2)


def test_of_a_restricted_case_only_its_number_is_told(rt, post, by):
    on_duty(rt.db, by=by)
    case_id = a_case(rt.db, reason="child-taken", restricted=True)
    beat(rt)
    told = texts(rt) + post.office.letters[0].get_content() + post.office.letters[0]["Subject"]
    assert f"việc số {case_id}" in told and f"viec so {case_id})" in told
    assert "trẻ em" not in told and "tre em" not in told


def test_the_list_may_be_written_after_the_cry(rt, post, by):
    a_case(rt.db)
    beat(rt)
    on_duty(rt.db, by=by, email="ha@nghean.example")
    beat(rt, 1)
    assert post.office.to == ["ha@nghean.example"]


def test_taken_while_it_waits_it_is_called_off(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    case_id = a_case(rt.db)
    alerts.call_out(rt, STOP)
    claimed(rt.db, case_id, at=NOW + timedelta(seconds=1), by=by)
    alerts.send_mail(rt, STOP)
    assert (statuses(rt), post.office.to) == ([("email", 1, "called-off")], [])


def test_two_workers_call_once(db, post, by):
    """Both look at the same moment; SQLite lets them through one by one, PostgreSQL at once."""
    rt = house(db, post)
    for name in ("ha", "binh", "an"):
        on_duty(db, name, by=by, email=f"{name}@nghean.example", number=MINE)
    for _ in range(4):
        a_case(db)
    both = [dataclasses.replace(rt, worker=name) for name in ("one", "two")]
    gate = threading.Barrier(2)

    def work(rt):
        gate.wait()
        beat(rt)
        beat(rt)

    threads = [threading.Thread(target=work, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    beat(rt)
    assert {row.status for row in written(db)} == {"sent"}
    assert len(written(db)) == 4 * 3 * 2
    assert sorted(post.office.to) == [f"{name}@nghean.example" for name in ("an", "binh", "ha")]
    assert rt.gateways["fake"].got == {MINE: 3}
    assert events(db, 1) == ["alerted"]


def test_a_trial_reaches_one_person_and_names_no_case(rt, post, by):
    duty_id = on_duty(rt.db, by=by)
    call_list.try_out(rt.db, duty_id, by=by, now=NOW)
    beat(rt)
    assert "Không có ai nguy hiểm" in post.office.letters[0].get_content()
    assert "Khong co ai nguy hiem" in texts(rt)
    assert {row.status for row in written(rt.db)} == {"sent"}


def test_who_went_off_the_list_hears_nothing_more(rt, post, by):
    duty_id = on_duty(rt.db, by=by, email="ha@nghean.example")
    a_case(rt.db)
    alerts.call_out(rt, STOP)
    call_list.rest(rt.db, duty_id, by=by, now=NOW)
    beat(rt)
    beat(rt, 5)
    assert (statuses(rt), post.office.to) == ([("email", 1, "called-off")], [])


def test_both_are_tasks_that_do_not_wait_for_their_beat():
    named = {task.name: task for task in tasks.TASKS}
    assert {"call_out", "send_mail"} <= set(URGENT)
    assert {named[name].seconds for name in ("call_out", "send_mail")} == {1.0}
