"""A large wave is opened a part at a time, and comes to the same as one opened in one go, whatever happens between."""

import json

import pytest
from sqlalchemy import insert, select, update

from campaigns import deliveries, experiments, halts, recall, stats, waves
from campaigns.model import COPY_PUT_BACK
from campaigns.store import locks
from campaigns.waves import opening
from db.tables import contacts, list_members, staff
from db.tables import deliveries as rows
from scheduler import dispatch
from scheduler import opening as parts
from staff import audit
from tests import make
from tests.campaigns.test_experiments import plan_of
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime
from tests.scheduler.test_recall import STOP

GATEWAYS = {"fake": FakeGateway(), "outside": FakeGateway("outside", leaves_machine=True)}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(opening, "PART", 10)


def to_the_end(db, now, on_open=None) -> list[dict[int, int]]:
    """What each transaction queued."""
    steps = [waves.open_due(db, GATEWAYS, now, on_open)]
    while found := waves.open_on(db, GATEWAYS, now, on_open):
        steps.append(found)
    return steps


def in_it(db, wave_id) -> list[tuple[int, str, str | None]]:
    with db.reading() as c:
        columns = (rows.c.contact_id, rows.c.status, rows.c.reason)
        return [tuple(row) for row in c.execute(select(*columns).where(rows.c.wave_id == wave_id).order_by(*columns))]


def is_open(db, wave_id) -> bool:
    return waves.show(db, wave_id).wave.opening_after is None


@pytest.fixture
def crowd(db, now):
    """60 people in two communes and on overlapping lists, one in six with something that keeps them out."""
    home, away = (make.area(db, code) for code in ("40001", "40002"))
    ids = make.people(db, 30, first=100, area=home) + make.people(db, 30, first=200, area=away)
    lists = [make.a_list(db, "A", ids[:40]), make.a_list(db, "B", ids[20:]), make.a_list(db, "C", ids[::7])]
    make.opted_out(db, *(make.number(n) for n in range(100, 260, 12)))
    with db.transaction() as c:
        c.execute(update(contacts).where(contacts.c.id.in_(ids[5::15])).values(dead=True))
    before = make.a_wave(db, list_ids=[make.a_list(db, "D", ids[3::9])])
    waves.open_due(db, GATEWAYS, now)
    while waves.open_on(db, GATEWAYS, now):
        pass
    return lists, before


AUDIENCES = {
    "one list": lambda lists, before: {"lists": lists[:1]},
    "two lists": lambda lists, before: {"lists": lists[:2]},
    "no list": lambda lists, before: {"areas": ["40001"]},
    "a list and a commune": lambda lists, before: {"lists": lists[:2], "areas": ["40002"]},
    "without those of a list": lambda lists, before: {"lists": lists[:2], "except": {"lists": lists[2:]}},
    "without those of a wave": lambda lists, before: {"lists": lists[:2], "except": {"waves": [before]}},
}


@pytest.mark.parametrize("whom", AUDIENCES)
def test_in_parts_it_comes_to_the_same_as_in_one_go(db, now, crowd, whom, monkeypatch):
    audience = AUDIENCES[whom](*crowd)
    wave_id = make.a_wave(db, audience=audience)
    steps = to_the_end(db, now)
    assert len(steps) > 2 and all(set(step) == {wave_id} for step in steps)
    monkeypatch.setattr(opening, "PART", 1000)
    other = make.a_wave(db, audience=audience)
    (whole,) = to_the_end(db, now)
    assert in_it(db, wave_id) == in_it(db, other) and in_it(db, other)
    assert sum(step[wave_id] for step in steps) == whole[other] == stats.of_wave(db, other)["queued"]
    assert stats.of_wave(db, wave_id) == stats.of_wave(db, other)


def test_jobs_come_with_each_part_and_the_audit_tells_of_the_whole(db, now):
    told = []
    wave_id = make.a_wave(db, count=25)
    to_the_end(db, now, lambda c, wave, queued: told.append((wave, queued)))
    assert told == [(wave_id, 10), (wave_id, 10), (wave_id, 5)]
    [note] = [row for row in audit.latest(db, about=f"wave:{wave_id}") if row.action == "waves.open"]
    assert json.loads(note.detail) == {"queued": 25}


def test_the_first_are_on_their_way_while_others_are_still_looked_up(db, now):
    gateway = FakeGateway()
    rt = a_runtime(db, {"fake": gateway})
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, rt.gateways, now)
    dispatch.send(rt, [deliveries.line(db, wave_id, rt.gateways)], stop=STOP)
    assert len(gateway.got) == 10
    assert waves.finish_done(db, now) == [], "fifteen are still to come"
    parts.open_on(rt, STOP)
    dispatch.send(rt, [deliveries.line(db, wave_id, rt.gateways)], stop=STOP)
    assert waves.finish_done(db, now) == [wave_id]
    assert set(gateway.got.values()) == {1} and len(gateway.got) == 25


def test_one_that_is_paused_is_opened_to_the_end_all_the_same(db, now):
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    waves.pause(db, wave_id, reason="", by=None, now=now)
    to_the_end(db, now)
    assert (waves.show(db, wave_id).wave.status, stats.of_wave(db, wave_id)["queued"]) == ("paused", 25)


def test_into_one_that_is_cancelled_nobody_comes_any_more(db, now):
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    waves.cancel(db, wave_id, by=None, now=now)
    assert waves.open_on(db, GATEWAYS, now) == {}
    assert stats.of_wave(db, wave_id).counts == {"skipped": 10}


def test_while_everything_is_stopped_no_part_comes(db, now):
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    halts.stop(db, reason="wrong number in the text", by=None, now=now)
    assert waves.open_on(db, GATEWAYS, now) == {}
    halts.lift(db, by=None, now=now)
    to_the_end(db, now)
    assert stats.of_wave(db, wave_id)["queued"] == 25


def test_where_the_gateway_is_missing_another_process_opens_on(db, now):
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    assert waves.open_on(db, {"outside": GATEWAYS["outside"]}, now) == {}
    assert waves.open_on(db, GATEWAYS, now) == {wave_id: 10}


def broken_for(wave_id):
    """What is called in each opening, and fails for one wave."""

    def fails(c, opening_id, queued):
        if opening_id == wave_id:
            raise RuntimeError("the queue is away")

    return fails


def test_one_that_cannot_be_opened_further_does_not_keep_the_others_waiting(db, now):
    broken = make.a_wave(db, count=25)
    sound = make.a_wave(db, list_ids=[make.a_list(db, "B", make.people(db, 25, first=500))])
    waves.open_due(db, GATEWAYS, now)
    with pytest.raises(RuntimeError):
        waves.open_on(db, GATEWAYS, now, broken_for(broken))
    assert [stats.of_wave(db, wave_id)["queued"] for wave_id in (broken, sound)] == [10, 20]
    assert waves.open_on(db, GATEWAYS, now) == {broken: 10, sound: 5}


def test_one_that_is_due_and_cannot_be_opened_does_not_keep_parts_of_others_waiting(db, now):
    sound = make.a_wave(db, count=15)
    rt = a_runtime(db, GATEWAYS)
    waves.open_due(db, GATEWAYS, now)
    broken = make.a_wave(db, list_ids=[make.a_list(db, "B", make.people(db, 5, first=500))])
    with pytest.raises(RuntimeError):
        parts.open_due(rt, STOP, broken_for(broken))
    assert is_open(db, sound) and stats.of_wave(db, sound)["queued"] == 15
    assert stats.of_wave(db, broken)["queued"] == 0


def test_a_wave_that_leaves_out_another_waits_until_that_one_is_wholly_open(db, now):
    list_id = make.a_list(db, "everybody", make.people(db, 25))
    first = make.a_wave(db, list_ids=[list_id])
    waves.open_due(db, GATEWAYS, now)
    second = make.a_wave(db, audience={"lists": [list_id], "except": {"waves": [first]}})
    assert waves.open_due(db, GATEWAYS, now) == {}
    to_the_end(db, now)
    to_the_end(db, now)
    assert stats.of_wave(db, second).counts == {"skipped": 25}


def test_a_comparison_is_opened_in_one_go(db, now):
    """A wording that was given up must not reach people who are looked up later."""
    wave_id = make.a_wave(db, count=400, ready=False)
    other = make.a_version(db, vi="Một câu khác.", vi_unaccented="Mot cau khac.", en="Other words.")
    experiments.plan(db, wave_id, **{**plan_of((other, "vi")), "now": now})
    waves.approve_by_machine(db, wave_id, now=now)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 400}
    assert is_open(db, wave_id)


# -- what was approved


@pytest.fixture
def approved(db, now):
    """A wave to 25 people of a list of which two officers have seen so many as can be reached."""

    def approved(list_id):
        with db.transaction() as c:
            two = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
            author, other = c.execute(insert(staff).returning(staff.c.id), two).scalars()
        wave_id = make.a_wave(db, list_ids=[list_id], ready=False, by=author)
        waves.preview(db, wave_id, GATEWAYS, now)
        digest = waves.submit(db, wave_id, by=author, now=now)
        waves.approve(db, wave_id, by=other, digest=digest, now=now)
        waves.schedule(db, wave_id, by=author, now=now)
        return wave_id

    return approved


def test_more_people_than_were_approved_are_noticed_before_the_first_part(db, now, approved):
    ids = make.people(db, 25)
    with db.transaction() as c:
        c.execute(update(contacts).where(contacts.c.id == ids[-1]).values(dead=True))
    wave_id = approved(make.a_list(db, "Yên Thành", ids))
    with db.transaction() as c:
        c.execute(update(contacts).values(dead=False))
    assert waves.open_due(db, GATEWAYS, now) == {}
    shown = waves.show(db, wave_id)
    assert (shown.wave.pause_reason, shown.figures.total) == ("approval-void", 0)


def test_people_who_come_onto_the_list_between_two_parts_are_not_more_than_were_approved(db, now, approved):
    ids = make.people(db, 25)
    later = make.people(db, 9, first=500)
    list_id = make.a_list(db, "Yên Thành", ids)
    wave_id = approved(list_id)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 10}
    with db.transaction() as c:
        rows = [{"list_id": list_id, "contact_id": id, "joined_at": now} for id in later]
        c.execute(insert(list_members), rows)
    to_the_end(db, now)
    shown = waves.show(db, wave_id)
    assert (shown.wave.status, shown.wave.pause_reason) == ("paused", "approval-void")
    assert shown.wave.opening_after is None and shown.figures["queued"] <= 25


# -- a copy of the database that was put back


def test_what_a_copy_had_not_opened_yet_is_asked_about_with_the_rest(db, now):
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    recall.hold(db, by=None, now=now)
    recall.go_on(db, optouts_entered=True, by=None, now=now)
    recall.ask(db, wave_id, by=None, now=now)
    assert recall.to_ask(db, GATEWAYS, now) == [], "fifteen people are not in it yet"
    assert waves.open_on(db, GATEWAYS, now) == {wave_id: 15}
    shown = waves.show(db, wave_id).wave
    assert (shown.status, shown.pause_reason, shown.opening_after) == ("paused", COPY_PUT_BACK, None)
    assert recall.to_ask(db, GATEWAYS, now) == [wave_id]


def test_two_processes_open_on_at_once(db, now):
    """On PostgreSQL the second finds the wave locked and goes on; nobody is in it twice either way."""
    if db.dialect == "sqlite":
        pytest.skip("SQLite has one writer")
    wave_id = make.a_wave(db, count=25)
    waves.open_due(db, GATEWAYS, now)
    with db.transaction() as c:
        locks.open_alone(c)
        assert opening._open_further(c, wave_id, GATEWAYS, now, None) == 10
        assert waves.open_on(db, GATEWAYS, now) == {}
    to_the_end(db, now)
    assert stats.of_wave(db, wave_id)["queued"] == 25
