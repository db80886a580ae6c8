"""What is SMPP's own in a hand-over: the codes, the cuts, the parts, the window, the rate, the settings."""

import threading
import time

import pytest
from smpplib import smpp

from sms import segments
from sms.gateway import ERRORS, Consequence, Fate, Outgoing
from sms.gateways import smpp_parts, smpp_pdus
from sms.gateways.smpp_errors import table
from sms.gateways.smpp_pace import Pace
from tests.contracts.smpp_row import a_gateway
from tests.servers import smsc
from tests.servers.smsc import Step

TO = "84912345678"


@pytest.fixture
def server():
    with smsc.serve() as server:
        yield server
        assert server.fake.wrongs == []


@pytest.fixture
def gateway_at():
    opened = []

    def gateway_at(server, **other):
        opened.append(a_gateway(server.port, **other))
        return opened[-1]

    yield gateway_at
    for gateway in opened:
        gateway.close()


def to(n: int) -> str:
    return f"849120{n:05d}"


def messages(count: int, text: str = "Xin chào") -> list[Outgoing]:
    return [Outgoing(str(n), f"+{to(n)}", text) for n in range(count)]


# -- every code


@pytest.mark.parametrize(("status", "code"), table()["status"].items(), ids=lambda value: f"{value}")
def test_every_code_of_the_specification(server, gateway_at, status, code):
    server.fake.script(TO, Step(status))
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", "Xin chào")])
    assert outcome.fate is (Fate.UNKNOWN if code == "unknown" else Fate.REFUSED)
    assert outcome.error.code == ("gateway-trouble" if code == "unknown" else code)
    assert f"0x{status:02X}" in outcome.error.raw and server.fake.by_to == {}


#: What the operator's document and the specification want of each code.
WANTED = {
    0x08: Consequence.RETRY, 0x0A: Consequence.CONFIGURATION, 0x0B: Consequence.PERMANENT,
    0x0D: Consequence.CONFIGURATION, 0x0E: Consequence.CONFIGURATION, 0x0F: Consequence.CONFIGURATION,
    0x14: Consequence.THROTTLE, 0x43: Consequence.CONFIGURATION, 0x45: Consequence.PERMANENT,
    0x58: Consequence.THROTTLE, 0x61: Consequence.CONFIGURATION, 0x62: Consequence.CONFIGURATION,
}  # fmt: skip


@pytest.mark.parametrize("status", WANTED)
def test_what_follows_from_a_code(status):
    assert ERRORS[table()["status"][status]] is WANTED[status]


def test_a_code_of_the_operator_is_trouble_until_it_is_told(server, gateway_at):
    server.fake.script(TO, Step(0x410), Step(0x410))
    message = Outgoing("1", f"+{TO}", "Xin chào")
    assert gateway_at(server).send([message])[0].error.code == "gateway-trouble"
    assert gateway_at(server, codes="0x410=balance, 255=gateway-trouble").send([message])[0].error.code == "balance"


# -- what goes on the air


CUTS = [
    ("a" * 160, [160]),
    ("a" * 161, [153, 8]),
    ("a" * 152 + "€" + "b" * 10, [152, 12]),  # the two octets of € would be torn by a cut at 153
    ("€" * 80, [160]),
    ("€" * 81, [152, 10]),
    ("đ" * 70, [140]),
    ("đ" * 71, [134, 8]),
    ("đ" * 66 + "😀" + "đ" * 10, [132, 24]),  # the surrogate pair would be torn by a cut at 67
    ("😀" * 35, [140]),
    ("😀" * 36, [132, 12]),
]


@pytest.mark.parametrize(("text", "lengths"), CUTS, ids=[f"{text[:2]}x{len(text)}" for text, _ in CUTS])
def test_cuts_in_octets(server, gateway_at, text, lengths):
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", text)])
    assert [len(submit.user) for submit in server.fake.submits] == lengths
    assert server.fake.by_to[TO] == [text]
    assert len(outcome.ref.split(",")) == len(lengths) == segments.count(text).segments
    assert outcome.parts == (tuple(outcome.ref.split(",")) if len(lengths) > 1 else ())


def test_every_letter_of_gsm_7_there_and_back():
    letters = segments._BASIC + segments._EXTENDED
    coding, (octets,) = smpp_parts.octets(letters)
    assert coding == 0 and smpp_parts.text_of(coding, octets) == letters


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (8, "Đừng".encode("utf-16-be"), "Đừng"),
        (3, "été".encode("latin-1"), "été"),
        (1, b"STOP", "STOP"),
        (0, "Đừng".encode(), "Đừng"),  # UTF-8 that calls itself the default alphabet
        (0, b"a\x1bZb", "a b"),  # an escape nobody knows
        (8, b"\x01", "�"),
    ],
)
def test_what_somebody_wrote_is_read_as_well_as_can_be(coding, octets, text):
    assert smpp_parts.text_of(coding, octets) == text


def test_messages_do_not_share_a_reference(server, gateway_at):
    gateway_at(server, window=50).send([Outgoing(str(n), f"+{TO}", f"{n} " + "Đừng " * 30) for n in range(10)])
    assert len({submit.part[0] for submit in server.fake.submits}) == 10
    assert sorted(server.fake.by_to[TO]) == sorted(f"{n} " + "Đừng " * 30 for n in range(10))


def test_more_parts_than_can_be_numbered(server, gateway_at):
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", "đ" * 67 * 256)])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "too-long")


@pytest.mark.parametrize("source", ["AN LO", "9029", "+84912000000"])
@pytest.mark.parametrize("joined", [True, False])
def test_the_layout_is_smpplibs_octet_for_octet(source, joined):
    ton, npi = smpp_pdus.source_kind(source)
    theirs = smpp.make_pdu(
        "submit_sm", client=smpp_pdus._numbered, service_type="", source_addr_ton=ton, source_addr_npi=npi,
        source_addr=source.lstrip("+"), dest_addr_ton=1, dest_addr_npi=1, destination_addr=TO, data_coding=8,
        esm_class=0x40 if joined else 0, short_message=b"\0d" * 9, registered_delivery=1,
    )  # fmt: skip
    ours = smpp_pdus.Layout(source).pdu(theirs.sequence, TO, 8, b"\0d" * 9, joined)
    assert ours == theirs.generate()


# -- several parts


LONG = "Đừng " * 40  # three parts


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_part_refused_for_the_moment_follows_its_fellows(server, gateway_at, which):
    server.fake.script(TO, *[Step(0x58 if n == which else 0) for n in range(3)])
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", LONG)])
    assert outcome.fate is Fate.ACCEPTED and len(outcome.parts) == 3
    assert server.fake.by_to[TO] == [LONG]


def test_when_no_part_was_taken_the_message_is_refused(server, gateway_at):
    server.fake.script(TO, *[Step(0x0B)] * 3)
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", LONG)])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "number-invalid")


@pytest.mark.parametrize("other", [Step(0x45), Step(silent=True), Step(0x58), Step(0xFF)], ids=str)
def test_when_some_parts_are_there_nobody_sends_them_again(server, gateway_at, monkeypatch, other):
    monkeypatch.setattr("sms.gateways.smpp_handing.ANSWER_SECONDS", 1.0)
    server.fake.script(TO, Step(), other, Step(), *[other] * 5)
    (outcome,) = gateway_at(server).send([Outgoing("1", f"+{TO}", LONG)])
    assert outcome.fate is Fate.UNKNOWN and "1: accepted; 2: " in outcome.error.raw
    numbers = [submit.part[2] for submit in server.fake.submits]
    assert sorted(numbers) == [1, 3], "what was taken did not go again"


# -- window and rate


def test_the_window_is_kept_and_used(server, gateway_at):
    server.fake.window, server.fake.latency = 7, 0.02
    gateway = gateway_at(server, window=7)
    outcomes = [None] * 6
    threads = [
        threading.Thread(target=lambda n=n: outcomes.__setitem__(n, gateway.send(messages(30)))) for n in range(6)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert {outcome.fate for each in outcomes for outcome in each} == {Fate.ACCEPTED}
    assert server.fake.most_unanswered == 7
    assert took >= 180 / 7 * 0.02, "faster than the window allows"


def test_an_answer_that_never_comes_is_unknown_and_frees_its_slot(server, gateway_at, monkeypatch):
    monkeypatch.setattr("sms.gateways.smpp_handing.ANSWER_SECONDS", 0.5)
    server.fake.script(to(0), Step(silent=True, keep=True))
    gateway = gateway_at(server, window=1)
    assert gateway.send(messages(1))[0].fate is Fate.UNKNOWN
    assert gateway.send(messages(1))[0].fate is Fate.ACCEPTED
    assert server.fake.messages[to(0)] == 2


def test_a_contract_of_so_many_a_second_is_kept(server, gateway_at):
    gateway = gateway_at(server, rate=40)
    assert gateway.traits.rate == 40 and gateway.traits.recipients_per_call == 10
    began = time.monotonic()
    gateway.send(messages(60))
    assert time.monotonic() - began >= 1.2


@pytest.mark.parametrize("status", [0x58, 0x14])
def test_too_fast_makes_everything_slower(server, gateway_at, status):
    server.fake.script(to(3), Step(status))
    gateway = gateway_at(server, rate=100)
    outcomes = gateway.send(messages(10))
    assert [outcome.fate for outcome in outcomes].count(Fate.REFUSED) == 1
    assert (outcomes[3].error.code, outcomes[3].wait) == ("too-fast", 1.0)
    began = time.monotonic()
    gateway.send(messages(25))
    assert time.monotonic() - began > 0.35, "25 at 100 a second would take 0.25"


def test_the_rate_halves_once_for_a_burst_and_comes_back_slowly():
    clock = [1000.0]
    pace = Pace(100, lambda: clock[0])
    pace.slow_down()
    pace.slow_down()
    assert pace.rate == 50
    clock[0] += 1.5
    pace.slow_down()
    assert 25 < pace.rate < 30
    clock[0] += 15
    assert 50 < pace.rate < 60
    clock[0] += 60
    assert pace.rate == 100


def test_without_a_contract_what_was_too_much_is_halved_and_forgotten_in_the_end():
    clock = [1000.0]
    pace = Pace(None, lambda: clock[0])
    assert pace.take(80) == (80, 0.0) and pace.rate is None
    pace.slow_down()
    assert pace.rate == 40 and pace.take(10)[0] == 0
    clock[0] += 0.1
    assert 3 <= pace.take(10)[0] <= 5
    clock[0] += 60
    assert pace.rate is None
