"""Test messages on their way to an officer's phone: through the simulator, once, whatever breaks between."""

import os
import subprocess
import sys
import threading

import pytest

from campaigns import authoring, trials, workers
from scheduler import trials as sending
from sms.gateways.simulator import Simulator
from staff import accounts, phone
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
MINE = "+84912345678"


@pytest.fixture
def simulator(tmp_path):
    gateway = Simulator(tmp_path / "simulator.db", secret="s", clock=lambda: make.NOW)
    yield gateway
    gateway.close()


@pytest.fixture
def rt(db, simulator):
    return a_runtime(db, {"simulator": simulator}, SMS_GATEWAY="simulator")


@pytest.fixture
def asked(rt):
    """(officer, version, the id of a test that waits)."""
    token = accounts.add(rt.db, email="lan@nghean.example", name="Lan", role="officer", now=make.NOW)
    officer = accounts.redeem(rt.db, token=token, now=make.NOW)
    phone.keep(rt.db, staff_id=officer.id, text=MINE, now=make.NOW)
    version = authoring.version(rt.db, make.a_version(rt.db))
    test_id = trials.ask(rt.db, version, form="vi", gateway=rt.gateways["simulator"], officer=officer, now=make.NOW)
    return officer, version, test_id


def status(rt, asked) -> str:
    officer, version, _ = asked
    return trials.of_message(rt.db, version.message_id, staff_id=officer.id)[0].status


def rung(simulator) -> list[str]:
    return [message.text for message in simulator.thread(MINE)]


def test_it_rings_once(rt, asked, simulator):
    assert sending.send_tests(rt, STOP)["sent"] == 1
    assert sending.send_tests(rt, STOP) == {"lost": 0, "unsent": 0, "sent": 0}
    assert (status(rt, asked), rung(simulator)) == ("sent", [make.VI])


def test_quiet_hours_do_not_bind_ones_own_phone(db, simulator, asked):
    midnight = make.NOW.replace(hour=17)
    rt = a_runtime(db, {"simulator": simulator}, clock=lambda: midnight, SMS_GATEWAY="simulator")
    officer, version, _ = asked
    trials.ask(db, version, form="en", gateway=simulator, officer=officer, now=midnight)
    assert sending.send_tests(rt, STOP)["sent"] == 1
    assert rung(simulator) == [make.EN]  # the one of the morning was dropped: nobody waits for it any more


def test_a_break_between_hand_over_and_record_is_unknown_and_never_sent_again(rt, asked, simulator, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(trials, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sending.send_tests(rt, STOP)
    assert sending.send_tests(rt, STOP) == {"lost": 0, "unsent": 0, "sent": 0}  # its process lives: perhaps only slow
    assert status(rt, asked) == "sending"
    monkeypatch.setattr(workers, "GONE_SECONDS", 0.0)
    assert sending.send_tests(rt, STOP)["lost"] == 1
    assert (status(rt, asked), rung(simulator)) == ("unknown", [make.VI])


def test_a_process_that_died_with_it_in_hand_is_noticed_at_once(rt, asked, simulator):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    real = os.getpid
    try:
        os.getpid = lambda: gone.pid
        trials.claim(rt.db, worker="dead", limit=9, now=make.NOW)
    finally:
        os.getpid = real
    assert sending.send_tests(rt, STOP)["lost"] == 1
    assert (status(rt, asked), rung(simulator)) == ("unknown", [])


def test_a_claim_that_grew_old_is_not_handed_over(rt, asked, simulator, monkeypatch):
    monkeypatch.setattr(workers, "CLAIM_SECONDS", -1.0)
    assert sending.send_tests(rt, STOP)["unsent"] == 1
    assert (status(rt, asked), rung(simulator)) == ("failed", [])


def test_an_adapter_that_raises_leaves_it_unknown(db, asked):
    def broken(_):
        raise RuntimeError

    rt = a_runtime(db, {"simulator": FakeGateway("simulator", answer=broken)}, SMS_GATEWAY="simulator")
    sending.send_tests(rt, STOP)
    assert status(rt, asked) == "unknown"


def test_a_made_up_officer_does_not_reach_a_real_gateway(db, rt, asked):
    _, version, _ = asked
    token = accounts.add(db, email="demo@anlo.example", role="officer", demo=True, now=make.NOW)
    demo = accounts.redeem(db, token=token, now=make.NOW)
    phone.keep(db, staff_id=demo.id, text="0987654321", now=make.NOW)
    trials.ask(db, version, form="vi", gateway=rt.gateways["simulator"], officer=demo, now=make.NOW)
    outside = FakeGateway("simulator", leaves_machine=True)  # the settings changed before it was sent
    sending.send_tests(a_runtime(db, {"simulator": outside}, SMS_GATEWAY="simulator"), STOP)
    assert list(outside.got) == [MINE]
