"""A wave from plan to end, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns import audience, prices, stats, waves
from campaigns import deliveries as delivering
from campaigns.model import WaveStatus
from db.tables import contacts, deliveries
from db.tables import waves as wave_rows
from messages.errors import Mistake
from sms.gateway import Readiness
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway(), "outside": FakeGateway("outside", leaves_machine=True)}




def status(db, wave_id) -> str:
    return waves.show(db, wave_id).wave.status


def code_of(call, *args, **options) -> str:
    with pytest.raises(Mistake) as told:
        call(*args, **options)
    assert told.value.sentence("vi") and told.value.sentence("en")
    return told.value.code


# -- planning


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"name": "  "}, "wave-unnamed"),
        ({"rate": 0.0}, "rate-wrong"),
        ({"rate": -1.0}, "rate-wrong"),
        ({"rate": float("nan")}, "rate-wrong"),
        ({"form": "fr"}, "form-unknown"),
        ({"version_id": 999}, "version-unknown"),
        ({"audience": {"lists": []}}, "audience-empty"),
        ({"audience": {}}, "audience-empty"),
        ({"audience": {"everybody": True}}, "audience-wrong"),
    ],
)
def test_plans_that_are_refused(db, plan, code):
    assert code_of(make.a_wave, db, ready=False, **plan) == code


def test_a_wave_needs_the_text_it_promises(db):
    only_english = make.a_version(db, vi="", vi_unaccented="", en="Hello")
    assert code_of(make.a_wave, db, version_id=only_english) == "wave-no-text"
    assert make.a_wave(db, version_id=only_english, form="en")


def test_lists_by_name(db):
    ids = [make.a_list(db, name, []) for name in ("Yên Thành", "Diễn Châu")]
    assert audience.of_lists(db, ["Diễn Châu", "Yên Thành", "Diễn Châu"]) == {"lists": sorted(ids)}
    assert audience.names(db, {"lists": ids}) == ["Diễn Châu", "Yên Thành"]
    assert code_of(audience.of_lists, db, ["Vinh"]) == "list-unknown"
    assert code_of(audience.of_lists, db, []) == "audience-empty"


# -- who gets it


def test_who_is_skipped_and_why(db, now):
    one = make.people(db, 1)
    out = make.people(db, 1, first=10)
    made_up = make.people(db, 1, first=20, made_up=True)
    dead = make.people(db, 1, first=30, dead=True)
    english = make.people(db, 1, first=40, language="en")
    everybody = [*one, *out, *made_up, *dead, *english]
    make.opted_out(db, make.number(10))
    list_id = make.a_list(db, "l", everybody)
    version = make.a_version(db, en="")
    wave_id = make.a_wave(db, list_ids=[list_id], version_id=version, gateway="outside")
    expected = {"opted-out": 1, "made-up": 1, "dead": 1, "no-text": 1}
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    assert (preview.recipients, preview.skipped) == (1, expected)
    waves.open_due(db, GATEWAYS, now)
    figures = stats.of_wave(db, wave_id)
    assert (figures["queued"], figures.reasons["skipped"]) == (1, expected)


def test_made_up_people_ring_inside_the_machine(db, now):
    list_id = make.a_list(db, "l", make.people(db, 2, made_up=True))
    wave_id = make.a_wave(db, list_ids=[list_id])
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 2}


def test_somebody_on_two_lists_gets_one_message(db, now):
    ids = make.people(db, 4)
    lists = [make.a_list(db, "a", ids[:3]), make.a_list(db, "b", ids[1:])]
    wave_id = make.a_wave(db, list_ids=lists)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 4}


def test_members_that_have_expired_are_not_there(db, now):
    ids = make.people(db, 3)
    lists = [make.a_list(db, "a", ids[:1]), make.a_list(db, "b", ids, expires_at=now)]
    wave_id = make.a_wave(db, list_ids=lists)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 1}


def test_three_messages_a_day_are_enough(db, now):
    ids = make.people(db, 2)
    list_id = make.a_list(db, "l", ids)
    for n in range(3):
        wave_id = make.a_wave(db, list_ids=[list_id if n else make.a_list(db, "first", ids[:1])])
        waves.open_due(db, GATEWAYS, now)
        line = delivering.line(db, wave_id, GATEWAYS)
        delivering.claim(db, line, worker="w", limit=9, now=now - timedelta(hours=n))
    fourth = make.a_wave(db, list_ids=[list_id])
    assert waves.preview(db, fourth, GATEWAYS, now).skipped == {"daily-limit": 1}
    assert waves.preview(db, fourth, GATEWAYS, now + timedelta(hours=23)).skipped == {}
    assert waves.open_due(db, GATEWAYS, now) == {fourth: 1}


def test_the_same_text_for_everybody_in_an_english_wave(db, now):
    ids = [*make.people(db, 1), *make.people(db, 1, first=5, language="en")]
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)], form="en")
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    assert (preview.recipients, preview.forms) == (2, {"en": 2})


# -- what it costs


def test_segments_and_cost_by_carrier(db, now):
    accented = "Đừng " + "đi " * 40  # UCS-2: 125 units, two segments
    viettel, other = make.people(db, 3, carrier="viettel"), make.people(db, 2, first=10, carrier="vinaphone")
    english = make.people(db, 1, first=20, carrier="viettel", language="en")
    list_id = make.a_list(db, "l", [*viettel, *other, *english])
    wave_id = make.a_wave(db, list_ids=[list_id], version_id=make.a_version(db, vi=accented, en="Stay"))
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    assert (preview.segments, preview.exact, preview.cost_vnd) == (11, True, None)
    assert preview.forms == {"vi": 5, "en": 1}
    price = {"gateway": "fake", "by": None, "now": now}
    prices.put(db, carrier="viettel", vnd_per_segment=300, valid_from=now.date(), **price)
    assert waves.preview(db, wave_id, GATEWAYS, now).cost_vnd is None
    prices.put(db, vnd_per_segment=500, valid_from=now.date() - timedelta(days=9), **price)
    prices.put(db, vnd_per_segment=900, valid_from=now.date() + timedelta(days=1), **price)
    assert waves.preview(db, wave_id, GATEWAYS, now).cost_vnd == 7 * 300 + 4 * 500


def test_personal_texts_are_measured_person_by_person(db, now):
    def named(name, first):
        fields = db.seal.seal(f'{{"name": "{name}"}}', "contacts.fields")
        return make.people(db, 1, first=first, fields_sealed=fields, language="en")

    ids = [*named("Anh", 1), *named("A" * 160, 2), *make.people(db, 1, first=3, language="en")]
    version = make.a_version(db, en="Hello {{ name }}")
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)], version_id=version, form="en")
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    assert (preview.exact, preview.unwritable, preview.recipients) == (True, 1, 3)


def test_the_end_is_told_with_the_night_in_mind(db, now):
    evening = now.replace(hour=14, minute=45)  # 21:45 in Vinh
    wave_id = make.a_wave(db, count=120, rate=0.1)
    preview = waves.preview(db, wave_id, GATEWAYS, evening)
    assert (preview.starts, preview.nights) == (evening, 1)
    assert preview.ends == (evening + timedelta(days=1)).replace(hour=0, minute=5)
    at_night = waves.preview(db, wave_id, GATEWAYS, now.replace(hour=20))
    assert at_night.starts == now.replace(day=2, hour=0)


# -- opening


def test_a_wave_waits_for_its_time(db, now):
    wave_id = make.a_wave(db, starts_at=now + timedelta(hours=1))
    assert waves.open_due(db, GATEWAYS, now) == {}
    assert waves.open_due(db, GATEWAYS, now + timedelta(hours=1)) == {wave_id: 3}
    assert waves.open_due(db, GATEWAYS, now + timedelta(hours=1)) == {}


def test_what_is_due_at_night_waits_for_the_morning(db, now):
    night = now.replace(hour=17)  # midnight in Vinh
    wave_id, restless = make.a_wave(db), make.a_wave(db, ignore_quiet_hours=True)
    assert waves.open_due(db, GATEWAYS, night) == {restless: 3}
    assert waves.open_due(db, GATEWAYS, night + timedelta(hours=7)) == {wave_id: 3}


def test_a_wave_without_its_gateway_is_paused(db, now):
    lost, unready = make.a_wave(db, gateway="gone"), make.a_wave(db, gateway="unready")
    gateway = FakeGateway("unready")
    gateway.readiness = lambda: Readiness(("TWILIO_FROM",))
    here = {**GATEWAYS, "unready": gateway}
    assert waves.open_due(db, here, now) == {}
    assert {status(db, lost), status(db, unready)} == {"scheduled"}, "another process may have its settings"
    assert waves.open_due(db, here, now + timedelta(minutes=11)) == {}
    for wave_id in (lost, unready):
        wave = waves.show(db, wave_id).wave
        assert (wave.status, wave.pause_reason) == ("paused", "gateway-missing")
        assert waves.paused_by_itself(db, wave_id)
    assert waves.resume(db, lost, by=None, now=now) == "scheduled"


def test_what_changed_behind_an_approval_is_not_sent(db, now):
    wave_id = make.a_wave(db)
    with db.transaction() as c:
        c.execute(update(wave_rows).where(wave_rows.c.id == wave_id).values(gateway="outside"))
    assert waves.open_due(db, GATEWAYS, now) == {}
    assert waves.show(db, wave_id).wave.pause_reason == "approval-void"


def test_jobs_are_enqueued_with_the_rows_or_not_at_all(db, now):
    make.a_wave(db)

    def fails(c, wave_id, queued):
        assert queued == 3
        raise RuntimeError("the queue is full")

    with pytest.raises(RuntimeError):
        waves.open_due(db, GATEWAYS, now, fails)
    with db.reading() as c:
        assert c.execute(select(deliveries.c.id)).all() == []
    assert sum(waves.open_due(db, GATEWAYS, now).values()) == 3


def test_one_wave_that_cannot_be_opened_does_not_keep_the_others_waiting(db, now):
    broken, fine = make.a_wave(db), make.a_wave(db)

    def fails(c, wave_id, queued):
        if wave_id == broken:
            raise RuntimeError("the queue is full")

    with pytest.raises(RuntimeError):
        waves.open_due(db, GATEWAYS, now, fails)
    assert [status(db, wave_id) for wave_id in (broken, fine)] == ["scheduled", "sending"]
    assert waves.open_due(db, GATEWAYS, now) == {broken: 3}


# -- pausing, cancelling, finishing


def test_pause_and_resume(db, now):
    wave_id = make.a_wave(db)
    waves.pause(db, wave_id, reason="", by=None, now=now)
    assert waves.open_due(db, GATEWAYS, now) == {}
    assert waves.resume(db, wave_id, by=None, now=now) == WaveStatus.SCHEDULED
    waves.open_due(db, GATEWAYS, now)
    waves.pause(db, wave_id, reason="sếp bảo dừng", by=None, now=now)
    assert waves.sending(db, GATEWAYS, now) == {}
    assert not waves.paused_by_itself(db, wave_id)
    assert waves.resume(db, wave_id, by=None, now=now) == WaveStatus.SENDING
    assert waves.sending(db, GATEWAYS, now) == {"fake": [wave_id]}
    assert waves.sending(db, GATEWAYS, now.replace(hour=20)) == {}


def test_a_cancelled_wave_sends_nothing_more(db, now, monkeypatch):
    monkeypatch.setattr("campaigns.waves.running.SWEEP", 2)
    wave_id = make.a_wave(db, count=5)
    waves.open_due(db, GATEWAYS, now)
    waves.cancel(db, wave_id, by=None, now=now)
    assert stats.of_wave(db, wave_id)["queued"] == 3
    while waves.sweep_cancelled(db, now):
        pass
    assert stats.of_wave(db, wave_id).reasons == {"skipped": {"cancelled": 5}}
    line = delivering.line(db, wave_id, GATEWAYS)
    assert delivering.claim(db, line, worker="w", limit=9, now=now).why == "cancelled"
    assert code_of(waves.cancel, db, wave_id, by=None, now=now) == "wave-cannot-cancel"
    assert code_of(waves.pause, db, wave_id, reason="", by=None, now=now) == "wave-cannot-pause"
    assert code_of(waves.change, db, wave_id, by=None, now=now, name="x") == "wave-cannot-change"


def test_a_wave_finishes_when_nothing_is_left(db, now):
    wave_id, empty = make.a_wave(db, count=1), make.a_wave(db, list_ids=[make.a_list(db, "nobody", [])])
    waves.open_due(db, GATEWAYS, now)
    assert waves.finish_done(db, now) == [empty]
    line = delivering.line(db, wave_id, GATEWAYS)
    [claimed] = delivering.claim(db, line, worker="w", limit=9, now=now).rows
    assert waves.finish_done(db, now) == []
    outcome = GATEWAYS["fake"].send([claimed.outgoing])[0]
    delivering.record(db, gateway="fake", worker="w", results=[(claimed, outcome)], now=now)
    assert waves.finish_done(db, now) == [wave_id]
    assert status(db, wave_id) == "finished"


def test_unknown_waves(db, now):
    for call, options in (
        (waves.show, {}),
        (waves.check_may_run, {}),
        (waves.submit, {"by": None, "now": now}),
        (waves.preview, {"gateways": GATEWAYS, "now": now}),
        (waves.pause, {"reason": "", "by": None, "now": now}),
    ):
        assert code_of(call, db, 404, **options) == "wave-unknown"


def test_all_waves_with_their_figures(db, now):
    first, second = make.a_wave(db, count=2), make.a_wave(db, count=1)
    waves.open_due(db, GATEWAYS, now)
    assert [(wave.id, figures["queued"]) for wave, figures in waves.all(db)] == [(second, 1), (first, 2)]
    assert stats.totals(db)["queued"] == 3


def test_figures_by_area(db, now):
    for code in ("17662", "17689"):
        make.area(db, code)
    placed = [*make.people(db, 2, area="17662"), *make.people(db, 1, first=10, area="17689")]
    ids = [*placed, *make.people(db, 1, first=20)]
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)])
    waves.open_due(db, GATEWAYS, now)
    assert stats.by_area(db, wave_id) == {"17662": {"queued": 2}, "17689": {"queued": 1}, "": {"queued": 1}}


def test_contacts_are_untouched_by_a_refused_plan(db):
    assert code_of(make.a_wave, db, list_ids=[], ready=False) == "audience-empty"
    with db.reading() as c:
        assert c.execute(select(contacts.c.id)).all() == []
