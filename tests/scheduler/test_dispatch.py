"""The flow of a wave through a gateway that we can slow down, break and count."""

import threading
import time
from collections import Counter
from datetime import timedelta
from math import inf

import pytest
from sqlalchemy import func, select

from campaigns import deliveries, prices, spending, stats, waves, workers
from db.tables import deliveries as rows
from db.tables import workers as worker_rows
from scheduler import dispatch, senders
from sms import last_look
from sms.gateway import Outcome
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime


def sent(db, gateway, now, *, count=50, stop=None, seconds=None, most=None, **plan):
    """(what dispatch.send returned, the wave's id) of a wave sent through `gateway`."""
    rt = a_runtime(db, {"fake": gateway}, clock=lambda: now)
    wave_id = make.a_wave(db, count=count, **plan)
    waves.open_due(db, rt.gateways, now)
    line = deliveries.line(db, wave_id, rt.gateways)
    counts = dispatch.send(rt, [line], stop=stop or threading.Event(), seconds=seconds, most=most)
    assert stats.faults(db, wave_id) == {}
    return counts, wave_id


def test_everybody_gets_it_once(db, now):
    gateway = FakeGateway()
    counts, wave_id = sent(db, gateway, now, count=1200)
    assert counts == {"accepted": 1200, "handed": 1200}
    assert len(gateway.got) == 1200
    assert set(gateway.got.values()) == {1}
    assert waves.finish_done(db, now) == [wave_id]


@pytest.mark.parametrize("per_call", [1, 7, 100])
def test_as_many_in_a_call_as_the_gateway_takes(sqlite_db, now, per_call):
    sizes = Counter()

    class Batches(FakeGateway):
        def send(self, batch):
            sizes[len(batch)] += 1
            return super().send(batch)

    gateway = Batches(recipients_per_call=per_call, concurrency=2)
    sent(sqlite_db, gateway, now, count=230)
    assert max(sizes) <= per_call
    assert sum(size * n for size, n in sizes.items()) == 230


def test_several_waves_go_in_turn(db, now):
    order = []
    gateway = FakeGateway(concurrency=1, answer=lambda outgoing: order.append(outgoing.text))
    rt = a_runtime(db, {"fake": gateway})
    ids = [make.a_wave(db, count=40, version_id=make.a_version(db, vi=text)) for text in ("một", "hai")]
    waves.open_due(db, rt.gateways, now)
    lines = [deliveries.line(db, wave_id, rt.gateways) for wave_id in ids]
    dispatch.send(rt, lines, stop=threading.Event())
    assert Counter(order) == {"một": 40, "hai": 40}
    assert len(set(order[:30])) == 2


def test_an_adapter_that_raises_is_an_unknown_outcome(sqlite_db, now):
    def answer(outgoing):
        raise ConnectionResetError

    counts, wave_id = sent(sqlite_db, FakeGateway(answer=answer), now, count=3)
    assert counts["sending"] == 3
    assert stats.of_wave(sqlite_db, wave_id).counts == {"sending": 3}


def test_an_adapter_that_answers_too_little_is_not_believed(sqlite_db, now):
    class Short(FakeGateway):
        def send(self, batch):
            return super().send(batch)[:-1]

    _, wave_id = sent(sqlite_db, Short(recipients_per_call=5), now, count=5)
    assert stats.of_wave(sqlite_db, wave_id).counts == {"sending": 5}


def test_what_is_to_be_tried_again_soon_is_tried_in_the_same_run(sqlite_db):
    tries = Counter()

    def answer(outgoing):
        tries[outgoing.key] += 1
        return Outcome.refused("gateway-trouble") if tries[outgoing.key] == 1 else None

    started = time.time()
    gateway = FakeGateway(answer=answer)
    rt = a_runtime(sqlite_db, {"fake": gateway}, clock=lambda: make.NOW + timedelta(seconds=time.time() - started))
    wave_id = make.a_wave(sqlite_db, count=3)
    waves.open_due(sqlite_db, rt.gateways, rt.clock())
    dispatch.send(rt, [deliveries.line(sqlite_db, wave_id, rt.gateways)], stop=threading.Event())
    assert stats.of_wave(sqlite_db, wave_id).counts == {"accepted": 3}
    assert set(tries.values()) == {2}


def test_no_more_than_asked_for(sqlite_db, now):
    counts, wave_id = sent(sqlite_db, FakeGateway(), now, count=30, most=11)
    assert counts == {"accepted": 11, "handed": 11}
    assert stats.of_wave(sqlite_db, wave_id)["queued"] == 19


class Slow(FakeGateway):
    def __init__(self, seconds: float, **traits):
        super().__init__(**traits)
        self.seconds, self.last = seconds, 0.0

    def send(self, batch):
        time.sleep(self.seconds)
        self.last = time.monotonic()
        return super().send(batch)


def test_a_pause_takes_effect_within_two_seconds(db, now):
    gateway, paused = Slow(0.05, concurrency=8), []
    rt = a_runtime(db, {"fake": gateway})
    wave_id = make.a_wave(db, count=1500)
    waves.open_due(db, rt.gateways, now)

    def pause():
        waves.pause(db, wave_id, reason="", by=None, now=now)
        paused.append(time.monotonic())

    timer = threading.Timer(1.0, pause)
    timer.start()
    dispatch.send(rt, [deliveries.line(db, wave_id, rt.gateways)], stop=threading.Event())
    timer.join()
    assert gateway.last - paused[0] < 2
    figures = stats.of_wave(db, wave_id)
    assert figures["sending"] == 0
    assert 0 < figures["accepted"] < 1500
    assert figures["accepted"] == sum(gateway.got.values())


def test_people_abroad_get_it_when_their_own_day_begins(db, now):
    gateway, moment = FakeGateway(), [now]
    rt = a_runtime(db, {"fake": gateway}, clock=lambda: moment[0])
    people = [*make.people(db, 20, country="GB"), *make.people(db, 30, first=100)]
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", people)])
    waves.open_due(db, rt.gateways, now)
    line = deliveries.line(db, wave_id, rt.gateways)
    assert dispatch.send(rt, [line], stop=threading.Event()) == {"accepted": 30, "handed": 30}
    moment[0] = now.replace(hour=7)  # 14:00 in Vinh, 07:00 in London
    assert dispatch.send(rt, [line], stop=threading.Event()) == {"accepted": 20, "handed": 20}
    assert waves.finish_done(db, moment[0]) == [wave_id]


def test_what_is_claimed_abroad_is_not_handed_over_after_their_day_has_ended(db, now):
    evening, begun = now.replace(hour=21, minute=59, second=59), inf  # the clock stands until the wave is open
    gateway = Slow(0.05, concurrency=2)
    rt = a_runtime(db, {"fake": gateway}, clock=lambda: evening + timedelta(seconds=max(time.monotonic() - begun, 0)))
    list_id = make.a_list(db, "l", make.people(db, 400, country="GB"))
    wave_id = make.a_wave(db, list_ids=[list_id])
    waves.open_due(db, rt.gateways, now.replace(hour=12))
    begun = time.monotonic()
    dispatch.send(rt, [deliveries.line(db, wave_id, rt.gateways)], stop=threading.Event())
    figures = stats.of_wave(db, wave_id)
    assert gateway.last - begun < 3
    assert (figures["sending"], figures["accepted"]) == (0, sum(gateway.got.values()))
    assert 0 < figures["accepted"] < 400


def test_two_flows_stop_at_the_budget(db, now):
    prices.put(db, gateway="fake", vnd_per_segment=100, valid_from=now.date(), by=None, now=now)
    gateway = FakeGateway()
    rt = a_runtime(db, {"fake": gateway})
    wave_id = make.a_wave(db, count=600, budget_vnd=35_050)
    waves.open_due(db, rt.gateways, now)
    flows = Together()
    for _ in range(2):
        line = deliveries.line(db, wave_id, rt.gateways)
        flows.start(lambda line: dispatch.send(rt, [line], stop=threading.Event(), seconds=20), line)
    flows.join()
    assert flows.errors == []
    while waves.show(db, wave_id).wave.status == "sending":  # one flow's last answers may have come after the other
        dispatch.send(rt, [line], stop=threading.Event(), seconds=5)
    assert sum(gateway.got.values()) == 350
    assert spending.of_wave(db, wave_id, now).vnd == 35_000
    assert waves.show(db, wave_id).wave.pause_reason == "budget-used"
    assert stats.faults(db, wave_id) == {}


def test_a_stop_gives_back_what_was_not_handed_over(sqlite_db, now):
    stop, gateway = threading.Event(), Slow(0.1, concurrency=2)
    threading.Timer(0.5, stop.set).start()
    begun = time.monotonic()
    _, wave_id = sent(sqlite_db, gateway, now, count=200, stop=stop)
    assert time.monotonic() - begun < 6, "all of them would take ten seconds"
    figures = stats.of_wave(sqlite_db, wave_id)
    assert (figures["sending"], figures["accepted"]) == (0, sum(gateway.got.values()))
    with sqlite_db.reading() as c:
        assert c.execute(select(func.count()).select_from(worker_rows)).scalar_one() == 0


def test_when_its_time_is_up_what_is_claimed_still_goes_out(sqlite_db, now, monkeypatch):
    monkeypatch.setattr(deliveries, "release", lambda *_, **__: pytest.fail("given back"))
    gateway = Slow(0.02, concurrency=2)
    counts, wave_id = sent(sqlite_db, gateway, now, count=400, seconds=0.3)
    figures = stats.of_wave(sqlite_db, wave_id)
    assert (figures["sending"], figures["accepted"]) == (0, counts["handed"])
    assert 0 < counts["handed"] < 400


def test_a_claim_that_grew_old_is_not_handed_over(sqlite_db, now, monkeypatch):
    """As if the process had been frozen: by now somebody may think it dead."""
    monkeypatch.setattr(workers, "CLAIM_SECONDS", -1.0)
    gateway = FakeGateway()
    counts, wave_id = sent(sqlite_db, gateway, now, count=5, seconds=0.5)
    assert (gateway.got, counts["handed"]) == ({}, 0)
    assert stats.of_wave(sqlite_db, wave_id).counts == {"queued": 5}


def test_a_frozen_process_lets_go_of_what_it_had_not_handed_over_yet(sqlite_db, now, monkeypatch):
    real, ahead = workers.uptime, [0.0]
    monkeypatch.setattr(senders, "uptime", lambda: real() + ahead[0])

    def answer(outgoing):
        ahead[0] = 60.0  # frozen for a minute during the first call

    gateway = FakeGateway(concurrency=1, answer=answer)
    _, wave_id = sent(sqlite_db, gateway, now, count=20, seconds=0.3)
    assert sum(gateway.got.values()) == 1
    assert stats.of_wave(sqlite_db, wave_id).counts == {"accepted": 1, "queued": 19}


def test_a_process_frozen_on_its_way_to_the_socket_does_not_send_what_others_send_meanwhile(
    sqlite_db, now, monkeypatch
):
    real, ahead = workers.uptime, [0.0]
    monkeypatch.setattr(senders, "uptime", lambda: real() + ahead[0])

    def answer(outgoing):
        ahead[0] = 60.0
        last_look.look()  # as every wire does, right before the first byte

    gateway = FakeGateway(concurrency=1, answer=answer)
    counts, wave_id = sent(sqlite_db, gateway, now, count=3, seconds=0.3)
    assert counts["handed"] == 0
    assert stats.of_wave(sqlite_db, wave_id).counts == {"queued": 3}


def test_the_rate_of_the_contract_is_kept(sqlite_db):
    started = time.monotonic()
    gateway = FakeGateway(rate=40.0)
    rt = a_runtime(sqlite_db, {"fake": gateway}, clock=lambda: make.NOW + timedelta(seconds=time.monotonic() - started))
    wave_id = make.a_wave(sqlite_db, count=100)
    waves.open_due(sqlite_db, rt.gateways, rt.clock())
    begun = time.monotonic()
    dispatch.send(rt, [deliveries.line(sqlite_db, wave_id, rt.gateways)], stop=threading.Event())
    seconds = time.monotonic() - begun
    assert sum(gateway.got.values()) == 100
    assert 60 / 40 * 0.95 < seconds < 6  # the bucket's first second is full


def test_a_write_that_fails_leaves_the_rows_to_reconciliation(sqlite_db, now, monkeypatch):
    def fails(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(deliveries, "record", fails)
    gateway = FakeGateway()
    rt = a_runtime(sqlite_db, {"fake": gateway})
    wave_id = make.a_wave(sqlite_db, count=5)
    waves.open_due(sqlite_db, rt.gateways, now)
    line = deliveries.line(sqlite_db, wave_id, rt.gateways)
    with pytest.raises(OSError, match="disk full"):
        dispatch.send(rt, [line], stop=threading.Event())
    with sqlite_db.reading() as c:
        holders = set(c.execute(select(rows.c.worker).where(rows.c.status == "sending")).scalars())
    [name] = holders
    assert name.startswith("test/")
    assert sum(gateway.got.values()) == 5


class Together:
    """Runs things in threads at once and keeps what went wrong."""

    def __init__(self):
        self.errors, self._threads = [], []

    def start(self, work, *args):
        thread = threading.Thread(target=self._safely, args=(work, *args))
        self._threads.append(thread)
        thread.start()

    def _safely(self, work, *args):
        try:
            work(*args)
        except Exception as error:  # whatever it is, the test shows it
            self.errors.append(error)

    def join(self):
        for thread in self._threads:
            thread.join()


def test_threads_that_write_and_a_reader_never_meet_a_locked_database(sqlite_db, now):
    """Two senders and an importer write, a page reads: nobody ever hears "database is locked"."""
    gateways = {name: FakeGateway(name) for name in ("one", "two")}
    rt = a_runtime(sqlite_db, gateways)
    ids = [make.a_wave(sqlite_db, count=800, gateway=name) for name in gateways]
    waves.open_due(sqlite_db, gateways, now)
    over, reads, writers, readers = threading.Event(), [], Together(), Together()

    def read():
        while not over.is_set():
            reads.append(sum(figures.total for _, figures in waves.all(sqlite_db)))

    def write():
        for n in range(30):
            make.people(sqlite_db, 20, first=9_000_000 + n * 20)

    readers.start(read)
    writers.start(write)
    for wave_id in ids:
        writers.start(lambda line: dispatch.send(rt, [line], stop=over), deliveries.line(sqlite_db, wave_id, gateways))
    writers.join()
    over.set()
    readers.join()
    assert writers.errors == readers.errors == []
    assert set(reads) == {1600}
    assert [len(gateway.got) for gateway in gateways.values()] == [800, 800]
