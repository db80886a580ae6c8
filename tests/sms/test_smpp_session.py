"""The session: bound, kept alive, bound again after it broke, and left alone when a person must mend something."""

import socket
import struct
import threading
import time
from collections import Counter, deque
from itertools import pairwise

import pytest

from sms.gateway import Fate, Outgoing
from sms.gateways import smpp_handing, smpp_session
from tests.contracts.smpp_row import a_gateway
from tests.servers import smsc
from tests.servers.smsc import Step
from tests.servers.smsc_pdus import RESPONSE, pdu
from tests.waiting import until

TO = "84912345678"


@pytest.fixture
def server():
    with smsc.serve() as server:
        yield server
        assert server.fake.wrongs == []


@pytest.fixture
def gateway_at():
    opened = []

    def gateway_at(port, **other):
        opened.append(a_gateway(port, **other))
        return opened[-1]

    yield gateway_at
    for gateway in opened:
        gateway.close()


def send(gateway, to=TO, text="Xin chào"):
    return gateway.send([Outgoing("1", f"+{to}", text)])[0]


def to(n: int) -> str:
    return f"849120{n:05d}"


# -- the bind


def test_nothing_is_tried_before_it_is_needed(server, gateway_at):
    gateway_at(server.port)
    time.sleep(0.2)
    assert server.fake.bind_count == 0


def test_many_who_send_at_once_are_one_bind(server, gateway_at):
    gateway = gateway_at(server.port)
    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(send(gateway))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED} and server.fake.bind_count == 1


@pytest.mark.parametrize(("status", "code"), [(0x0D, "configuration"), (0x0E, "credentials"), (0x0F, "credentials")])
def test_a_refused_bind_stops_and_says_why(server, gateway_at, status, code):
    server.fake.binds = deque([status] * 50)
    gateway = gateway_at(server.port)
    for _ in range(5):
        outcome = send(gateway)
        assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, code) and f"0x{status:02X}" in outcome.error.raw
    time.sleep(1.5)
    assert server.fake.bind_count == 1, "an SMSC locks out who keeps on with a wrong password"


def test_a_wrong_password_stops_though_it_is_only_listened(server, gateway_at):
    gateway_at(server.port, password="wrong").hold()
    time.sleep(2)
    assert server.fake.bind_count == 1


def test_long_after_a_refusal_somebody_who_sends_makes_one_more_try(server, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_session, "AFTER_REFUSAL", 0.3)
    server.fake.binds = deque([0x0E])
    gateway = gateway_at(server.port)
    assert send(gateway).error.code == "credentials"
    time.sleep(0.4)
    assert send(gateway).fate is Fate.ACCEPTED


@pytest.mark.parametrize("status", [0x04, 0x05, 0x08, 0x58])
def test_other_refusals_of_the_bind_are_tried_again(server, gateway_at, status):
    server.fake.binds = deque([status])
    assert send(gateway_at(server.port)).fate is Fate.ACCEPTED
    assert server.fake.bind_count == 2


def test_nobody_listens(gateway_at):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gateway = gateway_at(nobody.getsockname()[1])
        outcome = send(gateway)
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")


def test_the_pauses_grow(gateway_at, monkeypatch):
    tries = []

    def refuse(*_):
        tries.append(time.monotonic())
        raise smpp_session.Lost("nobody")

    monkeypatch.setattr("sms.gateways.smpp.Wire", refuse)
    monkeypatch.setattr("random.uniform", lambda least, most: most)
    gateway_at(1).hold()
    time.sleep(4)
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert len(tries) == 3 and 0.9 < gaps[0] < 1.6 < 1.9 < gaps[1] < 2.8


# -- alive


def test_we_answer_theirs_and_ask_ourselves(server, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_session, "ENQUIRE_SECONDS", 0.5)
    gateway_at(server.port).hold()
    until(lambda: server.fake.bound)
    server.enquire()
    until(lambda: server.fake.enquired >= 2)
    assert server.fake.bind_count == 1


def test_an_smsc_that_says_nothing_any_more_is_left(server, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_session, "ENQUIRE_SOONER", 0.5)
    monkeypatch.setattr(smpp_session, "ENQUIRE_PATIENCE", 0.5)
    server.fake.answers_enquire = False
    server.fake.script(TO, Step(silent=True, keep=True))
    gateway = gateway_at(server.port)
    assert send(gateway).fate is Fate.UNKNOWN
    server.fake.answers_enquire = True
    assert send(gateway).fate is Fate.ACCEPTED and server.fake.bind_count == 2


NONSENSE = {
    "no SMPP": b"HTTP/1.1 200 OK\r\n\r\n",
    "a length that is none": struct.pack(">LLLL", 5, 4 | RESPONSE, 0, 1),
    "goodbye": pdu(6, 99),
}


@pytest.mark.parametrize("octets", NONSENSE.values(), ids=NONSENSE)
def test_whatever_ends_a_session_another_follows(server, gateway_at, octets):
    gateway = gateway_at(server.port)
    send(gateway)
    server.write(octets)
    until(lambda: server.fake.bind_count == 2)
    assert send(gateway).fate is Fate.ACCEPTED


HARMLESS = {
    "an answer nobody waits for": pdu(4 | RESPONSE, 7_777_777, b"77\0"),
    "a nack to nothing": pdu(RESPONSE, 0, status=3),
    "a request nobody knows": pdu(0x777, 5),
    "alert_notification": pdu(0x102, 6, b"\1\1849\0\1\1849\0"),
    "a deliver_sm that is torn": pdu(5, 8, b"\0\1\1849"),
}


@pytest.mark.parametrize("octets", HARMLESS.values(), ids=HARMLESS)
def test_what_is_odd_does_not_end_a_session(server, gateway_at, octets):
    gateway = gateway_at(server.port)
    send(gateway)
    server.write(octets)
    time.sleep(0.2)
    assert send(gateway).fate is Fate.ACCEPTED and server.fake.bind_count == 1
    server.fake.wrongs = [wrong for wrong in server.fake.wrongs if "an answer to nothing: 8" not in wrong]


def test_goodbye_is_said(server):
    gateway = a_gateway(server.port)
    send(gateway)
    gateway.close()
    assert server.fake.bound == []
    assert send(gateway).error.code == "not-connected"


# -- broken in the middle


@pytest.mark.parametrize("keeps", [True, False])
def test_the_smsc_dies_with_a_window_full(server, gateway_at, keeps):
    """Whatever it kept: what it did not answer is unknown, and nothing goes twice."""
    server.fake.script(to(60), Step(drop=True, keep=keeps))
    server.fake.latency = 0.1
    gateway = gateway_at(server.port, window=20)
    outcomes = gateway.send([Outgoing(str(n), f"+{to(n)}", "Xin chào") for n in range(100)])
    fates = Counter(outcome.fate for outcome in outcomes)
    assert outcomes[60].fate is Fate.UNKNOWN and 1 <= fates[Fate.UNKNOWN] <= 20
    assert fates[Fate.REFUSED] == 0, "it bound again and went on"
    assert max(server.fake.messages.values()) == 1, "nobody got it twice"
    missing = {n for n in range(100) if not server.fake.messages[to(n)]}
    assert {n for n in missing if outcomes[n].fate is not Fate.UNKNOWN} == set(), "nobody accepted was missed"


def test_the_smsc_goes_away_for_good(gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_handing, "BOUND_WITHIN", 0.3)
    with smsc.serve() as server:
        server.fake.latency = 0.2
        gateway = gateway_at(server.port, window=10)
        threading.Timer(0.5, server.stop).start()
        outcomes = gateway.send([Outgoing(str(n), f"+{to(n)}", "Xin chào") for n in range(100)])
        kept = dict(server.fake.messages)
    for n, outcome in enumerate(outcomes):
        if outcome.fate is Fate.REFUSED:
            assert outcome.error.code == "not-connected" and to(n) not in kept
    assert Counter(outcome.fate for outcome in outcomes).keys() == {Fate.ACCEPTED, Fate.UNKNOWN, Fate.REFUSED}


def test_what_finds_no_room_in_time_is_given_back(server, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_handing, "HAND_OVER_SECONDS", 0.5)
    monkeypatch.setattr(smpp_handing, "ANSWER_SECONDS", 1.5)
    server.fake.script(to(0), Step(silent=True))
    outcomes = gateway_at(server.port, window=1).send([Outgoing(str(n), f"+{to(n)}", "Xin chào") for n in range(3)])
    assert [outcome.fate for outcome in outcomes] == [Fate.UNKNOWN, Fate.REFUSED, Fate.REFUSED]
    assert {outcome.error.code for outcome in outcomes[1:]} == {"too-fast"} and not server.fake.messages
