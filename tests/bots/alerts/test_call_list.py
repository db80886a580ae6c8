"""The call-out list: what stands on it, what is refused, what is sealed and written down."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bots.alerts import call_list, calling
from db.tables import duty
from messages.errors import Mistake
from staff import audit
from tests.bots.alerts.making import a_case, an_officer, on_duty, written
from tests.make import NOW


@pytest.fixture
def by(db):
    return an_officer(db)


def test_added_and_shown_masked(db, by):
    duty_id = on_duty(db, "  Nguyễn   Hà ", by=by, position=2, language="en")
    person = call_list.show(db, duty_id)
    assert (person.name, person.email, person.position, person.language) == ("Nguyễn Hà", "ha@nghean.example", 2, "en")
    assert person.number == "+84 91* *** 678"
    assert person.channels == ("email", "sms")
    with db.reading() as c:
        sealed = c.execute(select(duty.c.number_sealed)).scalar_one()
    assert b"912345678" not in sealed and db.seal.open(sealed, "duty.number") == "+84912345678"
    assert [(row.action, row.actor) for row in audit.latest(db, about=f"duty:{duty_id}")] == [
        ("duty.add", f"staff:{by}")
    ]


def test_in_order_those_who_rest_last(db, by):
    for name, position in (("B", 2), ("C", 1), ("A", 1), ("D", 1)):
        last = on_duty(db, name, by=by, position=position)
    call_list.rest(db, last, by=by, now=NOW)
    assert [each.name for each in call_list.everybody(db)] == ["A", "C", "B", "D"]
    call_list.resume(db, last, by=by, now=NOW)
    assert [each.name for each in call_list.everybody(db)] == ["A", "C", "D", "B"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "duty-name-missing"),
        ({"email": "", "number": ""}, "duty-way-missing"),
        ({"email": "hà@nghean.example"}, "duty-email-wrong"),
        ({"email": "ha"}, "duty-email-wrong"),
        ({"email": "ha@nghean.example\nBcc: x@y.example"}, "duty-email-wrong"),
        ({"email": "a@b.example,c@d.example"}, "duty-email-wrong"),
        ({"email": "h\0a@nghean.example"}, "duty-email-wrong"),
        ({"name": "\0"}, "duty-name-missing"),
        ({"number": "0238 3844 444"}, "duty-number-wrong"),
        ({"number": "113"}, "duty-number-wrong"),
        ({"position": 0}, "duty-position-wrong"),
        ({"position": 10}, "duty-position-wrong"),
    ],
)
def test_what_is_refused(db, by, given, code):
    usual = {"name": "Hà", "email": "ha@nghean.example"}
    with pytest.raises(Mistake) as told:
        call_list.add(db, **{**usual, **given}, by=by, now=NOW)
    assert told.value.code == code
    assert call_list.everybody(db) == []


def test_an_empty_number_leaves_theirs_as_it_is(db, by):
    duty_id = on_duty(db, by=by)
    change = {"name": "Hà", "email": "", "by": by, "now": NOW}
    call_list.change(db, duty_id, **change)
    assert call_list.show(db, duty_id).number == "+84 91* *** 678"
    with pytest.raises(Mistake, match="duty-way-missing"):
        call_list.change(db, duty_id, **change, forget_number=True)
    call_list.change(db, duty_id, **{**change, "email": "ha@nghean.example"}, forget_number=True)
    assert call_list.show(db, duty_id).number == ""
    call_list.change(db, duty_id, **change, number="0987654321")
    assert call_list.show(db, duty_id).channels == ("sms",)


def test_a_number_that_cannot_be_opened_keeps_nobody_from_being_called(db, by):
    lost, other = on_duty(db, "A", by=by), on_duty(db, "B", by=by)
    with db.transaction() as c:
        c.execute(update(duty).where(duty.c.id == lost).values(number_sealed=db.seal.seal("+84912345678", "other")))
    case_id = a_case(db)
    assert calling.begin_rounds(db, timedelta(minutes=5), NOW) == 4
    claimed = calling.claim(db, "w", "sms", 9, NOW)
    assert [(alert.case_id, alert.address) for alert in claimed] == [(case_id, "+84912345678")]
    assert [(row.duty_id, row.status) for row in written(db) if row.channel == "sms"] == [
        (lost, "failed"), (other, "sending"),
    ]
    assert [person.number for person in call_list.everybody(db)] == ["?", "+84 91* *** 678"]


def test_nobody_of_that_number(db, by):
    for act in (call_list.rest, call_list.resume, call_list.try_out):
        with pytest.raises(Mistake, match="duty-unknown"):
            act(db, 99, by=by, now=NOW)


def test_a_trial_waits_for_every_way_once_a_minute(db, by):
    duty_id = on_duty(db, by=by)
    assert call_list.try_out(db, duty_id, by=by, now=NOW) == 2
    with pytest.raises(Mistake, match="duty-trial-soon"):
        call_list.try_out(db, duty_id, by=by, now=NOW)
    call_list.try_out(db, duty_id, by=by, now=NOW + call_list.BETWEEN_TRIALS)
    assert [(row.channel, row.case_id, row.status) for row in written(db)] == [
        ("email", None, "to-send"),
        ("sms", None, "to-send"),
    ] * 2
