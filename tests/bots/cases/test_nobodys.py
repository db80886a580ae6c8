"""Cases that somebody has and nobody looks after any more: they come before the others again."""

from datetime import timedelta

import pytest

from bots.alerts import calling
from bots.cases import queue, work
from messages.errors import Mistake
from staff import accounts, audit
from tests.bots.alerts.making import on_duty
from tests.bots.cases.people import claimed, minutes, talk_of
from tests.bots.cases.test_opening import again, kinds

PAUSE = timedelta(minutes=5)


def called(db, at) -> int:
    return calling.begin_rounds(db, PAUSE, at)


def test_the_cases_of_a_closed_account_wait_for_somebody_again(db, now, desk, book):
    red, amber = claimed(db, now, desk.lan), claimed(db, now, desk.lan, who="b", danger="amber")
    kept = claimed(db, now, desk.minh, who="c")
    accounts.disable(db, email=desk.lan.email, now=now)
    assert work.lay_down_of_closed_accounts(db, now + minutes(1)) == 2
    assert work.lay_down_of_closed_accounts(db, now + minutes(2)) == 0
    states = {case.id: (case.status, case.claimed_by) for case in queue.to_do(db, desk.hoa)}
    assert states == {red.id: ("open", None), amber.id: ("open", None), kept.id: ("claimed", desk.minh.id)}
    assert kinds(db, red.id) == ["opened", "claimed", "released"]
    assert audit.latest(db, about=f"case:{red.id}")[0].actor == "system"
    on_duty(db)
    assert called(db, now + minutes(1)) == 2  # of the red one, at once


def test_who_looked_at_it_before_cannot_work_on_it_unknowingly(db, now, desk):
    case = claimed(db, now, desk.lan)
    accounts.disable(db, email=desk.lan.email, now=now)
    work.lay_down_of_closed_accounts(db, now)
    assert queue.show(db, desk.minh, case.id).version == case.version + 1


def test_a_new_cry_in_somebodys_hands_is_theirs_for_one_pause_and_then_everybodys(db, now, desk):
    on_duty(db)
    case = claimed(db, now, desk.lan)
    again(db, now + minutes(60), case.conversation_id, "red", "beaten")
    again(db, now + minutes(64), case.conversation_id, "red", "beaten")  # the first one counts
    assert called(db, now + minutes(64)) == 0
    assert called(db, now + minutes(65)) == 2
    [alert] = calling.claim(db, "w", "sms", 9, now + minutes(65))
    assert alert.claimed


def test_who_does_something_about_it_has_it_to_themselves(db, now, desk):
    on_duty(db)
    case = claimed(db, now, desk.lan)
    again(db, now + minutes(60), case.conversation_id, "red", "beaten")
    work.note(db, case.id, by=desk.lan.id, text="Đang gọi", now=now + minutes(62))
    assert called(db, now + minutes(90)) == 0
    again(db, now + minutes(100), case.conversation_id, "red", "beaten")
    assert called(db, now + minutes(105)) == 2


def test_what_is_not_a_cry_raises_nothing(db, now, desk):
    on_duty(db)
    case = claimed(db, now, desk.lan)
    again(db, now + minutes(60), case.conversation_id, "amber", "asked for a person")
    assert called(db, now + minutes(90)) == 0
    assert queue.show(db, desk.lan, case.id).raised_at == now


def test_who_is_not_trained_opens_nothing_where_they_may_not_look(db, now, desk):
    case = claimed(db, now, desk.hoa, reason="raped")
    with pytest.raises(Mistake, match="conversation-unknown"):
        work.open_by_staff(db, case.conversation_id, by=desk.lan.id, words="", danger="red", now=now)


def test_taken_from_who_is_not_trained_it_calls_at_once(db, now, desk):
    on_duty(db)
    case = claimed(db, now, desk.lan)
    again(db, now + minutes(1), case.conversation_id, "red", "raped")
    assert called(db, now + minutes(1)) == 2
    assert talk_of(db, case).attended_by is None
