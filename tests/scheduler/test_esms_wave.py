"""A wave through eSMS: answers get lost, money runs out, callbacks come as they like; everybody gets it once."""

import random
import threading
from datetime import timedelta

import pytest

from campaigns import deliveries, pacing, stats, waves
from scheduler import dispatch, retry
from tests import make
from tests.contracts.esms_row import a_gateway, called
from tests.scheduler.make_rt import a_runtime
from tests.servers import esms
from tests.servers.esms import Step
from tests.servers.esms_callbacks import fields

COUNT = 24
PEOPLE = [make.number(n) for n in range(1, COUNT + 1)]
LOST = Step(close=True)
LOST_BUT_KEPT = Step(close=True, keep=True)
BROKEN = Step(status=500, body="<html>Runtime Error</html>")
BROKEN_BUT_KEPT = Step(status=500, body="<html>Runtime Error</html>", keep=True)


class House:
    """A wave, the gateway and the server that speaks eSMS, under one clock."""

    def __init__(self, db, now, server, **gateway):
        self.db, self.now, self.fake = db, now, server.fake
        server.fake.clock = lambda: self.now
        self.gateway = a_gateway(server.url, clock=lambda: self.now.timestamp(), **gateway)
        self.rt = a_runtime(db, {"esms": self.gateway}, clock=lambda: self.now)
        list_ids = [make.a_list(db, "everybody", make.people(db, COUNT))]
        self.wave_id = make.a_wave(db, list_ids=list_ids, gateway="esms")
        waves.open_due(db, self.rt.gateways, now)

    def works(self, seconds: float = 120) -> dict:
        """Sends, lets `seconds` pass, asks about what nobody knows, waits until what goes again may go; how many stand
        where."""
        dispatch.send(self.rt, [deliveries.line(self.db, self.wave_id, self.rt.gateways)], stop=threading.Event())
        self.now += timedelta(seconds=seconds)
        retry.reconcile(self.rt, wave_ids=[self.wave_id])
        self.now += timedelta(seconds=pacing.LONGEST_WAIT)
        assert stats.faults(self.db, self.wave_id) == {}
        return stats.of_wave(self.db, self.wave_id).counts

    def works_until(self, counts: dict, rounds: int = 12) -> None:
        assert any(self.works() == counts for _ in range(rounds)), stats.of_wave(self.db, self.wave_id).counts

    def reported(self, *reports) -> list:
        """The callbacks of every message the server has, each of `reports` by number of the message."""
        messages = self.fake.by_id.values()
        return [called(fields(message, *reports[n % len(reports)])) for n, message in enumerate(messages)]

    def hears(self, calls) -> None:
        for call in calls:
            self.rt.receipts.take("esms", self.gateway.read_receipts(call), self.now)
        deliveries.apply_receipts(self.db, self.now)

    def everybody_once(self) -> bool:
        return self.fake.counts()["by_to"] == dict.fromkeys(PEOPLE, 1)


@pytest.fixture
def server():
    with esms.serve() as server:
        yield server


@pytest.fixture
def house(db, now, server):
    house = House(db, now, server)
    yield house
    house.gateway.close()


def test_lost_answers_and_errors_end_with_everybody_sent_to_once(house):
    troubles = [LOST, LOST_BUT_KEPT, BROKEN, BROKEN_BUT_KEPT]
    for n, number in enumerate(PEOPLE):
        house.fake.script(number, *(troubles[(n + k) % 4] for k in range(n % 4)))
    house.works_until({"accepted": COUNT})
    assert house.everybody_once()
    assert sum(house.fake.repeats.values()) > COUNT // 4, "some were refused as repeats"


def test_when_the_money_is_back_those_who_were_refused_get_it_too(house):
    """Their RequestIds are used up: the same ones again would look as if eSMS had the message."""
    house.fake.balance = 9
    assert house.works() == {"accepted": 9, "queued": COUNT - 9}
    assert waves.show(house.db, house.wave_id).wave.pause_reason == "balance"
    house.fake.balance = 1_000
    waves.resume(house.db, house.wave_id, by=None, now=house.now)
    house.works_until({"accepted": COUNT})
    assert house.everybody_once() and not house.fake.repeats


def test_a_sandbox_sends_nothing_stops_the_wave_and_leaves_it_whole(db, now, server):
    house = House(db, now, server, sandbox=True)
    assert house.works() == {"queued": COUNT}
    assert waves.show(db, house.wave_id).wave.pause_reason == "sandbox"
    assert house.fake.counts()["messages"] == 0 and house.fake.looked_at > 0
    house.gateway.close()


def test_what_is_out_over_night_is_nobodys_guess(house):
    """The next morning eSMS may take a repeat for a new message."""
    for number in PEOPLE[:3]:
        house.fake.script(number, LOST_BUT_KEPT)
    assert house.works(seconds=24 * 3600) == {"accepted": COUNT - 3, "unknown": 3}
    assert house.everybody_once()


@pytest.mark.parametrize("seed", range(5))
def test_receipts_in_any_order_repeated_and_of_unknown_messages(house, seed):
    house.fake.script(PEOPLE[0], LOST_BUT_KEPT)  # its SMSID is never heard of but in its callbacks
    house.works()
    house.works_until({"accepted": COUNT})
    unknown = called({"SMSID": "theirs", "SendStatus": "5", "SendSuccess": "1", "RequestId": "theirs-1"})
    calls = house.reported(("7", 0, 0)) + house.reported(("5", 1, 0), ("5", 0, 1), ("4", 0, 0)) + [unknown]
    calls *= 5
    random.Random(seed).shuffle(calls)
    for start in range(0, len(calls), 50):
        house.hears(calls[start : start + 50])
    counts = stats.of_wave(house.db, house.wave_id).counts
    assert counts == {"delivered": COUNT // 3, "undelivered": COUNT // 3, "failed": COUNT // 3}


def test_a_receipt_before_the_repeat_makes_it_needless(house):
    house.fake.script(PEOPLE[0], LOST_BUT_KEPT)
    house.works(seconds=0.5)
    house.hears(house.reported(("5", 1, 0)))
    house.works_until({"delivered": COUNT})
    assert house.everybody_once() and not house.fake.repeats
