"""Hard limits: never one message over, however many send; what is counted, given back, and what happens at the end."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from campaigns import deliveries, prices, spending, stats, waves
from db.tables import campaigns, contacts, staff
from db.tables import deliveries as rows
from messages.errors import Mistake
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from staff import audit
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway(), "blind": FakeGateway("blind", find=False)}


def code_of(call, *args, **options) -> str:
    with pytest.raises(Mistake) as told:
        call(*args, **options)
    assert told.value.sentence("vi") and told.value.sentence("en")
    return told.value.code


def priced(db, now, gateway="fake", **by_carrier) -> None:
    for carrier, vnd in (by_carrier or {"*": 100}).items():
        prices.put(db, gateway=gateway, carrier=carrier, vnd_per_segment=vnd, valid_from=now.date(), by=None, now=now)


def a_campaign(db, now, **limits) -> int:
    with db.transaction() as c:
        statement = insert(campaigns).values(name="Chiến dịch", created_at=now, **limits)
        return c.execute(statement.returning(campaigns.c.id)).scalar_one()


def opened(db, now, **plan) -> deliveries.Line:
    wave_id = make.a_wave(db, **plan)
    waves.open_due(db, GATEWAYS, now)
    return deliveries.line(db, wave_id, GATEWAYS)


def claim(db, line, now, limit=10, worker="w"):
    return deliveries.claim(db, line, worker=worker, limit=limit, now=now)


def record(db, line, claimed, outcome, now, worker="w"):
    results = [(each, outcome) for each in claimed]
    return deliveries.record(db, gateway=line.gateway, worker=worker, results=results, find_after=1.0, now=now)


def send(db, line, now, limit=10) -> int:
    """How many more went out."""
    claimed = claim(db, line, now, limit).rows
    record(db, line, claimed, Outcome.accepted("ref"), now)
    return len(claimed)


def named(db, *names: str) -> list[int]:
    """People with these names."""
    fields = [db.seal.seal(f'{{"name": "{name}"}}', "contacts.fields") for name in names]
    return [id for n, sealed in enumerate(fields, 1) for id in make.people(db, 1, first=n, fields_sealed=sealed)]


def wave(db, line):
    return waves.show(db, line.wave_id).wave


def spent(db, line, now) -> tuple:
    found = spending.of_wave(db, line.wave_id, now)
    return found.messages, found.segments, found.vnd


# -- what is counted


def test_a_message_is_counted_from_its_claim_on_at_the_price_in_force(db, now):
    priced(db, now, viettel=300, **{"*": 500})
    people = [*make.people(db, 2, carrier="viettel"), *make.people(db, 1, first=9, carrier="vinaphone")]
    line = opened(db, now, list_ids=[make.a_list(db, "l", people)])
    claimed = claim(db, line, now).rows
    assert spent(db, line, now) == (3, 3, 1100)
    record(db, line, claimed, Outcome.accepted("ref"), now)
    assert spent(db, line, now) == (3, 3, 1100)
    with db.reading() as c:
        assert sorted(c.execute(select(rows.c.vnd)).scalars()) == [300, 300, 500]


@pytest.mark.parametrize("outcome", [Outcome.refused("number-invalid"), Outcome.refused("gateway-trouble")])
def test_what_the_gateway_did_not_take_is_given_back(db, now, outcome):
    priced(db, now)
    line = opened(db, now, count=2)
    record(db, line, claim(db, line, now).rows, outcome, now)
    assert spent(db, line, now) == (0, 0, 0)


def test_what_was_not_handed_over_is_given_back(db, now):
    priced(db, now)
    line = opened(db, now, count=2)
    deliveries.release(db, worker="w", rows=claim(db, line, now).rows, now=now)
    assert spent(db, line, now) == (0, 0, 0)


def test_what_nobody_can_tell_counts_until_it_is_sure_that_it_never_left(db, now):
    priced(db, now, gateway="blind")
    line = opened(db, now, count=1, gateway="blind")
    [claimed] = claim(db, line, now).rows
    record(db, line, [claimed], Outcome.unknown(), now)
    later = now + timedelta(minutes=5)
    [orphan] = deliveries.orphans(db, line, _watch(), now=later)
    deliveries.settle(db, line, [(orphan, Found(Whereabouts.CANNOT_TELL))], later)
    assert (stats.of_wave(db, line.wave_id).counts, spent(db, line, now)) == ({"unknown": 1}, (1, 1, 100))
    [orphan] = deliveries.orphans(db, line, _watch(), now=later, unknown_too=True)
    deliveries.settle(db, line, [(orphan, Found(Whereabouts.NOT_THERE))], later)
    assert spent(db, line, now) == (0, 0, 0)


def _watch():
    return deliveries.reconciling.workers.Watch()


def test_personal_texts_are_counted_when_they_are_written(db, now):
    priced(db, now)
    people = named(db, "Anh", "Ư" * 100)
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="")
    line = opened(db, now, list_ids=[make.a_list(db, "l", people)], version_id=version)
    claimed = claim(db, line, now).rows
    assert spent(db, line, now) == (2, 0, 0)
    record(db, line, claimed, Outcome.accepted("ref"), now)
    assert spent(db, line, now) == (2, 3, 300)


def test_a_receipt_that_overtakes_the_answer_is_counted_once(db, now):
    priced(db, now)
    version = make.a_version(db, vi="Chào {{ name or \"bạn\" }}", vi_unaccented="")
    line = opened(db, now, count=1, version_id=version)
    [claimed] = claim(db, line, now).rows
    deliveries.Receipts(db).take("fake", [Receipt("SM1", "delivered", key=str(claimed.id))], now)
    deliveries.apply_receipts(db, now)
    record(db, line, [claimed], Outcome.accepted("SM1"), now)
    assert (stats.of_wave(db, line.wave_id).counts, spent(db, line, now)) == ({"delivered": 1}, (1, 1, 100))


# -- a day's messages


def test_a_daily_quota_and_the_next_morning(db, now):
    line = opened(db, now, count=5, daily_quota=2)
    assert send(db, line, now) == 2
    full = claim(db, line, now)
    assert (full.why, full.until) == ("quota", now.replace(day=2, hour=0))
    assert waves.sending(db, GATEWAYS, now) == {}
    assert waves.waiting_why(db, wave(db, line), GATEWAYS, now) == waves.Waiting("quota", now.replace(day=2, hour=0))
    tomorrow = now + timedelta(days=1)
    assert waves.sending(db, GATEWAYS, tomorrow) == {"fake": [line.wave_id]}
    assert [send(db, line, tomorrow), send(db, line, tomorrow + timedelta(days=1))] == [2, 1]


def test_a_day_is_vietnam_s(db, now):
    """At 23:30 in Vinh it is still the same day, in Greenwich too; at 00:30 only in Greenwich."""
    line = opened(db, now.replace(hour=16), count=3, daily_quota=1, ignore_quiet_hours=True)
    assert send(db, line, now.replace(hour=16, minute=30)) == 1
    assert send(db, line, now.replace(hour=16, minute=59)) == 0
    assert send(db, line, now.replace(hour=17, minute=30)) == 1


def test_a_campaign_s_daily_cap_is_shared_by_its_waves(db, now):
    campaign = a_campaign(db, now, daily_cap=5)
    lines = [opened(db, now, count=4, campaign_id=campaign) for _ in range(2)]
    free = opened(db, now, count=4)
    assert [send(db, line, now) for line in lines] == [4, 1]
    assert claim(db, lines[1], now).why == "quota"
    assert send(db, free, now) == 4


# -- money


def test_a_budget_is_a_hard_stop_and_the_wave_says_why(db, now):
    priced(db, now)
    line = opened(db, now, count=5, budget_vnd=350)
    assert send(db, line, now) == 3
    assert claim(db, line, now).why == "paused"
    assert (wave(db, line).status, wave(db, line).pause_reason) == ("paused", "budget-used")
    assert waves.paused_by_itself(db, line.wave_id)
    newest = audit.latest(db, about=f"wave:{line.wave_id}")[0]
    assert (newest.action, newest.actor) == ("waves.pause", "system")
    assert '"wave-budget": [350, 300]' in newest.detail


def test_a_budget_that_is_just_enough_is_enough(db, now):
    """The dear ones come first: what is left is just the price of the cheap ones."""
    priced(db, now, viettel=300, vinaphone=500)
    people = [*make.people(db, 2, carrier="vinaphone"), *make.people(db, 3, first=9, carrier="viettel")]
    list_id = make.a_list(db, "l", people)
    cost = waves.preview(db, make.a_wave(db, list_ids=[list_id]), GATEWAYS, now).cost_vnd
    line = opened(db, now, list_ids=[list_id], budget_vnd=cost)
    assert [send(db, line, now, limit=2) for _ in range(3)] == [2, 2, 1]
    assert claim(db, line, now).why == "empty"
    assert spent(db, line, now) == (5, 5, 1900)


def test_a_budget_holds_for_personal_texts_too(db, now):
    priced(db, now)
    people = named(db, "An", "Ư" * 100, "Bình", "Ơ" * 200)
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="")
    line = opened(db, now, list_ids=[make.a_list(db, "l", people)], version_id=version, budget_vnd=600)
    assert send(db, line, now) == 3
    assert spent(db, line, now) == (3, 4, 400)
    assert claim(db, line, now).why == "paused"


def test_money_that_is_being_sent_may_come_back(db, now):
    priced(db, now)
    line = opened(db, now, count=3, budget_vnd=250)
    held = claim(db, line, now).rows
    assert len(held) == 2
    assert claim(db, line, now).why == "settling"
    assert wave(db, line).status == "sending"
    record(db, line, held[:1], Outcome.refused("number-invalid"), now)
    assert len(claim(db, line, now).rows) == 1


def test_a_campaign_s_budget_is_shared_by_its_waves(db, now):
    priced(db, now)
    campaign = a_campaign(db, now, budget_vnd=500)
    lines = [opened(db, now, count=4, campaign_id=campaign) for _ in range(2)]
    assert [send(db, line, now) for line in lines] == [4, 1]
    assert [claim(db, line, now).why for line in lines] == ["empty", "paused"]
    assert wave(db, lines[1]).pause_reason == "budget-used"
    assert spending.of_campaign(db, campaign, now).vnd == 500


def test_without_a_price_money_cannot_be_limited(db, now):
    with db.transaction() as c:
        people = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
        author, other = c.execute(insert(staff).returning(staff.c.id), people).scalars()
    wave_id = make.a_wave(db, by=author, ready=False, budget_vnd=1000)
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    assert code_of(waves.schedule, db, wave_id, by=author, now=now) == "price-missing"
    priced(db, now, viettel=300)
    assert code_of(waves.schedule, db, wave_id, by=author, now=now) == "price-missing"
    priced(db, now, unknown=300)
    waves.schedule(db, wave_id, by=author, now=now)
    assert code_of(make.a_wave, db, gateway="blind", budget_vnd=1000) == "price-missing"


def test_a_price_that_is_missing_when_it_is_needed_pauses_the_wave(db, now):
    priced(db, now, unknown=100)
    people = make.people(db, 1)
    line = opened(db, now, list_ids=[make.a_list(db, "l", people)], budget_vnd=1000)
    with db.transaction() as c:
        c.execute(update(contacts).values(carrier="itel"))
    assert claim(db, line, now).why == "paused"
    assert wave(db, line).pause_reason == "price-missing"


@pytest.mark.parametrize("shared", [False, True], ids=["of the wave", "of the campaign"])
def test_two_senders_cannot_spend_the_same_money(db, now, shared):
    """They claim at the same time, from both ends of what is left."""
    priced(db, now)
    limits = {"campaign_id": a_campaign(db, now, budget_vnd=3_050)} if shared else {"budget_vnd": 3_050}
    first = opened(db, now, count=50, **limits)
    lines = [first, opened(db, now, count=50, **limits) if shared else first]
    errors = []

    def work(worker, line):
        try:
            while claimed := deliveries.claim(db, line, worker=worker, limit=4, now=now).rows:
                record(db, line, claimed, Outcome.accepted("ref"), now, worker=worker)
        except Exception as error:  # whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"w{n}", lines[n % 2])) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    sent = [stats.of_wave(db, wave_id)["accepted"] for wave_id in {line.wave_id for line in lines}]
    assert sum(sent) == 30


def test_two_senders_cannot_use_the_same_quota(db, now):
    line = opened(db, now, count=60, daily_quota=25)
    got, lock = [], threading.Lock()

    def work(worker):
        while claimed := deliveries.claim(db, line, worker=worker, limit=4, now=now).rows:
            with lock:
                got.extend(claimed)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.id for each in got}) == len(got) == 25


# -- other limits


def test_another_officer_gives_a_wave_more_money(db, now):
    priced(db, now)
    line = opened(db, now, count=5, budget_vnd=200)
    assert send(db, line, now) == 2
    claim(db, line, now)
    waves.change_limits(db, line.wave_id, by=None, now=now, budget_vnd=400)
    waves.resume(db, line.wave_id, by=None, now=now)
    assert send(db, line, now) == 2
    newest = audit.latest(db, about=f"wave:{line.wave_id}")[1]
    assert newest.action == "waves.limits"
    assert newest.detail == '{"after": {"budget_vnd": 400}, "before": {"budget_vnd": 200}}'


def test_who_changes_limits_and_when(db, now):
    with db.transaction() as c:
        people = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
        author, other = c.execute(insert(staff).returning(staff.c.id), people).scalars()
    wave_id = make.a_wave(db, by=author, ready=False, daily_quota=5)
    options = {"now": now, "daily_quota": 9}
    assert code_of(waves.change_limits, db, wave_id, by=other, **options) == "wave-cannot-limits"
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    waves.schedule(db, wave_id, by=author, now=now)
    waves.open_due(db, GATEWAYS, now)
    assert code_of(waves.change_limits, db, wave_id, by=author, **options) == "limits-own"
    assert code_of(waves.change_limits, db, wave_id, by=None, **options) == "approval-machine"
    waves.change_limits(db, wave_id, by=other, **options)
    waves.change_limits(db, wave_id, by=other, now=now, daily_quota=None)
    assert waves.show(db, wave_id).wave.daily_quota is None


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"daily_quota": 0}, "quota-wrong"),
        ({"daily_quota": -1}, "quota-wrong"),
        ({"budget_vnd": 0}, "budget-wrong"),
        ({"budget_vnd": 10**15}, "budget-wrong"),
        ({"failure_limit": 0}, "failure-limit-wrong"),
        ({"failure_limit": 101}, "failure-limit-wrong"),
        ({"campaign_id": 404}, "campaign-unknown"),
        ({"position": -1}, "value-out-of-range"),
    ],
)
def test_limits_that_are_refused(db, now, limits, code):
    assert code_of(make.a_wave, db, ready=False, **limits) == code
