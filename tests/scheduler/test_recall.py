"""A copy of the database is put back: nothing goes out by itself, who has the message is found out, people decide."""

import shutil
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from campaigns import deliveries, halts, recall, route_table, series, stats, waves, workers
from campaigns.model import COPY_PUT_BACK
from campaigns.recall import noticing
from db import backup
from db.engine import open_database
from db.tables import deliveries as rows
from db.tables import keepsakes, recalled_waves
from db.watermark import COPIED_AT, Watermark
from messages.errors import Mistake
from scheduler import dispatch, retry, tasks, trials
from scheduler.recall import ask_recalled
from sms.gateway import Found, Receipt, Whereabouts
from staff import accounts
from tests import make
from tests.campaigns.test_series import at, daily
from tests.conftest import SEAL
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
LATER = make.NOW + timedelta(hours=3)


class Lists(FakeGateway):
    """Finds a message as providers do: by number and words, among those since then; keys mean nothing to it."""

    def __init__(self, *args, **traits):
        super().__init__(*args, **traits)
        self.listed, self.down = [], False

    def take(self, outgoing):
        super().take(outgoing)
        self.listed.append((outgoing.to, outgoing.text))

    def find(self, outgoing, since):
        if self.down:
            raise OSError("out of reach")
        there = (outgoing.to, outgoing.text) in self.listed
        return Found(Whereabouts.THERE, f"there-{outgoing.to}") if there else Found(Whereabouts.NOT_THERE)


@pytest.fixture
def gateway():
    return Lists()


@pytest.fixture
def copied(db, tmp_path, request):
    """Copies the database as it is now: call it, then `put_back` on what it returns."""
    opened = []

    class Copy:
        def __init__(self):
            self.url = _copy_of(db, tmp_path, request)

        def put_back(self):
            opened.append(open_database(self.url, SEAL))
            return opened[-1]

    yield Copy
    for each in opened:
        each.close()


def _copy_of(db, tmp_path, request) -> str:
    db.engine.dispose()  # the log is written back, and PostgreSQL copies only what nobody uses
    if db.dialect == "sqlite":
        shutil.copy(db.engine.url.database, tmp_path / "copy.db")
        return f"sqlite:///{tmp_path / 'copy.db'}"
    name = f"{make_url(db.engine.url).database}_copy"
    server = request.getfixturevalue("postgres_template")
    request.addfinalizer(lambda: server.drop(name))
    return server.create(name, template=make_url(db.engine.url).database)


def runtime(db, gateway, tmp_path, now=LATER):
    return a_runtime(db, {"fake": gateway}, clock=lambda: now, DATA_DIR=str(tmp_path))


def mark(db, tmp_path) -> Watermark:
    return Watermark(db, tmp_path / "keys")


def send(db, gateway, now, most=None):
    """Opens what is due and sends `most` of it, or all."""
    rt = a_runtime(db, {"fake": gateway}, clock=lambda: now)
    waves.open_due(db, rt.gateways, now)
    for wave_id in waves.sending(db, rt.gateways, now).get("fake", ()):
        line = deliveries.line(db, wave_id, rt.gateways)
        dispatch.send(rt, [line], stop=STOP, most=most)
    waves.finish_done(db, now)


def everything(rt):
    """All tasks that could hand a message of a wave over."""
    for task in (tasks.open_due, tasks.open_series, tasks.send, tasks.reconcile, tasks.ask_recalled, trials.send_tests):
        task(rt, STOP)


def put_back_in_mid_wave(db, copied, gateway, tmp_path, *, count=40):
    """(the copy in place of the database, the wave): 10 sent before the copy, 15 after it."""
    mark(db, tmp_path).beat()
    wave_id = make.a_wave(db, count=count)
    send(db, gateway, make.NOW, most=10)
    copy = copied()
    mark(db, tmp_path).beat()
    send(db, gateway, make.NOW, most=15)
    assert sum(gateway.got.values()) == 25
    restored = copy.put_back()
    assert recall.notice(restored, mark(restored, tmp_path), LATER)
    return restored, wave_id


def test_nothing_goes_out_of_a_copy_until_somebody_looked(db, copied, gateway, tmp_path):
    restored, wave_id = put_back_in_mid_wave(db, copied, gateway, tmp_path)
    rt = runtime(restored, gateway, tmp_path)
    everything(rt)
    assert sum(gateway.got.values()) == 25
    assert halts.standing(restored).kind == halts.COPY
    assert waves.show(restored, wave_id).wave.pause_reason == COPY_PUT_BACK
    (held,) = recall.state(restored, rt.gateways).waves
    assert (held.status, held.stood, held.queued, held.past, held.can_find) == ("held", "sending", 30, True, True)
    for refused in (lambda: halts.lift(restored, by=None, now=LATER),
                    lambda: waves.resume(restored, wave_id, by=None, now=LATER),
                    lambda: recall.go_on(restored, optouts_entered=False, by=None, now=LATER)):
        with pytest.raises(Mistake, match="restored-"):
            refused()
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    everything(rt)
    assert sum(gateway.got.values()) == 25, "each wave waits for its own word"


def test_who_has_it_is_found_out_then_everybody_has_it_once(db, copied, gateway, tmp_path):
    restored, wave_id = put_back_in_mid_wave(db, copied, gateway, tmp_path)
    rt = runtime(restored, gateway, tmp_path)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    recall.ask(restored, wave_id, by=None, now=LATER)
    gateway.down = True
    assert ask_recalled(rt) == {}
    send(restored, gateway, LATER)
    assert sum(gateway.got.values()) == 25, "out of reach is no answer"
    gateway.down = False
    assert ask_recalled(rt) == {"accepted": 15, "done": 1}
    send(restored, gateway, LATER)
    assert (len(gateway.got), set(gateway.got.values())) == (40, {1})
    assert stats.of_wave(restored, wave_id).counts == {"accepted": 40}
    assert stats.faults(restored, wave_id) == {}
    assert waves.show(restored, wave_id).wave.status == "finished"
    assert not recall.state(restored, rt.gateways).of_matter


def test_messages_in_somebodys_hands_in_the_copy_are_asked_about_as_after_any_death(db, copied, gateway, tmp_path):
    wave_id = make.a_wave(db, count=20)
    gateways = {"fake": gateway}
    waves.open_due(db, gateways, make.NOW)
    line = deliveries.line(db, wave_id, gateways)
    claim = deliveries.claim(db, line, worker="gone", limit=20, now=make.NOW)
    mark(db, tmp_path).beat()
    copy = copied()
    mark(db, tmp_path).beat()
    for each in claim.rows[:12]:
        gateway.take(each.outgoing)
    restored = copy.put_back()
    recall.notice(restored, mark(restored, tmp_path), LATER)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    workers.leave(restored, "gone")
    rt = runtime(restored, gateway, tmp_path)
    assert retry.reconcile(rt) == {"accepted": 12, "queued": 8}
    recall.ask(restored, wave_id, by=None, now=LATER)
    ask_recalled(rt)
    send(restored, gateway, LATER)
    assert (len(gateway.got), set(gateway.got.values())) == (20, {1})


@pytest.mark.parametrize("send_to_them", [True, False])
def test_where_nobody_can_tell_a_person_decides(db, copied, tmp_path, send_to_them):
    gateway = FakeGateway(find=False)
    restored, wave_id = put_back_in_mid_wave(db, copied, gateway, tmp_path)
    rt = runtime(restored, gateway, tmp_path)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    recall.ask(restored, wave_id, by=None, now=LATER)
    assert ask_recalled(rt) == {"doubtful": 1}
    everything(rt)
    assert sum(gateway.got.values()) == 25
    (held,) = recall.state(restored, rt.gateways).waves
    assert (held.status, held.doubtful) == ("doubtful", 30)
    recall.decide(restored, wave_id, send=send_to_them, by=None, now=LATER)
    send(restored, gateway, LATER)
    assert stats.faults(restored, wave_id) == {}
    counts = stats.of_wave(restored, wave_id).counts
    assert {status: n for status, n in counts.items() if n} == (
        {"accepted": 40} if send_to_them else {"accepted": 10, "unknown": 30}
    )
    assert sum(gateway.got.values()) == (55 if send_to_them else 25)
    assert waves.show(restored, wave_id).wave.status == "finished"


@pytest.mark.parametrize("send_to_them", [True, False])
def test_of_some_the_gateway_cannot_tell(db, copied, gateway, tmp_path, send_to_them, monkeypatch):
    restored, wave_id = put_back_in_mid_wave(db, copied, gateway, tmp_path)
    unsure = sorted(gateway.got)[:3]
    plain = gateway.find
    monkeypatch.setattr(gateway, "find", lambda outgoing, since: (
        Found(Whereabouts.CANNOT_TELL) if outgoing.to[-1] == "7" else plain(outgoing, since)))
    rt = runtime(restored, gateway, tmp_path)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    recall.ask(restored, wave_id, by=None, now=LATER)
    assert ask_recalled(rt)["doubtful"] == 1 and unsure
    (held,) = recall.state(restored, rt.gateways).waves
    assert held.doubtful == 3
    recall.decide(restored, wave_id, send=send_to_them, by=None, now=LATER)
    send(restored, gateway, LATER)
    counts = {status: n for status, n in stats.of_wave(restored, wave_id).counts.items() if n}
    assert counts == ({"accepted": 40} if send_to_them else {"accepted": 37, "unknown": 3})
    assert stats.faults(restored, wave_id) == {}


def test_a_wave_that_was_opened_after_the_copy_is_asked_about_when_it_opens_again(db, copied, gateway, tmp_path):
    mark(db, tmp_path).beat()
    wave_id = make.a_wave(db, count=30, starts_at=make.NOW + timedelta(hours=1))
    draft = make.a_wave(db, count=5, ready=False)
    copy = copied()
    mark(db, tmp_path).beat()
    send(db, gateway, make.NOW + timedelta(hours=1), most=12)
    restored = copy.put_back()
    recall.notice(restored, mark(restored, tmp_path), LATER)
    rt = runtime(restored, gateway, tmp_path)
    by_id = {each.wave_id: each for each in recall.state(restored, rt.gateways).waves}
    assert (by_id[wave_id].stood, by_id[wave_id].past, by_id[wave_id].status) == ("scheduled", True, "held")
    assert by_id[draft].status == "asking", "should it be sent one day, it is asked about first"
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    recall.ask(restored, wave_id, by=None, now=LATER)
    everything(rt)
    assert (sum(gateway.got.values()), waves.show(restored, wave_id).wave.status) in ((12, "sending"), (12, "paused"))
    everything(rt)
    waves.finish_done(restored, LATER)
    assert (len(gateway.got), set(gateway.got.values())) == (30, {1})
    assert stats.faults(restored, wave_id) == {}


def test_ids_of_before_are_never_given_to_another_message(db, copied, gateway, tmp_path):
    """The receipt of a message that the copy does not know must not speak of somebody else."""
    make.a_wave(db, count=3)
    send(db, gateway, make.NOW)
    mark(db, tmp_path).beat()
    copy = copied()
    mark(db, tmp_path).beat()
    lost = make.a_wave(db, count=4)
    send(db, gateway, make.NOW)
    with db.reading() as c:
        ids = set(c.execute(select(rows.c.id).where(rows.c.wave_id == lost)).scalars())
    restored = copy.put_back()
    recall.notice(restored, mark(restored, tmp_path), LATER)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    other = make.a_wave(restored, count=4)
    waves.open_due(restored, {"fake": gateway}, LATER)
    with restored.reading() as c:
        new = set(c.execute(select(rows.c.id).where(rows.c.wave_id == other)).scalars())
    assert len(new) == 4 and not new & ids
    assert stats.faults(restored, other) == {}
    late = [Receipt(f"late-{n}", "delivered", key=str(n)) for n in ids]
    runtime(restored, gateway, tmp_path).receipts.take("fake", late, LATER)
    deliveries.apply_receipts(restored, LATER)
    assert stats.of_wave(restored, other).counts == {"queued": 4}
    again = make.a_wave(restored, count=2)
    waves.open_due(restored, {"fake": gateway}, LATER)
    with restored.reading() as c:
        assert c.execute(select(func.min(rows.c.id)).where(rows.c.wave_id == again)).scalar_one() > max(new)


def test_a_series_rests_too_and_leaves_out_what_is_past(db, copied, gateway, tmp_path):
    list_id = make.a_list(db, "người mới", make.people(db, 3))
    series_id = make_running(db, list_id)
    mark(db, tmp_path).beat()
    copy = copied()
    mark(db, tmp_path).beat()
    restored = copy.put_back()
    noon = at("02T12:00")
    recall.notice(restored, mark(restored, tmp_path), noon)
    rt = runtime(restored, gateway, tmp_path, noon)
    recall.go_on(restored, optouts_entered=True, by=None, now=noon)
    everything(rt)
    found = series.show(restored, series_id).series
    assert (found.status, found.pause_reason) == ("paused", COPY_PUT_BACK)
    series.resume(restored, series_id, by=None, now=noon)
    everything(rt)
    assert not gateway.got, "this morning's went out, or never will"


def make_running(db, list_id):
    for name in ("lan", "minh"):
        accounts.add(db, email=f"{name}@an-lo.example", role="officer", now=make.NOW)
    series_id = series.plan(
        db, name="Nhắc giấy tờ", version_id=make.a_version(db), audience={"lists": [list_id]}, gateway="fake",
        table=daily(), most_people=100, by=1, now=make.NOW,
    )  # fmt: skip
    digest = series.submit(db, series_id, by=1, now=make.NOW)
    series.approve(db, series_id, by=2, digest=digest, now=make.NOW)
    return series_id


def test_a_database_that_is_as_new_as_it_was_is_no_copy(db, tmp_path):
    first, second = mark(db, tmp_path), mark(db, tmp_path)
    for _ in range(3):
        assert first.beat() and second.beat()
        assert not first.went_back()
    assert not recall.notice(db, mark(db, tmp_path), LATER)
    assert halts.standing(db) is None


def test_two_machines_with_files_of_their_own_notice_a_copy_once(db, copied, gateway, tmp_path):
    here, there = Watermark(db, tmp_path / "a"), Watermark(db, tmp_path / "b")
    here.beat()
    there.beat()
    copy = copied()
    for _ in range(3):
        there.beat()
        here.beat()
    restored = copy.put_back()
    assert recall.notice(restored, Watermark(restored, tmp_path / "b"), LATER)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    assert not recall.notice(restored, Watermark(restored, tmp_path / "a"), LATER)
    assert Watermark(restored, tmp_path / "a").beat()


def test_a_running_process_notices_too(db, copied, gateway, tmp_path):
    mark(db, tmp_path).beat()
    copy = copied()
    mark(db, tmp_path).beat()
    restored = copy.put_back()
    noticing.beat(restored, mark(restored, tmp_path), LATER)
    assert halts.standing(restored).kind == halts.COPY


def test_a_copy_says_itself_that_it_is_one_wherever_it_is_put(sqlite_db, tmp_path):
    wave_id = make.a_wave(sqlite_db, count=3)
    backup.backup(sqlite_db, tmp_path / "backup.db", make.NOW)
    elsewhere = open_database(f"sqlite:///{tmp_path / 'backup.db'}", SEAL)
    assert recall.notice(elsewhere, Watermark(elsewhere, tmp_path / "another machine"), LATER)
    with elsewhere.reading() as c:
        found = c.execute(select(recalled_waves)).one()
        assert c.execute(select(keepsakes).where(keepsakes.c.name == COPIED_AT)).first() is None
    assert (found.wave_id, found.copied_at) == (wave_id, make.NOW)
    elsewhere.close()


def test_by_hand_for_a_whole_machine_that_was_put_back(db, gateway, tmp_path):
    wave_id = make.a_wave(db, count=3)
    recall.hold(db, by=None, now=LATER)
    everything(runtime(db, gateway, tmp_path))
    assert not gateway.got
    assert [each.wave_id for each in recall.state(db, {"fake": gateway}).waves] == [wave_id]




def test_a_wave_of_many_gateways_is_asked_about_at_all_of_them(db, copied, tmp_path):
    """Each message went through whichever it fell to then: not there is only what none of them has."""
    gateways = {"a": Lists("a"), "b": Lists("b"), "c": Lists("c")}
    for name in gateways:
        route_table.put(db, position=1, gateway=name, known=gateways, by=None, now=make.NOW)
    mark(db, tmp_path).beat()
    wave_id = make.a_wave(db, count=60, gateway="routes")
    waves.open_due(db, gateways, make.NOW)
    copy = copied()
    mark(db, tmp_path).beat()
    rt = a_runtime(db, gateways, clock=lambda: make.NOW)
    for line in deliveries.lines(db, wave_id, gateways, make.NOW):
        dispatch.send(rt, [line], stop=STOP, most=9)
    sent = sum(sum(each.got.values()) for each in gateways.values())
    assert sum(bool(each.got) for each in gateways.values()) > 1, "more than one has some"
    restored = copy.put_back()
    recall.notice(restored, mark(restored, tmp_path), LATER)
    recall.go_on(restored, optouts_entered=True, by=None, now=LATER)
    recall.ask(restored, wave_id, by=None, now=LATER)
    rt = a_runtime(restored, gateways, clock=lambda: LATER)
    gateways["b"].down = True
    assert "done" not in ask_recalled(rt), "one of them could not be asked"
    gateways["b"].down = False
    assert ask_recalled(rt)["done"] == 1
    assert stats.of_wave(restored, wave_id)["accepted"] == sent
    for line in deliveries.lines(restored, wave_id, gateways, LATER):
        dispatch.send(rt, [line], stop=STOP)
    together = sum((each.got for each in gateways.values()), Counter())
    assert (len(together), set(together.values())) == (60, {1})
    assert stats.faults(restored, wave_id) == {}
