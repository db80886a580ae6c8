"""SpeedSMS' settings, and the reports it may send us."""

import pytest

from sms.gateway import BadRequest, BadSignature
from sms.gateways.speedsms import SpeedSms
from tests.contracts.speedsms_row import SECRET, a_gateway, called
from tests.servers.speedsms import report
from tests.sms.speedsms_talk import codes, messages


@pytest.fixture
def server(speedsms_server):
    return speedsms_server


@pytest.fixture
def gateway(speedsms_gateway):
    return speedsms_gateway


# -- settings


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, ()), ({"sender": ""}, ("SPEEDSMS_SENDER",)), ({"sender": "", "sms_type": "5"}, ("SPEEDSMS_SENDER",)),
        ({"sender": "", "sms_type": "2"}, ()), ({"sender": "", "sms_type": "4"}, ()),
        ({"token": ""}, ("SPEEDSMS_TOKEN",)),
        ({"api_base": "http://api.speedsms.vn/index.php"}, ("SPEEDSMS_API_BASE",)),
    ],
)  # fmt: skip
def test_what_is_missing(settings, missing):
    gateway = SpeedSms(**{"token": "t", "sender": "AN LO", "secret": SECRET, **settings})
    assert gateway.readiness().missing == missing
    if missing:
        assert codes(gateway.send(messages(2))) == ["configuration"] * 2
    gateway.close()


LEAVES = {"": True, "http://127.0.0.1:9": False, "http://localhost@x.example": True}


@pytest.mark.parametrize(("base", "leaves"), LEAVES.items())
def test_made_up_people_stay_on_this_machine(base, leaves):
    assert SpeedSms("t", "AN LO", secret=SECRET, api_base=base).traits.leaves_machine is leaves


def test_it_promises_receipts_only_when_somebody_says_that_it_reports():
    silent, told = (SpeedSms("t", "AN LO", secret=SECRET, reports=reports) for reports in (False, True))
    assert (silent.traits.receipts, silent.readiness().notes) == (False, ("speedsms-no-receipts",))
    assert (told.traits.receipts, told.readiness().notes) == (True, ())


# -- reports


def test_a_report_finds_the_message_it_is_about(server, gateway):
    refs = [outcome.ref for outcome in gateway.send(messages(3))]
    read = [gateway.read_receipts(called(body))[0] for body in server.fake.reports(status=0)]
    assert [(receipt.ref, receipt.status) for receipt in read] == [(ref, "delivered") for ref in refs]


@pytest.mark.parametrize(
    ("status", "ours"),
    [(0, "delivered"), ("0", "delivered"), (1, "accepted"), (63, "accepted"), (64, "undelivered"), (99, "undelivered")],
)
def test_a_failure_that_may_pass_is_not_the_last_word(gateway, status, ours):
    (receipt,) = gateway.read_receipts(called(report(7, "0912345678", status)))
    assert (receipt.ref, receipt.status, receipt.code) == (gateway._ref("7", "84912345678"), ours, "")


def test_what_is_no_report_is_none(gateway):
    assert gateway.read_receipts(called(b'{"type": "sms", "phone": "84912345678", "content": "TC"}')) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"7", b'{"type": "report"}', report(7, "84912345678", -1), report(7, "?", 0), report("", "849", 0),
     b'{"type": "report", "tranId": 7, "phone": "84912345678", "status": "arrived"}', b"[" * 100_000],
)  # fmt: skip
def test_a_broken_report_changes_nothing(gateway, body):
    with pytest.raises(BadRequest):
        gateway.read_receipts(called(body))


def test_the_token_is_of_this_gateway_and_this_installation(server, gateway):
    [path] = gateway.readiness().hooks
    assert path.partition("?token=")[0] == "/hooks/sms/speedsms/receipt"
    other = a_gateway(server.url, secret="another").readiness().hooks[0].partition("?token=")[2]
    with pytest.raises(BadSignature):
        gateway.read_receipts(called(report(7, "84912345678", 0), token=other))
    assert gateway.read_receipts(called(report(7, "84912345678", 0), token=path.partition("?token=")[2]))
