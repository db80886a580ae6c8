"""The machine hands somebody over: one open case a conversation, which can only become more urgent."""

import pytest

from bots import effects, tables
from bots.cases import opening, queue, work
from tests.bots.cases.people import claimed, handed_over, minutes, talk_of, writes


def again(db, now, conversation_id, danger, reason):
    with db.transaction() as c:
        return effects.hand_over(c, conversation_id, danger, reason, now)


def kinds(db, case_id):
    return [event.kind for event in queue.events(db, case_id)]


def test_a_case_begins_with_when_and_why(db, now, desk):
    case = queue.show(db, desk.hoa, handed_over(db, now, danger="amber", reason="asked for a person"))
    assert (case.danger, case.reason, case.status, case.version) == ("amber", "asked for a person", "open", 0)
    assert case.opened_at == case.raised_at == case.waiting_since == now
    assert not case.restricted
    assert kinds(db, case.id) == ["opened"]


def test_what_comes_later_only_raises(db, now, desk):
    case_id = handed_over(db, now, danger="amber", reason="asked for a person")
    talk = queue.show(db, desk.lan, case_id).conversation_id
    later = now + minutes(5)
    assert again(db, later, talk, "red", "confined, now") == case_id
    assert again(db, later + minutes(1), talk, "none", "answer not sent") == case_id
    case = queue.show(db, desk.lan, case_id)
    assert (case.danger, case.reason) == ("red", "confined, now, asked for a person")
    assert (case.opened_at, case.raised_at) == (now, later)
    assert kinds(db, case_id) == ["opened", "raised"]


def test_a_case_raised_in_somebodys_hands_stays_theirs_and_shows_it(db, now, desk):
    case = claimed(db, now, desk.lan, danger="amber", reason="asked for a person")
    assert not case.raised_since_claim
    again(db, now + minutes(1), case.conversation_id, "red", "beaten")
    case = queue.show(db, desk.lan, case.id)
    assert (case.status, case.claimed_by, case.raised_since_claim) == ("claimed", desk.lan.id, True)


def test_raising_is_no_reason_to_refuse_what_staff_are_doing(db, now, desk):
    case = claimed(db, now, desk.lan, danger="amber", reason="asked for a person")
    again(db, now + minutes(1), case.conversation_id, "red", "beaten")
    work.release(db, case.id, by=desk.lan.id, version=case.version, now=now)
    assert queue.show(db, desk.lan, case.id).status == "open"


@pytest.mark.parametrize("reason", ["raped", "confined, child-taken", "suicide, mine", "forced, minor"])
def test_what_is_done_to_bodies_and_children_is_only_for_the_trained(db, now, desk, reason):
    case_id = handed_over(db, now, reason=reason)
    assert queue.show(db, desk.hoa, case_id).restricted
    assert queue.to_do(db, desk.lan) == []


@pytest.mark.parametrize("reason", ["confined", "asked for a person", "beaten, they", "", "rapedness"])
def test_other_reasons_are_for_everybody_at_the_desk(db, now, desk, reason):
    assert not queue.show(db, desk.lan, handed_over(db, now, reason=reason)).restricted


def test_each_restricting_sign_is_a_sign_of_danger():
    known = {name for kind in ("harm", "signs", "amber") for name in tables.table("danger")[kind]}
    assert {name for name in known if opening.is_restricted(name)} == {"raped", "child-taken", "suicide", "minor"}


def test_a_restricting_sign_that_comes_later_takes_the_case_from_who_is_not_trained(db, now, desk):
    case = claimed(db, now, desk.lan, reason="confined")
    again(db, now + minutes(1), case.conversation_id, "red", "raped")
    assert queue.to_do(db, desk.lan) == []
    [seen] = queue.to_do(db, desk.hoa)
    assert (seen.status, seen.claimed_by, seen.restricted, seen.reason) == ("open", None, True, "raped, confined")
    assert kinds(db, case.id) == ["opened", "claimed", "released", "restricted"]


def test_a_restricting_sign_leaves_the_case_with_who_is_trained(db, now, desk):
    case = claimed(db, now, desk.hoa, reason="confined")
    again(db, now + minutes(1), case.conversation_id, "red", "raped")
    assert queue.show(db, desk.hoa, case.id).claimed_by == desk.hoa.id


def test_after_closing_a_new_case_opens_and_names_the_earlier_ones(db, now, desk):
    first = claimed(db, now, desk.lan)
    work.close(db, first.id, by=desk.lan.id, outcome="helped", version=first.version, now=now)
    second = again(db, now + minutes(60), first.conversation_id, "red", "confined")
    assert second != first.id
    assert queue.show(db, desk.lan, second).earlier == (first.id,)
    assert queue.show(db, desk.lan, first.id).earlier == (second,)


def test_a_new_case_of_somebody_whose_story_is_restricted_is_restricted(db, now, desk):
    """Each case shows the whole conversation."""
    first = claimed(db, now, desk.hoa, reason="raped")
    work.close(db, first.id, by=desk.hoa.id, outcome="referred", version=first.version, now=now)
    second = again(db, now, first.conversation_id, "none", "asked for a person")
    assert queue.show(db, desk.hoa, second).restricted
    assert queue.to_do(db, desk.lan) == []


def test_a_closed_case_is_shut_away_too_when_the_story_becomes_one_for_the_trained(db, now, desk):
    first = claimed(db, now, desk.lan)
    work.close(db, first.id, by=desk.lan.id, outcome="helped", version=first.version, now=now)
    assert [case.id for case in queue.closed(db, desk.lan)] == [first.id]
    again(db, now, first.conversation_id, "red", "raped")
    assert queue.closed(db, desk.lan) == []


def test_staff_open_one_from_any_conversation_with_words_for_colleagues(db, now, desk):
    talk = writes(db, now, "xin chào")
    case_id = work.open_by_staff(db, talk, by=desk.lan.id, words=" Mẹ em gọi tới. ", danger="amber", now=now)
    case = queue.show(db, desk.lan, case_id)
    assert (case.opened_by, case.reason, case.danger, case.status) == (desk.lan.id, "staff", "amber", "open")
    assert [(event.kind, event.by, event.text) for event in queue.events(db, case_id)] == [
        ("opened", desk.lan.id, ""), ("note", desk.lan.id, "Mẹ em gọi tới."),
    ]
    assert talk_of(db, case).attended_by is None


def test_staff_who_open_one_where_one_is_open_raise_it(db, now, desk):
    case_id = handed_over(db, now, danger="none", reason="asked for a person")
    talk = queue.show(db, desk.lan, case_id).conversation_id
    assert work.open_by_staff(db, talk, by=desk.lan.id, words="", danger="red", now=now + minutes(1)) == case_id
    assert queue.show(db, desk.lan, case_id).danger == "red"
    assert [(event.kind, event.by) for event in queue.events(db, case_id)][1:] == [("raised", desk.lan.id)]
