"""Waves through SpeedSMS: a hundred people a call, few calls a minute; everybody gets it once, whatever it answers."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns import deliveries, stats, waves
from db.tables import contacts
from db.tables import deliveries as rows
from scheduler import dispatch, retry
from tests import make
from tests.contracts.speedsms_row import a_gateway, called
from tests.scheduler.make_rt import a_runtime
from tests.servers import speedsms
from tests.servers.speedsms import Step

#: Fast enough for a test: a call each 20 ms.
CALLS = 3000


class House:
    """A wave, the gateway and the server that speaks SpeedSMS. The clock runs on; `later` moves it."""

    def __init__(self, db, server, *, calls=CALLS, count=0, **wave):
        self.db, self.fake = db, server.fake
        self._begun, self._ahead = time.monotonic(), timedelta()
        self.gateway = a_gateway(server.url, calls_per_minute=calls)
        self.rt = a_runtime(db, {"speedsms": self.gateway}, clock=self.clock)
        if count:  # their numbers are make.number(1) and on
            wave["list_ids"] = [make.a_list(db, "list", make.people(db, count))]
        self.wave_id = make.a_wave(db, gateway="speedsms", **wave)
        waves.open_due(db, self.rt.gateways, self.clock())

    def clock(self):
        return make.NOW + self._ahead + timedelta(seconds=time.monotonic() - self._begun)

    def later(self, seconds):
        self._ahead += timedelta(seconds=seconds)

    def send(self, **limits):
        line = deliveries.line(self.db, self.wave_id, self.rt.gateways)
        dispatch.send(self.rt, [line], stop=threading.Event(), **limits)
        return self.counts()

    def counts(self):
        assert stats.faults(self.db, self.wave_id) == {}
        return {status: n for status, n in stats.of_wave(self.db, self.wave_id).counts.items() if n}

    def sizes(self):
        return self.fake.counts()["sizes"]

    def once(self, count):
        counts = self.fake.counts()
        return counts["messages"] == len(counts["by_to"]) == count and counts["twice"] == {}


@pytest.fixture
def server():
    with speedsms.serve(calls_allowed=10_000) as server:
        yield server


@pytest.fixture
def house(server):
    """Makes one; its gateway is closed at the end."""
    made = []

    def house(db, **given):
        made.append(House(db, server, **given))
        return made[-1]

    yield house
    for each in made:
        each.gateway.close()


def test_250_people_are_three_calls(db, house):
    wave = house(db, count=250)
    assert wave.send() == {"accepted": 250}
    assert wave.sizes() == {"50": 1, "100": 2}
    assert wave.once(250)
    assert waves.finish_done(db, wave.clock()) == [wave.wave_id]


def test_two_texts_are_not_mixed_and_calls_stay_full(sqlite_db, house):
    people = [make.people(sqlite_db, 1, first=n, language="en" if n % 5 == 0 else "vi")[0] for n in range(1, 301)]
    wave = house(sqlite_db, list_ids=[make.a_list(sqlite_db, "l", people)])
    assert wave.send() == {"accepted": 300}
    assert wave.once(300)
    texts = {make.number(n): make.EN if n % 5 == 0 else make.VI for n in range(1, 301)}
    assert {number: wave.fake.kept(number) for number in texts} == {number: [text] for number, text in texts.items()}
    assert sum(wave.sizes().values()) <= 5, "240 and 60 people: four calls, or one more where a claim ended"


def test_own_words_for_everybody_are_a_call_each(sqlite_db, house):
    version = make.a_version(sqlite_db, vi="Chào {{ten}}.", vi_unaccented="Chao {{ten}}.")
    sealed = [sqlite_db.seal.seal(f'{{"ten": "Lan {n}"}}', "contacts.fields") for n in range(12)]
    people = [make.people(sqlite_db, 1, first=n + 1, fields_sealed=each)[0] for n, each in enumerate(sealed)]
    wave = house(sqlite_db, list_ids=[make.a_list(sqlite_db, "l", people)], version_id=version)
    assert wave.send() == {"accepted": 12}
    assert wave.sizes() == {"1": 12}
    assert wave.fake.kept(make.number(3)) == ["Chào Lan 2."]


def test_numbers_that_are_left_out_fail_alone(db, house):
    wave = house(db, count=120)
    wave.fake.invalid |= {make.number(7)[1:], make.number(110)[1:]}
    assert wave.send() == {"accepted": 118, "failed": 2}
    assert stats.of_wave(db, wave.wave_id).reasons["failed"] == {"number-invalid": 2}
    with db.reading() as c:
        dead = c.execute(select(contacts.c.id).where(contacts.c.dead)).all()
    assert len(dead) == 2
    assert wave.once(118)


def test_a_number_that_spoils_its_call_is_found_and_nobody_else_suffers(db, house):
    wave = house(db, count=100)
    wave.fake.spoiling.add(make.number(42)[1:])
    assert wave.send() == {"accepted": 99, "failed": 1}
    assert stats.of_wave(db, wave.wave_id).reasons["failed"] == {"number-invalid": 1}
    assert wave.once(99)
    assert len(wave.fake.calls) <= 15, "a call halved seven times"
    with db.reading() as c:
        assert set(c.execute(select(rows.c.attempts)).scalars()) == {1}


def test_when_every_number_spoils_its_call_it_comes_to_an_end(sqlite_db, house):
    wave = house(sqlite_db, count=40, failure_limit=100)
    wave.fake.spoiling |= {make.number(n)[1:] for n in range(1, 41)}
    assert wave.send() == {"failed": 40}
    assert len(wave.fake.calls) == 79


def test_a_lost_answer_of_a_full_call_leaves_a_hundred_unknown_and_none_is_sent_again(db, house):
    wave = house(db, count=150)
    wave.fake.script(Step(close=True, keep=True))
    assert wave.send() == {"accepted": 50, "sending": 100}
    retry.reconcile(wave.rt, wave_ids=[wave.wave_id])
    assert wave.counts() == {"accepted": 50, "unknown": 100}
    assert wave.send() == {"accepted": 50, "unknown": 100}
    assert wave.once(150)
    assert waves.finish_done(db, wave.clock()) == [wave.wave_id]


def test_an_internal_error_is_not_tried_again_though_it_says_so(sqlite_db, house):
    wave = house(sqlite_db, count=10)
    wave.fake.script(Step("500", keep=True))
    wave.send()
    retry.reconcile(wave.rt, wave_ids=[wave.wave_id])
    assert wave.send() == {"unknown": 10}
    assert wave.once(10)


def test_too_many_calls_let_everything_rest_and_then_all_go_once(db, house):
    wave = house(db, count=450, calls=60)
    wave.fake.script(Step(), Step(status=429, body="{}", reset="30"))
    counts = wave.send()
    assert (counts["accepted"], counts["queued"]) == (100, 350), "what waited for its call was given back"
    assert len(wave.fake.calls) <= 3
    assert waves.sending(db, wave.rt.gateways, wave.clock()) == {}
    wave.later(120)
    while wave.send().get("queued"):
        wave.later(120)
    assert wave.counts() == {"accepted": 450}
    assert wave.once(450)


def test_the_limit_of_the_provider_is_never_reached(sqlite_db):
    """Two senders share what is allowed; the server counts, in tenths of the real time: a busy machine may be late."""
    with speedsms.serve(calls_allowed=60, within=6.0) as server:
        wave = House(sqlite_db, server, calls=600, count=7000)
        line = deliveries.line(sqlite_db, wave.wave_id, wave.rt.gateways)
        flows = [
            threading.Thread(target=dispatch.send, args=(wave.rt, [line]), kwargs={"stop": threading.Event()})
            for _ in range(2)
        ]
        for flow in flows:
            flow.start()
        for flow in flows:
            flow.join()
        assert wave.counts() == {"accepted": 7000}
        assert (wave.fake.too_many, wave.once(7000)) == (0, True)
        wave.gateway.close()


def test_wrong_settings_stop_everything_and_lose_nothing(db, house):
    wave = house(db, count=300)
    wave.fake.script(Step("300"))
    counts = wave.send()
    assert counts["queued"] == 300 - counts.get("accepted", 0) > 0
    assert waves.show(db, wave.wave_id).wave.pause_reason == "balance"
    waves.resume(db, wave.wave_id, by=None, now=wave.clock())
    assert wave.send() == {"accepted": 300}
    assert wave.once(300)


def test_a_pause_takes_back_what_waits_for_its_call(sqlite_db, house):
    wave = house(sqlite_db, count=1000, calls=60)
    how = {"reason": "", "by": None, "now": wave.clock()}
    timer = threading.Timer(1.5, waves.pause, (sqlite_db, wave.wave_id), how)
    timer.start()
    begun = time.monotonic()
    counts = wave.send()
    assert time.monotonic() - begun < 3.5
    assert counts["accepted"] <= 300 and counts["accepted"] + counts["queued"] == 1000
    assert wave.once(counts["accepted"])


def test_reports_come_home(db, house):
    wave = house(db, count=120)
    wave.send()
    for n, body in enumerate(wave.fake.reports()):
        receipts = wave.gateway.read_receipts(called(body.replace(b'"status": 0', b'"status": 64') if n % 3 else body))
        wave.rt.receipts.take("speedsms", receipts, wave.clock())
    deliveries.apply_receipts(db, wave.clock())
    assert wave.counts() == {"delivered": 40, "undelivered": 80}


def test_who_dies_leaves_little_of_which_nobody_can_tell(sqlite_db, house):
    """One call on its way and one about to be made, whatever the wave's size."""
    wave, most, over = house(sqlite_db, count=900, calls=120), [], threading.Event()

    def watch():
        while not over.wait(0.05):
            most.append(stats.of_wave(sqlite_db, wave.wave_id)["sending"])

    watcher = threading.Thread(target=watch)
    watcher.start()
    wave.send(seconds=2)
    over.set()
    watcher.join()
    assert 0 < max(most) <= 200
