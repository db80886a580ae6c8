"""Claims and what is recorded of them, on both databases."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns import consent, deliveries, stats, waves
from campaigns.pacing import MOST_ATTEMPTS, MOST_ATTEMPTS_DOWN
from db.tables import contacts
from db.tables import deliveries as rows
from sms.gateway import ERRORS, Consequence, Outcome
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")


@pytest.fixture
def gateways():
    return {"fake": FakeGateway(), "outside": FakeGateway("outside", leaves_machine=True)}


def opened(db, gateways, now, **options) -> deliveries.Line:
    wave_id = make.a_wave(db, **options)
    waves.open_due(db, gateways, now)
    return deliveries.line(db, wave_id, gateways)


def claim(db, line, now, limit=10, worker="w", after=0) -> deliveries.Claim:
    return deliveries.claim(db, line, worker=worker, limit=limit, now=now, after=after)


def record(db, line, claimed, outcome, now, worker="w"):
    results = [(each, outcome) for each in claimed]
    return deliveries.record(
        db, gateway=line.gateway, worker=worker, results=results, find_after=1.0, now=now, chance=lambda: 1.0
    )


def standing(db, wave_id) -> dict[int, object]:
    with db.reading() as c:
        return {row.id: row for row in c.execute(select(rows).where(rows.c.wave_id == wave_id).order_by(rows.c.id))}


def only(db, line):
    [row] = standing(db, line.wave_id).values()
    return row


# -- claiming


def test_a_claim_is_one_worker_s(db, gateways, now):
    line = opened(db, gateways, now, count=5)
    first = claim(db, line, now, limit=2, worker="a")
    second = claim(db, line, now, limit=9, worker="b")
    assert [len(first.rows), len(second.rows)] == [2, 3]
    assert not {each.id for each in first.rows} & {each.id for each in second.rows}
    assert claim(db, line, now).why == "empty"
    assert {row.worker for row in standing(db, line.wave_id).values()} == {"a", "b"}
    assert stats.of_wave(db, line.wave_id).counts == {"sending": 5}


def test_a_claim_holds_the_messages_themselves(db, gateways, now):
    fields = db.seal.seal('{"name": "Hương"}', "contacts.fields")
    ids = make.people(db, 1, fields_sealed=fields)
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="Chao ban")
    line = opened(db, gateways, now, list_ids=[make.a_list(db, "l", ids)], version_id=version)
    [claimed] = claim(db, line, now).rows
    assert (claimed.outgoing.to, claimed.outgoing.text) == (make.number(1), "Chào Hương")
    assert (claimed.outgoing.key, claimed.segments, claimed.attempt) == (str(claimed.id), 1, 1)


@pytest.mark.parametrize(
    ("form", "language", "text"),
    [
        ("vi", "vi", make.VI),
        ("vi", "en", make.EN),
        ("vi-unaccented", "vi", make.VI_UNACCENTED),
        ("vi-unaccented", "en", make.EN),
        ("en", "vi", make.EN),
        ("vi", "zh", make.VI),
    ],
)
def test_each_reader_gets_their_form(sqlite_db, gateways, now, form, language, text):
    ids = make.people(sqlite_db, 1, language=language)
    line = opened(sqlite_db, gateways, now, list_ids=[make.a_list(sqlite_db, "l", ids)], form=form)
    [claimed] = claim(sqlite_db, line, now).rows
    assert claimed.outgoing.text == text


def test_a_message_that_cannot_be_written_fails_alone(db, gateways, now):
    good = make.people(db, 1, fields_sealed=db.seal.seal('{"name": "Hương"}', "contacts.fields"))
    nameless = make.people(db, 1, first=2)
    resealed = make.people(db, 1, first=3, number_sealed=db.seal.seal(make.number(3), "another.field"))
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="", en="")
    list_id = make.a_list(db, "l", [*good, *nameless, *resealed])
    line = opened(db, gateways, now, list_ids=[list_id], version_id=version)
    assert len(claim(db, line, now).rows) == 1
    figures = stats.of_wave(db, line.wave_id)
    assert figures.counts == {"sending": 1, "failed": 2}
    assert figures.reasons["failed"] == {"template-value-missing": 2} or figures.reasons["failed"] == {
        "template-value-missing": 1,
        "cannot-open": 1,
    }


def test_opt_outs_are_looked_at_once_more(db, gateways, now):
    line = opened(db, gateways, now, count=2)
    contact_id = min(standing(db, line.wave_id).values(), key=lambda row: row.id).contact_id
    with db.transaction() as c:
        index = c.execute(select(contacts.c.number_index).where(contacts.c.id == contact_id)).scalar_one()
        consent.opt_out(c, index, channel="web", now=now)
    assert len(claim(db, line, now).rows) == 1
    assert stats.of_wave(db, line.wave_id).reasons == {"skipped": {"opted-out": 1}}


def test_made_up_people_are_refused_once_more(db, gateways, now):
    line = opened(db, gateways, now, gateway="outside", count=2)
    with db.transaction() as c:
        c.execute(update(contacts).values(made_up=True))
    assert claim(db, line, now).rows == []
    assert stats.of_wave(db, line.wave_id).reasons == {"skipped": {"made-up": 2}}


def test_the_daily_limit_holds_between_waves_that_send_at_once(db, gateways, now):
    ids = make.people(db, 4)
    list_id = make.a_list(db, "l", ids)
    lines = [opened(db, gateways, now, list_ids=[list_id]) for _ in range(5)]
    counts = [len(claim(db, line, now).rows) for line in lines]
    assert counts == [4, 4, 4, 0, 0]
    assert stats.of_wave(db, lines[3].wave_id).reasons == {"skipped": {"daily-limit": 4}}


def test_what_was_refused_does_not_count_against_the_day(db, gateways, now):
    list_id = make.a_list(db, "l", make.people(db, 1))
    for _ in range(4):
        line = opened(db, gateways, now, list_ids=[list_id])
        claimed = claim(db, line, now).rows
        assert record(db, line, claimed, Outcome.refused("content-refused"), now) == {"failed": 1}


def test_nothing_is_claimed_while_the_wave_rests(db, gateways, now):
    line = opened(db, gateways, now)
    assert claim(db, line, now.replace(hour=16)).why == "quiet-hours"
    assert claim(db, line, now.replace(hour=16)).until == now.replace(day=2, hour=0)
    waves.pause(db, line.wave_id, reason="", by=None, now=now)
    assert claim(db, line, now).why == "paused"
    assert deliveries.unwanted(db, [line], now) == {line.wave_id}
    waves.resume(db, line.wave_id, by=None, now=now)
    assert deliveries.unwanted(db, [line], now) == set()
    assert deliveries.unwanted(db, [line], now.replace(hour=16)) == {line.wave_id}
    assert len(claim(db, line, now).rows) == 3


def test_keyset_claims_come_back_for_what_was_left_behind(db, gateways, now):
    line = opened(db, gateways, now, count=4)
    first = claim(db, line, now, limit=2)
    deliveries.release(db, worker="w", rows=first.rows, now=now)
    second = claim(db, line, now, limit=9, after=first.last)
    assert len(second.rows) == 2
    third = claim(db, line, now, after=second.last)
    assert (third.why, third.last) == ("again", 0)
    assert len(claim(db, line, now, after=third.last).rows) == 2


def test_the_rate_is_shared_by_all(db, now):
    gateways = {"fake": FakeGateway(rate=5.0)}
    lines = [opened(db, gateways, now, count=30) for _ in range(2)]
    sent = Counter()
    for tenth in range(31):
        moment = now + timedelta(seconds=tenth / 10)
        for worker, line in zip("ab", lines, strict=True):
            sent[worker] += len(claim(db, line, moment, worker=worker).rows)
    assert 15 <= sum(sent.values()) <= 20
    assert claim(db, lines[0], moment).why == "allowance"


def test_a_wave_s_own_rate(db, gateways, now):
    line = opened(db, gateways, now, count=30, rate=2.0)
    assert len(claim(db, line, now).rows) == 2
    assert claim(db, line, now).why == "allowance"
    assert len(claim(db, line, now + timedelta(seconds=0.5)).rows) == 1


def test_replies_go_first_and_bulk_waits_for_it(db, now):
    gateways = {"fake": FakeGateway(rate=10.0)}
    line = opened(db, gateways, now, count=30)
    deliveries.spend(db, gateway="fake", rate=10.0, count=15, now=now)
    assert claim(db, line, now).why == "allowance"
    assert len(claim(db, line, now + timedelta(seconds=1)).rows) == 5


def test_many_workers_never_claim_one_row_twice(db, gateways, now):
    line = opened(db, gateways, now, count=300)
    got, lock = Counter(), threading.Lock()

    def work(name):
        while ids := [each.id for each in claim(db, line, now, limit=7, worker=name).rows]:
            with lock:
                got.update(ids)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 300
    assert set(got.values()) == {1}


# -- recording


def test_accepted(db, gateways, now):
    line = opened(db, gateways, now, count=1)
    claimed = claim(db, line, now).rows
    assert record(db, line, claimed, Outcome.accepted("SM1"), now) == {"accepted": 1}
    row = only(db, line)
    assert (row.status, row.ref, row.segments, row.sent_at) == ("accepted", "SM1", 1, now)
    assert record(db, line, claimed, Outcome.accepted("SM2"), now) == {}


@pytest.mark.parametrize("code", ERRORS)
def test_each_named_failure_has_its_consequence(sqlite_db, gateways, now, code):
    db, line = sqlite_db, opened(sqlite_db, gateways, now, count=1)
    record(db, line, claim(db, line, now).rows, Outcome.refused(code), now)
    row, wave = only(db, line), waves.show(db, line.wave_id).wave
    consequence = ERRORS[code]
    if consequence is Consequence.PERMANENT:
        assert (row.status, row.reason, row.sent_at) == ("failed", code, None)
    else:
        assert (row.status, row.reason, row.worker, row.sent_at) == ("queued", None, None, None)
    if consequence is Consequence.CONFIGURATION:
        assert (wave.status, wave.pause_reason) == ("paused", code)
    else:
        assert wave.status == "sending"
    if consequence in (Consequence.RETRY, Consequence.THROTTLE):
        assert row.next_try_at == now + timedelta(seconds=2)


def test_another_attempt_comes_later_each_time_and_not_for_ever(db, gateways, now):
    line, moment, waits = opened(db, gateways, now, count=1), now, []
    for _ in range(MOST_ATTEMPTS):
        claimed = claim(db, line, moment).rows
        record(db, line, claimed, Outcome.refused("gateway-trouble"), moment)
        if only(db, line).status == "queued":
            later = claim(db, line, moment)
            assert later.why == "later"
            waits.append((later.until - moment).total_seconds())
            moment = later.until
    assert waits == [2, 4, 8, 16, 32, 64, 128]
    assert (only(db, line).status, only(db, line).reason) == ("failed", "gateway-trouble")


def test_a_gateway_that_is_down_rests_a_moment_and_nobody_fails_for_hours_of_it(db, gateways, now):
    line, moment = opened(db, gateways, now, count=1), now
    while moment < now + timedelta(hours=12):
        record(db, line, claim(db, line, moment).rows, Outcome.refused("not-connected"), moment)
        assert claim(db, line, moment + timedelta(seconds=1)).why == "resting"
        moment += timedelta(minutes=10)
    assert only(db, line).status == "queued"
    assert only(db, line).attempts < MOST_ATTEMPTS_DOWN


def test_a_gateway_that_is_too_fast_rests_and_nobody_fails_for_it(db, gateways, now):
    line, other = (opened(db, gateways, now, count=1) for _ in range(2))
    moment = now
    for _ in range(MOST_ATTEMPTS + 2):
        record(db, line, claim(db, line, moment).rows, Outcome.refused("too-fast", wait=7.0), moment)
        resting = claim(db, other, moment + timedelta(seconds=6))
        assert (resting.why, resting.until) == ("resting", moment + timedelta(seconds=7))
        moment += timedelta(hours=1)
    assert only(db, line).status == "queued"


def test_wrong_settings_stop_the_gateway_and_pause_its_waves(db, gateways, now):
    line, other = (opened(db, gateways, now, count=1) for _ in range(2))
    record(db, line, claim(db, line, now).rows, Outcome.refused("balance", "no money"), now)
    for each in (line, other):
        assert waves.show(db, each.wave_id).wave.pause_reason == "balance"
        assert waves.paused_by_itself(db, each.wave_id)
    assert waves.stopped_gateways(db, now)["fake"][1] == "balance"
    waves.resume(db, other.wave_id, by=None, now=now)
    assert len(claim(db, other, now).rows) == 1


@pytest.mark.parametrize("code", ["number-invalid", "not-mobile", "unreachable-for-good"])
def test_a_dead_number_is_not_sent_to_again(db, gateways, now, code):
    list_id = make.a_list(db, "l", make.people(db, 1))
    line = opened(db, gateways, now, list_ids=[list_id])
    record(db, line, claim(db, line, now).rows, Outcome.refused(code), now)
    assert waves.preview(db, make.a_wave(db, list_ids=[list_id]), gateways, now).skipped == {"dead": 1}


def test_who_opted_out_at_the_gateway_has_opted_out_here(db, gateways, now):
    list_id = make.a_list(db, "l", make.people(db, 1))
    line = opened(db, gateways, now, list_ids=[list_id])
    record(db, line, claim(db, line, now).rows, Outcome.refused("opted-out"), now)
    assert waves.preview(db, make.a_wave(db, list_ids=[list_id]), gateways, now).skipped == {"opted-out": 1}


def test_no_answer_stays_for_reconciliation(db, gateways, now):
    line = opened(db, gateways, now, count=1)
    record(db, line, claim(db, line, now).rows, Outcome.unknown("closed"), now)
    row = only(db, line)
    assert (row.status, row.worker, row.next_try_at) == ("sending", None, now + timedelta(seconds=1))
    assert claim(db, line, now + timedelta(days=1)).why == "empty"
    assert waves.finish_done(db, now) == []


def test_whoever_lost_a_claim_writes_nothing(db, gateways, now):
    """A frozen worker wakes up: its rows were given to another meanwhile, even to one of the same name."""
    line = opened(db, gateways, now, count=1)
    stale = claim(db, line, now, worker="a").rows
    deliveries.release(db, worker="a", rows=stale, now=now)
    fresh = claim(db, line, now, worker="a").rows
    assert record(db, line, stale, Outcome.accepted("old"), now, worker="a") == {}
    assert deliveries.release(db, worker="a", rows=stale, now=now) == {}
    assert record(db, line, fresh, Outcome.accepted("new"), now, worker="b") == {}
    assert record(db, line, fresh, Outcome.accepted("new"), now, worker="a") == {"accepted": 1}
    assert only(db, line).ref == "new"


def test_released_rows_are_queued_again(db, gateways, now):
    line = opened(db, gateways, now)
    claimed = claim(db, line, now).rows
    assert deliveries.release(db, worker="w", rows=claimed, now=now) == {"queued": 3}
    assert {(row.status, row.sent_at) for row in standing(db, line.wave_id).values()} == {("queued", None)}
