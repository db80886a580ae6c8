"""What staff do with a case, alone and at the same time."""

import json
import threading

import pytest

from bots.cases import answering, queue, work
from bots.cases.model import OUTCOMES
from messages.errors import LANGUAGES, Mistake
from staff import audit
from tests.bots.cases.people import (
    change_talk,
    claimed,
    close_account,
    handed_over,
    minutes,
    talk_of,
    writes,
)


def refused(code, act, *given, **named):
    """The mistake it ends in; its sentence is there in both languages."""
    with pytest.raises(Mistake) as caught:
        act(*given, **named)
    assert caught.value.code == code
    assert all(caught.value.sentence(language) for language in LANGUAGES)
    return caught.value


def state(db, officer, case_id):
    case = queue.show(db, officer, case_id)
    return case.status, case.claimed_by


def story(db, case_id):
    return [(event.kind, event.by, event.to) for event in queue.events(db, case_id)]


def test_claiming_makes_it_ones_own_and_a_second_press_changes_nothing(db, now, desk):
    case_id = handed_over(db, now)
    for _ in range(2):
        work.claim(db, case_id, by=desk.lan.id, version=0, now=now + minutes(1))
    case = queue.show(db, desk.lan, case_id)
    assert (case.status, case.claimed_by, case.claimed_at) == ("claimed", desk.lan.id, now + minutes(1))
    assert story(db, case_id)[1:] == [("claimed", desk.lan.id, None)]


def test_of_two_who_claim_at_once_one_gets_it_and_the_other_learns_who(db, now, desk):
    case_id = handed_over(db, now)
    both, told = threading.Barrier(2, timeout=20), []

    def claim(officer):
        both.wait()
        try:
            work.claim(db, case_id, by=officer.id, version=0, now=now)
        except Mistake as mistake:
            told.append((mistake.code, mistake.values["name"]))

    threads = [threading.Thread(target=claim, args=(officer,)) for officer in (desk.lan, desk.minh)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    owner = queue.show(db, desk.hoa, case_id).claimed_by
    assert owner in (desk.lan.id, desk.minh.id)
    assert told == [("case-taken", "Lan" if owner == desk.lan.id else "Minh")]
    assert [kind for kind, *_ in story(db, case_id)] == ["opened", "claimed"]


@pytest.mark.parametrize("act", [
    lambda *given, **who: work.claim(*given, version=0, **who),
    lambda *given, **who: work.note(*given, text="x", **who),
    lambda *given, **who: work.restrict(*given, on=True, version=0, **who),
    lambda *given, **who: work.close(*given, outcome="helped", version=0, **who),
    lambda *given, **who: work.take_over(*given, version=0, **who),
    lambda *given, **who: work.reopen(*given, version=0, **who),
])  # fmt: skip
def test_no_act_is_for_who_may_not_see_the_case_or_does_not_work_here(db, now, desk, act):
    case_id = handed_over(db, now, reason="raped")
    refused("case-unknown", act, db, case_id, by=desk.lan.id, now=now)
    refused("case-unknown", act, db, 99, by=desk.hoa.id, now=now)
    refused("case-not-allowed", act, db, case_id, by=desk.reader.id, now=now)
    refused("case-not-allowed", act, db, case_id, by=99, now=now)
    close_account(db, desk.hoa)
    refused("case-not-allowed", act, db, case_id, by=desk.hoa.id, now=now)
    assert story(db, case_id) == [("opened", None, None)]


def test_a_form_from_before_a_colleagues_act_is_not_carried_out(db, now, desk):
    case = claimed(db, now, desk.lan)
    work.release(db, case.id, by=desk.lan.id, version=case.version, now=now)
    who = {"by": desk.minh.id, "version": case.version, "now": now}
    refused("case-moved-on", work.claim, db, case.id, **who)
    refused("case-moved-on", work.close, db, case.id, outcome="helped", **who)
    refused("case-moved-on", work.hand_over, db, case.id, to=desk.hoa.id, **who)
    refused("case-moved-on", work.restrict, db, case.id, on=True, **who)
    assert state(db, desk.lan, case.id) == ("open", None)


def test_only_who_has_it_lays_it_down_and_then_the_machine_answers_again(db, now, desk):
    case = claimed(db, now, desk.lan)
    change_talk(db, case, attended_by=desk.lan.id, attended_until=now + minutes(60))
    refused("case-taken", work.release, db, case.id, by=desk.minh.id, version=case.version, now=now)
    work.release(db, case.id, by=desk.lan.id, version=case.version, now=now)
    assert state(db, desk.lan, case.id) == ("open", None)
    talk = talk_of(db, case)
    assert (talk.attended_by, talk.attended_until, talk.bot_returns) == (None, None, True)
    refused("case-not-yours", work.release, db, case.id, by=desk.lan.id, version=case.version + 1, now=now)


def test_notes_are_for_colleagues_and_sealed(db, now, desk):
    case = claimed(db, now, desk.lan)
    work.note(db, case.id, by=desk.minh.id, text="  Chị gái gọi tới 19 giờ.\n", now=now)
    assert [event.text for event in queue.events(db, case.id)][-1] == "Chị gái gọi tới 19 giờ."
    refused("case-note-empty", work.note, db, case.id, by=desk.minh.id, text=" \n", now=now)
    refused("case-text-too-long", work.note, db, case.id, by=desk.minh.id, text="a" * 4_001, now=now)
    work.close(db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now)
    work.note(db, case.id, by=desk.minh.id, text="Gia đình báo đã về.", now=now)
    assert queue.events(db, case.id)[-1].kind == "note"


def test_handing_over_tells_the_new_one_and_ends_it_for_the_old(db, now, desk):
    case = claimed(db, now, desk.lan)
    change_talk(db, case, attended_by=desk.lan.id, attended_until=now + minutes(60))
    work.hand_over(db, case.id, by=desk.lan.id, to=desk.minh.id, version=case.version, now=now + minutes(2))
    case = queue.show(db, desk.minh, case.id)
    assert (case.claimed_by, case.claimed_at, case.attended_by) == (desk.minh.id, now + minutes(2), desk.minh.id)
    assert story(db, case.id)[-1] == ("handed-over", desk.lan.id, desk.minh.id)
    refused("case-taken", work.close, db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now)
    assert talk_of(db, case).bot_returns is False


def test_a_case_goes_only_to_whose_work_it_is(db, now, desk):
    case = claimed(db, now, desk.hoa, reason="raped")
    who = {"by": desk.hoa.id, "version": case.version, "now": now}
    mistake = refused("case-to-untrained", work.hand_over, db, case.id, to=desk.lan.id, **who)
    assert mistake.values == {"name": "Lan"}
    refused("case-to-nobody", work.hand_over, db, case.id, to=desk.reader.id, **who)
    refused("case-to-nobody", work.hand_over, db, case.id, to=0, **who)
    close_account(db, desk.minh)
    refused("case-to-nobody", work.hand_over, db, case.id, to=desk.minh.id, **who)
    assert state(db, desk.hoa, case.id) == ("claimed", desk.hoa.id)


def test_nobody_gives_away_what_is_anothers_but_may_take_it_over_openly(db, now, desk):
    case = claimed(db, now, desk.lan)
    who = {"by": desk.minh.id, "version": case.version, "now": now}
    assert refused("case-taken", work.hand_over, db, case.id, to=desk.hoa.id, **who).values == {"name": "Lan"}
    work.take_over(db, case.id, **who)
    assert state(db, desk.minh, case.id) == ("claimed", desk.minh.id)
    assert story(db, case.id)[-1] == ("handed-over", desk.minh.id, desk.minh.id)


def test_what_nobody_has_is_given_by_anybody(db, now, desk):
    case_id = handed_over(db, now)
    work.hand_over(db, case_id, by=desk.lan.id, to=desk.minh.id, version=0, now=now)
    assert state(db, desk.lan, case_id) == ("claimed", desk.minh.id)


def test_restricting_by_hand_takes_it_from_who_is_not_trained_and_back_again(db, now, desk):
    case = claimed(db, now, desk.lan)
    work.restrict(db, case.id, by=desk.lan.id, on=True, version=case.version, now=now)
    assert queue.to_do(db, desk.lan) == []
    assert state(db, desk.hoa, case.id) == ("open", None)
    version = queue.show(db, desk.hoa, case.id).version
    work.restrict(db, case.id, by=desk.hoa.id, on=False, version=version, now=now)
    assert state(db, desk.lan, case.id) == ("open", None)
    assert [kind for kind, *_ in story(db, case.id)][-2:] == ["restricted", "unrestricted"]


def test_shutting_a_closed_case_away_leaves_it_closed_and_takes_the_open_one(db, now, desk):
    old = claimed(db, now, desk.lan)
    work.close(db, old.id, by=desk.lan.id, outcome="helped", version=old.version, now=now)
    newer = claimed(db, now, desk.lan)
    work.restrict(db, old.id, by=desk.minh.id, on=True, version=old.version + 1, now=now)
    assert state(db, desk.hoa, old.id) == ("closed", desk.lan.id)
    assert state(db, desk.hoa, newer.id) == ("open", None)
    assert queue.to_do(db, desk.lan) == queue.closed(db, desk.lan) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_closing_says_how_it_ended_and_the_machine_returns(db, now, desk, outcome):
    case = claimed(db, now, desk.lan)
    change_talk(db, case, attended_by=desk.lan.id, attended_until=now + minutes(60))
    who = {"by": desk.lan.id, "version": case.version, "now": now + minutes(5)}
    refused("case-outcome-wrong", work.close, db, case.id, outcome="", **who)
    work.close(db, case.id, outcome=outcome, words="Đã nối với 111.", **who)
    closed = queue.show(db, desk.lan, case.id)
    assert (closed.status, closed.outcome, closed.closed_by, closed.closed_at) == (
        "closed", outcome, desk.lan.id, now + minutes(5))
    talk = talk_of(db, case)
    assert (talk.attended_by, talk.attended_until, talk.bot_returns) == (None, None, True)
    refused("case-closed", work.close, db, case.id, outcome=outcome, **who)
    refused("case-closed", work.claim, db, case.id, **who)
    refused("case-closed", work.take_over, db, case.id, **who)
    refused("case-closed", work.release, db, case.id, **who)


def test_a_machine_that_never_was_silent_does_not_return(db, now, desk):
    case = claimed(db, now, desk.lan)
    work.close(db, case.id, by=desk.lan.id, outcome="not-ours", version=case.version, now=now)
    assert talk_of(db, case).bot_returns is False


def test_nobody_closes_over_words_they_have_not_seen(db, now, desk):
    case = claimed(db, now, desk.lan)
    seen = queue.said(db, desk.lan, case.id, now=now)[-1].id
    writes(db, now, "em vẫn bị nhốt")
    who = {"by": desk.lan.id, "version": case.version, "now": now, "outcome": "helped"}
    refused("case-heard-meanwhile", work.close, db, case.id, seen=seen, **who)
    assert queue.show(db, desk.lan, case.id).status == "claimed"
    work.close(db, case.id, seen=seen + 1, **who)
    assert queue.show(db, desk.lan, case.id).status == "closed"


def test_reopening_is_taking_it_up(db, now, desk):
    case = claimed(db, now, desk.lan)
    refused("case-not-closed", work.reopen, db, case.id, by=desk.lan.id, version=case.version, now=now)
    work.close(db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now)
    version = queue.show(db, desk.lan, case.id).version
    work.reopen(db, case.id, by=desk.minh.id, version=version, now=now)
    case = queue.show(db, desk.lan, case.id)
    assert (case.status, case.claimed_by, case.outcome, case.closed_at) == ("claimed", desk.minh.id, None, None)


def test_two_open_cases_of_one_person_do_not_come_about_by_reopening(db, now, desk):
    case = claimed(db, now, desk.lan)
    work.close(db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now)
    newer = handed_over(db, now)
    version = queue.show(db, desk.lan, case.id).version
    mistake = refused("case-open-already", work.reopen, db, case.id, by=desk.lan.id, version=version, now=now)
    assert mistake.values == {"n": newer}


def test_what_cannot_be_opened_by_hand(db, now, desk):
    talk = writes(db, now)
    who = {"by": desk.lan.id, "words": "", "now": now}
    refused("case-danger-wrong", work.open_by_staff, db, talk, danger="blue", **who)
    refused("conversation-unknown", work.open_by_staff, db, 99, danger="red", **who)
    refused("case-not-allowed", work.open_by_staff, db, talk, danger="red", **{**who, "by": desk.reader.id})
    assert queue.to_do(db, desk.hoa) == []


def test_the_audit_names_who_did_what_and_quotes_nobody(db, now, desk, book):
    case = claimed(db, now, desk.lan)
    work.note(db, case.id, by=desk.lan.id, text="tên em là Hạnh", now=now)
    answering.reply(db, case.id, by=desk.lan.id, text="Chào Hạnh", seen=99, now=now, silent_hours=8, book=book)
    work.hand_over(db, case.id, by=desk.lan.id, to=desk.minh.id, version=case.version, now=now)
    work.close(db, case.id, by=desk.minh.id, outcome="helped", version=case.version + 1, now=now, words="Hạnh đã về")
    rows = [row for row in audit.latest(db, about=f"case:{case.id}")][::-1]
    assert [(row.action, row.actor) for row in rows] == [
        ("cases.claimed", desk.lan.actor), ("cases.note", desk.lan.actor), ("cases.replied", desk.lan.actor),
        ("cases.handed-over", desk.lan.actor), ("cases.closed", desk.minh.actor),
    ]
    assert "Hạnh" not in "".join(row.detail for row in rows)
    assert json.loads(rows[-1].detail) == {"outcome": "helped"}
    assert audit.first_broken(db) is None
