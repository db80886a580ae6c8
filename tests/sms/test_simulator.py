"""The simulator: scripted numbers, receipts through the door, and a file that outlives its process."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.seal import Seal
from sms.gateway import Fate, HookRequest, Outgoing, Whereabouts
from sms.gateways.simulator import PATHS, Simulator
from sms.gateways.simulator_script import RESERVED, script_of
from sms.numbers import read

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ORDINARY = "+84912345678"
ROOT = Path(__file__).parents[2]


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class Door:
    """Our own server as the simulator sees it: reads what is posted through the gateway, as the web's hook does."""

    def __init__(self):
        self.gateway = None
        self.status = 200
        self.posts = []
        self.receipts = defaultdict(list)
        self.inbound = []

    def __call__(self, path, headers, body):
        if isinstance(self.status, Exception):
            raise self.status
        self.posts.append(path)
        request = HookRequest("POST", f"https://an-lo.example{path}", headers, {}, {}, body)
        if self.status == 200 and path == PATHS["receipt"]:
            for receipt in self.gateway.read_receipts(request):
                self.receipts[receipt.key].append((receipt.status, receipt.code))
        elif self.status == 200:
            self.inbound += self.gateway.read_inbound(request)
        return self.status


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def opened(tmp_path, clock, door):
    """Simulators on one file, as in several processes."""
    gateways = []

    def opened(**other):
        settings = {"post": door, "secret": "s", "clock": clock, "latency": (2.0, 4.0), **other}
        gateways.append(Simulator(tmp_path / "simulator.db", **settings))
        return gateways[-1]

    yield opened
    for gateway in gateways:
        gateway.close()


@pytest.fixture
def simulator(opened, door):
    door.gateway = opened()
    return door.gateway


def send(simulator, *numbers, first=0):
    return simulator.send([Outgoing(str(first + n), number, f"tin {n}") for n, number in enumerate(numbers)])


def wait(simulator, clock, seconds=60):
    """Lets the clock run, a second at a time, and posts what is due."""
    for _ in range(seconds):
        clock.now += timedelta(seconds=1)
        simulator.deliver_due(clock.now)


def number(last_two: str) -> str:
    return f"+849000000{last_two}"


# -- the reserved numbers


@pytest.mark.parametrize(
    ("to", "tries", "receipts"),
    [
        (number("01"), ["accepted"], ["delivered"]),
        (number("02"), ["accepted"], ["undelivered/unreachable-for-good"]),
        (number("03"), ["accepted"], ["failed/blocked-by-carrier"]),
        (number("04"), ["unreachable-now", "accepted"], ["delivered"]),
        (number("05"), ["number-invalid", "number-invalid"], []),
        (number("06"), ["opted-out", "opted-out"], []),
        (number("07"), ["too-fast", "accepted"], ["delivered"]),
        (number("08"), ["accepted"], []),
        (number("09"), ["accepted"], ["delivered", "accepted", "delivered", "accepted"]),
        (number("10"), ["unknown"], ["delivered"]),
        (number("11"), ["unknown"], []),
        (number("12"), ["accepted"], ["delivered"]),
        (number("13"), ["content-refused"], []),
        (number("14"), ["sender-not-registered"], []),
        (number("15"), ["accepted"], ["undelivered/unreachable-now"]),
        (number("16"), ["not-connected", "not-connected", "accepted"], ["delivered"]),
        (number("17"), ["not-mobile"], []),
    ],
)
def test_a_reserved_number_keeps_to_its_script(simulator, clock, door, to, tries, receipts):
    outcomes = [send(simulator, to)[0] for _ in tries]
    named = [outcome.error.code if outcome.fate is Fate.REFUSED else outcome.fate.value for outcome in outcomes]
    assert named == tries
    wait(simulator, clock)
    assert ["/".join(filter(None, receipt)) for receipt in door.receipts["0"]] == receipts


def test_every_reserved_number_is_in_the_table_above_and_is_a_mobile_number():
    assert sorted(RESERVED) == [number(f"{n:02d}") for n in range(1, 18)]
    assert all(read(reserved).valid for reserved in RESERVED)


def test_a_receipt_may_come_before_the_answer(simulator, door):
    send(simulator, number("12"), number("01"))
    assert dict(door.receipts) == {"0": [("delivered", "")]}


# -- all others


def test_ordinary_numbers_mostly_arrive_and_always_fare_alike():
    numbers = [f"+8491{n:07d}" for n in range(20_000)]
    ends = Counter(step.status for n in numbers for step in script_of(n, seed=0).receipts)
    assert 0.95 < ends["delivered"] / 20_000 < 0.98
    assert 0.01 < ends["undelivered"] / 20_000 < 0.05
    assert [script_of(n, 0) for n in numbers[:50]] == [script_of(n, 0) for n in numbers[:50]]
    assert any(script_of(n, 0) != script_of(n, 1) for n in numbers)


def test_receipts_come_within_the_latency(simulator, clock, door):
    send(simulator, *[number("01")] * 50)
    clock.now += timedelta(seconds=1.9)
    assert simulator.deliver_due(clock.now) == 0
    clock.now += timedelta(seconds=1)
    some = simulator.deliver_due(clock.now)
    clock.now += timedelta(seconds=2)
    assert 0 < some < 50 and some + simulator.deliver_due(clock.now) == 50
    assert len(door.receipts) == 50


def test_receipts_go_through_the_door_together(simulator, clock, door):
    send(simulator, *[number("01")] * 450)
    clock.now += timedelta(seconds=5)
    assert simulator.deliver_due(clock.now) == 450
    assert len(door.posts) == 3


# -- a door that is shut


@pytest.mark.parametrize("shut", [503, 403, 0, ConnectionRefusedError()])
def test_what_finds_the_door_shut_comes_again(simulator, clock, door, shut):
    door.status = shut
    send(simulator, ORDINARY)
    wait(simulator, clock, 20)
    assert not door.receipts
    door.status = 200
    wait(simulator, clock, 40)
    assert door.receipts["0"] == [("delivered", "")]


def test_without_a_door_another_process_posts(opened, door, clock):
    without, with_door = opened(post=None), opened()
    door.gateway = with_door
    send(without, ORDINARY)
    clock.now += timedelta(seconds=5)
    assert without.deliver_due(clock.now) == 0
    assert with_door.deliver_due(clock.now) == 1


def test_two_processes_post_a_receipt_once(opened, door, clock):
    one, other = opened(), opened()
    door.gateway = one
    send(one, *[number("01")] * 100)
    clock.now += timedelta(seconds=5)
    taken = one._store.take_due(clock.now.timestamp(), 100)
    assert (len(taken), other.deliver_due(clock.now)) == (100, 0)
    clock.now += timedelta(seconds=61)  # the first one died with them in its hands
    assert other.deliver_due(clock.now) == 100


# -- the file


def test_what_was_accepted_outlives_kill_9(tmp_path):
    program = (
        "import os, signal, sys\n"
        "from sms.gateway import Outgoing\n"
        "from sms.gateways.simulator import Simulator\n"
        "s = Simulator(sys.argv[1], secret='s')\n"
        "print(*[o.ref for o in s.send([Outgoing(str(n), f'+8491{n:07d}', 'x') for n in range(300)])], flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "simulator.db"
    run = subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == -signal.SIGKILL, run.stderr
    after = Simulator(path, secret="s")
    found = [after.find(Outgoing(str(n), f"+8491{n:07d}", "x"), START - timedelta(days=999)) for n in range(300)]
    assert [f.ref for f in found] == run.stdout.split()
    after.close()


def test_the_file_gives_away_neither_numbers_nor_texts(opened, door, clock, tmp_path):
    simulator = door.gateway = opened(seal=Seal([os.urandom(32)]))
    simulator.send([Outgoing("1", ORDINARY, "một lời rất riêng")])
    simulator.answer(ORDINARY, "trả lời riêng")
    wait(simulator, clock, 5)
    simulator.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in ("912345678", "một lời rất riêng", "trả lời riêng"):
        assert secret.encode() not in content
    assert [message.text for message in simulator.thread(ORDINARY)] == ["một lời rất riêng", "trả lời riêng"]
    assert door.inbound[0].sender == ORDINARY


def test_it_does_not_know_a_repeat_for_a_repeat(simulator):
    """As a real provider without an idempotency key: what is sent twice rings twice, and tests can see it."""
    send(simulator, ORDINARY)
    send(simulator, ORDINARY)
    assert len(simulator.thread(ORDINARY)) == 2


def test_find_is_certain(simulator, clock):
    (sent,) = send(simulator, ORDINARY)
    ours = Outgoing("0", ORDINARY, "tin 0")
    assert simulator.find(ours, clock.now).ref == sent.ref
    assert simulator.find(ours, clock.now + timedelta(seconds=1)).where is Whereabouts.NOT_THERE
    assert simulator.find(Outgoing("1", ORDINARY, "tin 0"), clock.now).where is Whereabouts.NOT_THERE


# -- the handset wall


def test_the_wall_shows_who_rang_last(simulator, clock):
    send(simulator, ORDINARY, number("01"))
    clock.now += timedelta(seconds=1)
    simulator.send([Outgoing("9", ORDINARY, "sau")])
    first, second = simulator.handsets()
    assert (first.number, first.messages, first.last_text, first.last_at) == (ORDINARY, 2, "sau", clock.now)
    assert second.number == number("01")
    assert len(simulator.handsets(limit=1)) == 1


def test_statuses_on_the_wall_only_move_forward(simulator, clock):
    send(simulator, number("09"))
    assert [message.status for message in simulator.thread(number("09"))] == ["accepted"]
    wait(simulator, clock)
    assert [message.status for message in simulator.thread(number("09"))] == ["delivered"]


def test_somebody_answers_on_a_handset(simulator, door):
    send(simulator, ORDINARY)
    assert simulator.answer(ORDINARY, "TC nhé")
    (inbound,) = door.inbound
    assert (inbound.sender, inbound.text, inbound.to) == (ORDINARY, "TC nhé", "AN LO")
    assert [(m.text, m.from_handset) for m in simulator.thread(ORDINARY)] == [("tin 0", False), ("TC nhé", True)]
    assert inbound.provider_id == simulator.thread(ORDINARY)[1].ref


def test_an_answer_that_finds_the_door_shut_comes_again(simulator, door, clock):
    door.status = 503
    assert not simulator.answer(ORDINARY, "TC")
    door.status = 200
    wait(simulator, clock, 10)
    assert [inbound.text for inbound in door.inbound] == ["TC"]


def test_a_handset_can_be_forgotten(simulator, clock, door):
    send(simulator, ORDINARY, number("01"))
    simulator.forget(ORDINARY)
    wait(simulator, clock)
    assert [handset.number for handset in simulator.handsets()] == [number("01")]
    assert simulator.thread(ORDINARY) == []
    assert list(door.receipts) == ["1"]


def test_a_signature_of_one_hook_does_not_open_the_other(simulator):
    body = json.dumps({"hook": "receipt", "receipts": [], "messages": []}).encode()
    request = HookRequest("POST", "x", {"X-Simulator-Signature": simulator._sign(body)}, {}, {}, body)
    assert simulator.read_receipts(request) == []
    with pytest.raises(Exception, match="no messages"):
        simulator.read_inbound(request)
