"""What comes over the session: receipts in both forms, whenever they come, and what people write, whole and once."""

import time

import pytest

from sms.gateway import Fate, Outgoing, Receipt
from sms.gateways import smpp_ears, smpp_pdus
from sms.gateways.smpp_joining import Joining
from sms.gateways.smpp_receipts import forms, receipt
from tests.contracts.smpp_row import a_gateway
from tests.servers import smsc, smsc_receipts
from tests.servers.smsc import Step
from tests.servers.smsc_pdus import deliver_body, pdu
from tests.waiting import until

TO = "84912345678"
LONG = "Đừng gửi nữa, tôi không cần. " * 8
LATER, NEVER = 0x64, 0x65


class Heard:
    """Where the gateway brings what it hears; `broken` is what goes wrong then."""

    def __init__(self):
        self.receipts, self.messages, self.broken = [], [], None

    def take(self, receipts):
        if self.broken:
            raise self.broken
        self.receipts += receipts

    def hear(self, message):
        if self.broken:
            raise self.broken
        self.messages.append(message)


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def server():
    with smsc.serve(receipt="DELIVRD") as server:
        yield server
        assert server.fake.wrongs == []


@pytest.fixture
def gateway_at(heard):
    opened = []

    def gateway_at(server, **other):
        opened.append(a_gateway(server.port, **other))
        opened[-1].listen(heard.take, heard.hear)
        opened[-1].hold()
        return opened[-1]

    yield gateway_at
    for gateway in opened:
        gateway.close()


def send(gateway, to=TO, text="Xin chào"):
    return gateway.send([Outgoing("1", f"+{to}", text)])[0]


# -- receipts


@pytest.mark.parametrize("form", ["text", "tlv"])
@pytest.mark.parametrize("early", [True, False])
def test_a_receipt_finds_its_message_before_the_answer_or_after(server, heard, gateway_at, form, early):
    server.fake.receipt_form = form
    server.fake.script(TO, Step(early=early))
    outcome = send(gateway_at(server))
    until(lambda: heard.receipts)
    assert heard.receipts == [Receipt(outcome.ref, "delivered")]


STATES = {
    "ENROUTE": ("accepted", ""), "ACCEPTD": ("accepted", ""), "UNKNOWN": ("accepted", ""), "DELIVRD": ("delivered", ""),
    "EXPIRED": ("undelivered", "unreachable-now"), "UNDELIV": ("undelivered", ""), "DELETED": ("failed", ""),
    "REJECTD": ("failed", "blocked-by-carrier"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["text", "tlv"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_in_both_forms(state, form):
    delivered = smpp_pdus.delivered(pdu(5, 1, smsc_receipts.receipt("77", "AN LO", TO, state, form)))
    assert receipt(delivered, str) == Receipt("77", *STATES[state])


WORDS = {
    "id:0123456789ABCDEF sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:":
        Receipt("0123456789ABCDEF", "delivered"),
    "ID: 77 SUB:1 DLVRD:1 STAT: UNDELIV ERR:5": Receipt("77", "undelivered"),
    "stat:EXPIRED id:77": Receipt("77", "undelivered", "unreachable-now"),
    "id:77 stat:DELIVERED err:0": Receipt("77", "delivered"),
    "id:77 sub:001 stat:EXPIRED text:id:88 stat:DELIVRD": Receipt("77", "undelivered", "unreachable-now"),
    "id:77 sub:001": None, "stat:DELIVRD": None, "id: sub:001 stat:DELIVRD": None, "id:77 stat:SOMETHNG": None,
    "": None,
}  # fmt: skip


@pytest.mark.parametrize(("words", "wanted"), WORDS.items())
def test_words_as_smscs_write_them(words, wanted):
    body = deliver_body(TO, "AN LO", 0x04, 0, words.encode())
    assert receipt(smpp_pdus.delivered(pdu(5, 1, body)), str) == wanted


def test_hex_in_the_answer_and_decimal_in_the_receipt(server, heard, gateway_at):
    server.fake.ids = "hex"
    outcome = send(gateway_at(server, id_form="hex-to-decimal"))
    until(lambda: heard.receipts)
    assert heard.receipts[0].ref == outcome.ref == "2684354561"


@pytest.mark.parametrize(
    ("form", "answer", "in_receipt"),
    [("same", "00A1", "00A1"), ("hex-to-decimal", "0a1", "161"), ("hex-to-decimal", "A1", "0000000161"),
     ("decimal-to-hex", "161", "A1"), ("decimal-to-hex", "0161", "00a1"), ("hex-to-decimal", "no-number", "no-number")],
)  # fmt: skip
def test_forms_of_ids(form, answer, in_receipt):
    of_answer, of_receipt = forms(form)
    assert of_answer(answer) == of_receipt(in_receipt)


def test_of_each_part_its_own_receipt(server, heard, gateway_at):
    outcome = send(gateway_at(server), text=LONG)
    until(lambda: len(heard.receipts) == len(outcome.parts))
    assert sorted(each.ref for each in heard.receipts) == sorted(outcome.parts)


def test_what_cannot_be_stored_comes_again(server, heard, gateway_at):
    heard.broken = OSError("the disk is full")
    gateway = gateway_at(server)
    outcome = send(gateway)
    server.people_write(TO, "TC")
    until(lambda: server.fake.taken[LATER] >= 3)
    assert heard.receipts == heard.messages == [] and server.fake.taken[0] == 0
    heard.broken = None
    until(lambda: heard.receipts and heard.messages)
    assert ([each.ref for each in heard.receipts], heard.messages[0].text) == ([outcome.ref], "TC")
    assert send(gateway).fate is Fate.ACCEPTED


def test_without_anybody_who_keeps_it_nothing_is_acknowledged(server):
    gateway = a_gateway(server.port)
    send(gateway)
    until(lambda: server.fake.taken[LATER])
    gateway.close()
    assert server.fake.taken[0] == 0


def test_a_torn_deliver_sm_is_never_wanted_again(server, gateway_at):
    gateway_at(server)
    until(lambda: server.fake.bound)
    server.deliver(b"\0\1\1849")
    until(lambda: server.fake.taken[NEVER])


def test_an_answer_that_comes_late_settles_what_nobody_could_tell(server, heard, gateway_at, monkeypatch):
    monkeypatch.setattr("sms.gateways.smpp_handing.ANSWER_SECONDS", 0.3)
    server.fake.script(TO, Step(delay=1.0, receipt=""))
    server.fake.script("84987654321", Step(status=0x0B, delay=1.0))
    gateway = gateway_at(server)
    outcomes = gateway.send([Outgoing("17", f"+{TO}", "Xin chào"), Outgoing("18", "+84987654321", "Xin chào")])
    assert [outcome.fate for outcome in outcomes] == [Fate.UNKNOWN, Fate.UNKNOWN]
    until(lambda: heard.receipts)
    time.sleep(0.2)
    assert heard.receipts == [Receipt("2684354561", "accepted", key="17")]


# -- what people write


@pytest.mark.parametrize("header", ["8 bit", "16 bit", "sar"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 2, 1)], ids=["in order", "mixed"])
def test_parts_are_joined(server, heard, gateway_at, header, order):
    gateway_at(server)
    bodies = smsc.inbound(TO, LONG, header=header)
    until(lambda: server.fake.bound)
    server.deliver(*[bodies[n] for n in order])
    until(lambda: server.fake.taken[0] == 4)
    assert [(message.sender, message.text) for message in heard.messages] == [(f"+{TO}", LONG)]


def test_two_people_who_write_at_once_are_kept_apart(server, heard, gateway_at):
    gateway_at(server)
    until(lambda: server.fake.bound)
    one, other = smsc.inbound(TO, "A" * 150, reference=5), smsc.inbound("84987654321", "B" * 150, reference=5)
    server.deliver(*[body for pair in zip(one, other, strict=True) for body in pair])
    until(lambda: len(heard.messages) == 2)
    assert {message.sender: message.text for message in heard.messages} == {
        f"+{TO}": "A" * 150, "+84987654321": "B" * 150,
    }  # fmt: skip


def test_a_part_alone_is_not_acknowledged_and_joined_when_the_other_comes(server, heard, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_ears, "HOLD_SECONDS", 0.3)
    server.fake.repeat_after = 1.0
    gateway_at(server)
    until(lambda: server.fake.bound)
    first, second = smsc.inbound(TO, "A" * 60 + "B" * 40)
    server.deliver(first)
    until(lambda: server.fake.taken[LATER])
    assert server.fake.taken[0] == 0 and heard.messages == []
    server.deliver(second)
    until(lambda: server.fake.taken[0] == 2)
    assert [message.text for message in heard.messages] == ["A" * 60 + "B" * 40] * len(heard.messages)
    assert len({message.provider_id for message in heard.messages}) == 1, "a repeat has the same id"


def test_what_never_becomes_whole_is_heard_in_the_end(server, heard, gateway_at, monkeypatch):
    monkeypatch.setattr(smpp_ears, "HOPELESS_SECONDS", 0.3)
    gateway_at(server)
    until(lambda: server.fake.bound)
    server.deliver(smsc.inbound(TO, "A" * 60 + "B" * 40)[1])
    until(lambda: server.fake.taken[0])
    assert [message.text for message in heard.messages] == ["…" + "B" * 40]
    assert server.fake.taken[0] == 1


def test_the_same_again_over_another_connection_is_a_repeat_and_over_the_same_is_not():
    clock = [1000.0]
    joining, one, other = Joining(lambda: clock[0]), object(), object()
    written = smpp_pdus.delivered(pdu(5, 1, smsc.inbound(TO, "TC")[0]))
    first = joining.add(written, "piece", one).id
    clock[0] += 5
    assert joining.add(written, "piece", other).id == first
    clock[0] += 5
    assert joining.add(written, "piece", other).id != first
    clock[0] += 3600
    assert joining.add(written, "piece", one).id != first


SENDERS = {("84912345678", 1): "+84912345678", ("0912345678", 0): "+84912345678", ("0912345678", 2): "+84912345678",
           ("+84912345678", 1): "+84912345678", ("447911123456", 1): "+447911123456", ("VIETTEL", 5): None,
           ("195", 3): None}  # fmt: skip


@pytest.mark.parametrize(("sender", "wanted"), SENDERS.items())
def test_who_wrote(sender, wanted):
    body = bytearray(deliver_body(sender[0], "9029", 0, 0, b"TC"))
    body[1] = sender[1]
    assert smpp_ears._number(smpp_pdus.delivered(pdu(5, 1, bytes(body)))) == wanted
