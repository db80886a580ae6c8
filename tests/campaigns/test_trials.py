"""Test messages to one's own phone: asked for, claimed once, recorded; what broke off is unknown, never sent twice."""

from datetime import timedelta

import pytest

from campaigns import authoring, consent, halts, trials
from messages.errors import Mistake
from sms.gateway import Outcome
from staff import accounts, audit, phone
from tests import make
from tests.fakes import FakeGateway

GATEWAY = FakeGateway("fake")


@pytest.fixture
def officer(db, now):
    return an_officer(db, now)


def an_officer(db, now, *, demo=False, number="0912 345 678"):
    token = accounts.add(db, email="lan@nghean.example", name="Nguyễn Thị Lan", role="officer", demo=demo, now=now)
    officer = accounts.redeem(db, token=token, now=now)
    if number:
        phone.keep(db, staff_id=officer.id, text=number, now=now)
    return officer


@pytest.fixture
def version(db):
    return authoring.version(db, make.a_version(db))


def ask(db, version, officer, now, *, form="vi", gateway=GATEWAY):
    return trials.ask(db, version, form=form, gateway=gateway, officer=officer, now=now)


def shown(db, version, officer):
    return trials.of_message(db, version.message_id, staff_id=officer.id)


def test_a_test_is_claimed_once_and_recorded(db, now, version, officer):
    test_id = ask(db, version, officer, now, form="vi-unaccented")
    assert [each.status for each in shown(db, version, officer)] == ["to-send"]
    (held,) = trials.claim(db, worker="w/1", limit=9, now=now)
    assert (held.outgoing.to, held.outgoing.text) == ("+84912345678", make.VI_UNACCENTED)
    assert held.outgoing.key == f"test-{test_id}"
    assert trials.claim(db, worker="w/2", limit=9, now=now) == []
    assert trials.record(db, worker="w/1", results={test_id: Outcome.accepted("r")}, now=now) == {"sent": 1}
    (mine,) = shown(db, version, officer)
    assert (mine.status, mine.sent_at, mine.over) == ("sent", now, True)


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Outcome.refused("number-invalid"), "failed", "number-invalid"),
        (Outcome.refused("too-fast", wait=2.0), "failed", "too-fast"),  # whoever asked decides, not a back-off
        (Outcome.unknown("timeout"), "unknown", trials.LOST),
    ],
)
def test_what_became_of_it_is_told(db, now, version, officer, outcome, status, reason):
    test_id = ask(db, version, officer, now)
    trials.claim(db, worker="w", limit=9, now=now)
    trials.record(db, worker="w", results={test_id: outcome}, now=now)
    (mine,) = shown(db, version, officer)
    assert (mine.status, mine.reason) == (status, reason)
    assert trials.claim(db, worker="w", limit=9, now=now) == []


def test_what_broke_off_is_unknown_and_never_sent_again(db, now, version, officer):
    test_id = ask(db, version, officer, now)
    trials.claim(db, worker="dead", limit=9, now=now)
    assert trials.give_up_lost(db, lambda holders: set()) == 0
    assert trials.give_up_lost(db, lambda holders: {"dead"} & set(holders)) == 1
    assert shown(db, version, officer)[0].status == "unknown"
    assert trials.claim(db, worker="w", limit=9, now=now) == []
    late = trials.record(db, worker="dead", results={test_id: Outcome.accepted("r")}, now=now)
    assert late == {}
    assert shown(db, version, officer)[0].status == "unknown"


def refused(db, version, officer, now, **how) -> str:
    with pytest.raises(Mistake) as told:
        ask(db, version, officer, now, **how)
    assert told.value.sentence("vi") and told.value.sentence("en")
    return told.value.code


def test_ten_a_day(db, now, version, officer):
    for _ in range(trials.MOST_A_DAY):
        ask(db, version, officer, now)
    assert refused(db, version, officer, now) == "tests-used-up"
    ask(db, version, officer, now + timedelta(hours=16))  # past midnight in Vinh


def test_only_to_a_number_of_ones_own(db, now, version):
    assert refused(db, version, an_officer(db, now, number=""), now) == "own-number-missing"


def test_a_made_up_officer_reaches_nobody_outside(db, now, version):
    officer, outside = an_officer(db, now, demo=True), FakeGateway("fake", leaves_machine=True)
    assert refused(db, version, officer, now, gateway=outside) == trials.STAYS_HERE
    ask(db, version, officer, now)
    (held,) = trials.claim(db, worker="w", limit=9, now=now)
    assert trials.may_go(held, {"fake": GATEWAY}, now) is None
    assert trials.may_go(held, {"fake": outside}, now) == trials.STAYS_HERE  # the settings changed meanwhile
    assert trials.may_go(held, {}, now) == trials.GATEWAY_GONE


def test_who_asked_not_to_be_messaged_is_not(db, now, version, officer):
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index("+84912345678"), channel="sms", now=now)
    assert refused(db, version, officer, now) == "test-opted-out"


def test_a_text_nobody_wrote(db, now, officer):
    version = authoring.version(db, make.a_version(db, en=""))
    assert refused(db, version, officer, now, form="en") == "test-no-text"
    assert refused(db, version, officer, now, form="?") == "test-no-text"


def test_stop_everything_stops_tests_too(db, now, version, officer):
    ask(db, version, officer, now)
    halts.stop(db, reason="sai số tiền", by=officer.id, now=now)
    assert refused(db, version, officer, now) == "test-halted"
    assert trials.claim(db, worker="w", limit=9, now=now) == []
    assert shown(db, version, officer)[0].reason == trials.HALTED
    halts.lift(db, by=officer.id, now=now)
    assert trials.claim(db, worker="w", limit=9, now=now) == []  # not an hour later, when nobody waits for it


def test_nobody_is_woken_by_a_test_of_last_night(db, now, version, officer):
    ask(db, version, officer, now)
    assert trials.claim(db, worker="w", limit=9, now=now + timedelta(hours=5)) == []
    assert shown(db, version, officer)[0].reason == trials.TOO_LATE


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("vi", "Chào Nguyễn Thị Lan, sổ so so"),
        ("vi-unaccented", "Chao Nguyen Thi Lan"),
        ("en", "Hello Nguyễn Thị Lan, friend"),
    ],
)
def test_placeholders_are_filled_with_oneself(db, officer, form, text):
    version = authoring.version(db, make.a_version(
        db, vi="Chào {{ ten }}, sổ {{ so_so }}", vi_unaccented="Chao {{ ho_ten }}",
        en="Hello {{ name }}, friend",
    ))  # fmt: skip
    assert trials.filled(version, form, officer) == text


def test_it_is_written_down_who_asked(db, now, version, officer):
    ask(db, version, officer, now)
    (row, *_) = audit.latest(db, about=f"message:{version.message_id}")
    assert (row.action, row.actor) == ("messages.test", officer.actor)


@pytest.mark.parametrize("text", ["", "khong co", "0238 3847 123"])
def test_a_number_that_takes_no_sms(db, now, officer, text):
    with pytest.raises(Mistake) as told:
        phone.keep(db, staff_id=officer.id, text=text, now=now)
    assert told.value.code == "own-number-wrong"
    assert phone.of(db, officer.id) == "+84912345678"


def test_ones_number_can_be_forgotten(db, now, officer):
    phone.forget(db, staff_id=officer.id, now=now)
    assert phone.of(db, officer.id) is None


@pytest.fixture
def outside():
    return FakeGateway("fake", leaves_machine=True)


def test_a_number_of_a_person_on_our_lists_is_nobodys_own(db, now, officer):
    make.people(db, 1)
    make.people(db, 1, first=2, made_up=True)
    with pytest.raises(Mistake) as told:
        trials.keep_number(db, staff_id=officer.id, text=make.number(1), now=now)
    assert told.value.code == trials.OF_A_CONTACT
    assert told.value.sentence("vi") and told.value.sentence("en")
    assert phone.of(db, officer.id) == "+84912345678"
    assert trials.keep_number(db, staff_id=officer.id, text=make.number(2), now=now) == make.number(2)


def test_who_joined_a_list_meanwhile_gets_no_test(db, now, version):
    officer = an_officer(db, now, number=make.number(1))
    ask(db, version, officer, now)
    make.people(db, 1)
    assert trials.claim(db, worker="w", limit=9, now=now) == []
    assert [(each.status, each.reason) for each in shown(db, version, officer)] == [("failed", trials.OF_A_CONTACT)]
    assert refused(db, version, officer, now) == trials.OF_A_CONTACT


def test_what_keeps_a_text_from_approval_keeps_it_from_a_real_phone(db, now, officer, outside):
    blocked = authoring.version(db, make.a_version(db, vi="Xem https://evil.example/x ngay"))
    assert refused(db, blocked, officer, now, gateway=outside) == "message-blocked"
    ask(db, blocked, officer, now)  # into the simulator it may go
    link = authoring.version(db, make.a_version(db, vi="An Lộ: xem https://anlo.example/x", vi_unaccented="", en=""))
    faults = authoring.blocking(db, link.id, hosts=("https://anlo.example",))
    assert bool(faults) is False
    trials.ask(db, link, form="vi", gateway=outside, officer=officer, hosts=("https://anlo.example",), now=now)


def test_no_real_phone_rings_at_night(db, now, version, officer, outside):
    late = now.replace(hour=15)  # 22:00 in Vinh
    assert refused(db, version, officer, late, gateway=outside) == trials.AT_NIGHT
    before = late - timedelta(minutes=1)
    ask(db, version, officer, before, gateway=outside)
    (held,) = trials.claim(db, worker="w", limit=9, now=late)
    assert trials.may_go(held, {"fake": outside}, before) is None
    assert trials.may_go(held, {"fake": outside}, late) == trials.AT_NIGHT
    assert trials.may_go(held, {"fake": GATEWAY}, late) is None


def test_two_numbers_a_day_each_written_down(db, now, officer):
    phone.keep(db, staff_id=officer.id, text="0912 345 678", now=now)  # the same one is no change
    phone.forget(db, staff_id=officer.id, now=now)
    phone.keep(db, staff_id=officer.id, text="0912 345 679", now=now)
    with pytest.raises(Mistake) as told:
        phone.keep(db, staff_id=officer.id, text="0912 345 670", now=now)
    assert told.value.code == "own-number-changes" and told.value.sentence("vi") and told.value.sentence("en")
    tomorrow = now + timedelta(hours=16)  # past midnight in Vinh
    assert phone.keep(db, staff_id=officer.id, text="0912 345 670", now=tomorrow) == "+84912345670"
    assert [row.action for row in audit.latest(db, about=f"staff:{officer.id}")].count("staff.number") == 3
