"""What is eSMS's own: its settings, its fields, its codes."""

import logging

import pytest

from sms import http
from sms.gateway import ERRORS, Consequence, Fate, Outgoing
from sms.gateways.esms import Esms
from sms.gateways.esms_answers import _table
from tests.contracts.esms_row import PUBLIC_URL, SECRET, TOKEN
from tests.servers import esms
from tests.servers.esms import API_KEY, BRAND_NAME, SECRET_KEY, Step
from tests.sms.esms_talk import MESSAGE, MORNING, NUMBER, told

#: What facts and eSMS's table list for messages like ours.
CODES = {"99", "101", "102", "103", "104", "107", "108", "118", "120", "140", "146", "177", "300"}


# -- the address and the settings


@pytest.mark.parametrize(
    ("base", "leaves", "missing"),
    [
        ("", True, ()),
        ("https://rest.esms.vn", True, ()),
        ("http://127.0.0.1:9000", False, ()),
        ("https://localhost:9000", False, ()),
        ("https://127.0.0.1.example.com", True, ()),
        ("http://rest.esms.vn", True, ("ESMS_API_BASE",)),
        ("http://localhost@example.com", True, ("ESMS_API_BASE",)),
        ("rest.esms.vn", True, ("ESMS_API_BASE",)),
    ],
)
def test_whether_messages_leave_this_machine_and_never_unencrypted(esms_at, base, leaves, missing):
    gateway = esms_at(base)
    assert gateway.traits.leaves_machine is leaves
    assert gateway.readiness().missing == missing
    assert not missing or gateway.send([MESSAGE])[0].error.code == "configuration"


def test_what_is_missing_is_named_and_nothing_is_sent(esms_server):
    gateway = Esms(secret=SECRET, api_base=esms_server.url)
    assert gateway.readiness().missing == ("ESMS_API_KEY", "ESMS_SECRET_KEY", "ESMS_BRANDNAME")
    assert gateway.send([MESSAGE])[0].error.code == "configuration"
    assert esms_server.fake.requests == []
    assert Esms(API_KEY, SECRET_KEY, secret=SECRET, sms_type="8").readiness().ready


@pytest.mark.parametrize(
    ("base", "public_url", "called_back"),
    [
        ("", "https://an-lo.example", True),
        ("", "http://an-lo.example", False),
        ("", "http://127.0.0.1:8000", False),
        ("", "", False),
        ("http://127.0.0.1:9", "http://127.0.0.1:8000", True),
        ("http://127.0.0.1:9", "https://an-lo.example", True),
        ("http://127.0.0.1:9", "", False),
    ],
)
def test_receipts_come_back_to_https_only(esms_at, base, public_url, called_back):
    gateway = esms_at(base, public_url=public_url)
    assert gateway.traits.receipts is called_back
    assert ("esms-no-receipts" in gateway.readiness().notes) is not called_back


def test_without_an_address_to_call_none_is_told(esms_server, esms_at):
    esms_at(esms_server.url, public_url="").send([MESSAGE])
    assert "CallbackUrl" not in told(esms_server)


# -- what goes out


def test_a_message_under_a_brand_name(esms_server, esms_at):
    esms_at(esms_server.url).send([MESSAGE])
    said = told(esms_server)
    request_id = said.pop("RequestId")
    assert len(request_id) <= 50 and "-17-" in request_id
    assert said == {
        "ApiKey": API_KEY, "SecretKey": SECRET_KEY, "Brandname": BRAND_NAME, "SmsType": "2", "Phone": "0912345678",
        "Content": "Xin chào", "IsUnicode": "1", "Sandbox": "0",
        "CallbackUrl": f"{PUBLIC_URL}/hooks/sms/esms/receipt?token={TOKEN}&key=17",
    }  # fmt: skip


def test_from_a_fixed_number_there_is_no_brand_name(esms_server, esms_at):
    assert esms_at(esms_server.url, sms_type="8").send([MESSAGE])[0].fate is Fate.ACCEPTED
    assert told(esms_server)["SmsType"] == "8" and "Brandname" not in told(esms_server)


@pytest.mark.parametrize(
    ("text", "unicode"),
    [
        ("Dung dua giay to cho ai", "0"),
        ("Giá 100% [a] {b} ~ ^ |", "1"),
        ("100% [a] {b} ~ ^ | \\", "0"),
        ("Đừng đưa giấy tờ", "1"),
        ("di tu do", "0"),
        ("à", "1"),  # GSM-7 knows it, but it is an accent
        ("`", "1"),  # ASCII, but not in GSM-7
        ("€5", "1"),
        ("tốt 😀", "1"),
    ],
)
def test_accents_go_as_unicode(esms_server, esms_at, text, unicode):
    esms_at(esms_server.url).send([Outgoing("1", NUMBER, text)])
    assert (told(esms_server)["IsUnicode"], told(esms_server)["Content"]) == (unicode, text)


@pytest.mark.parametrize("number", ["+447911123400", "+8613800138000", "+85612345678", "+1842345678"])
def test_only_vietnam_is_reached_and_nobody_is_stopped_for_it(esms_server, esms_at, number):
    (outcome,) = esms_at(esms_server.url).send([Outgoing("1", number, "x")])
    assert (outcome.error.code, outcome.error.consequence) == ("country-not-reached", Consequence.PERMANENT)
    assert esms_server.fake.requests == []


# -- answers


def test_the_table_has_every_code(esms_server):
    assert set(_table()) == CODES
    assert {*CODES, "100", "105", "124"} == {*esms.WORDS, "100"}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_of_the_table(esms_server, esms_at, code):
    esms_server.fake.script(NUMBER, Step(code, f"0912345678 84912345678 {API_KEY} {SECRET_KEY} Xin chào {TOKEN}"))
    (outcome,) = esms_at(esms_server.url).send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, _table()[code])
    assert outcome.error.code in ERRORS
    assert outcome.error.raw.startswith(code)
    for secret in ("912345678", API_KEY, SECRET_KEY, "Xin chào", TOKEN):
        assert secret not in outcome.error.raw
    assert esms_server.fake.counts()["messages"] == 0


@pytest.mark.parametrize(
    ("change", "told_wrong", "code"),
    [
        ({}, {"api_key": "another"}, "credentials"),
        ({}, {"secret_key": "another"}, "credentials"),
        ({}, {"brand_name": "NOT OURS"}, "sender-not-registered"),
        ({}, {"sms_type": "1"}, "configuration"),
        ({}, {"sms_type": "3"}, "configuration"),
        ({"balance": 0}, {}, "balance"),
        ({"allowed": False}, {}, "configuration"),
        ({"priced": False}, {}, "configuration"),
        ({"templates": ("An Lo: .*",)}, {}, "content-refused"),
        ({"blocked": ("0912",)}, {}, "blocked-by-carrier"),
        ({"unregistered": ("091",)}, {}, "sender-not-on-network"),
    ],
    ids=str,
)
def test_what_is_really_wrong_is_named(esms_server, change, told_wrong, code):
    for name, value in change.items():
        setattr(esms_server.fake, name, value)
    keys = {"api_key": API_KEY, "secret_key": SECRET_KEY, "brand_name": BRAND_NAME, **told_wrong}
    gateway = Esms(**keys, secret=SECRET, api_base=esms_server.url, clock=MORNING.timestamp)
    assert gateway.send([MESSAGE])[0].error.code == code
    gateway.close()


@pytest.mark.parametrize(
    ("step", "fate", "code"),
    [
        (Step(status=401, body="{}"), Fate.REFUSED, "credentials"),
        (Step(status=403, body="<html>firewall</html>"), Fate.REFUSED, "credentials"),
        (Step(status=404, body="<html>Endpoint not found.</html>"), Fate.REFUSED, "configuration"),
        (Step(status=301, body=""), Fate.REFUSED, "configuration"),
        (Step(status=400, body="<html>Request Error</html>"), Fate.REFUSED, "gateway-trouble"),
        (Step(status=429, body=""), Fate.REFUSED, "too-fast"),
        (Step(status=500, body="<html>Runtime Error</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=500, body='{"CodeResult": "103"}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=502, body=""), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="<html>a hotel's sign-in page</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="[]"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="{}"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body='{"error": "Invalid request"}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step("105"), Fate.UNKNOWN, "gateway-trouble"),
        (Step("31415"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body='{"CodeResult": 103}'), Fate.REFUSED, "balance"),
        (Step(close=True), Fate.UNKNOWN, "gateway-trouble"),
        (Step(close=True, keep=True), Fate.UNKNOWN, "gateway-trouble"),
    ],
    ids=str,
)
def test_what_an_answer_means(esms_server, esms_at, step, fate, code):
    esms_server.fake.script(NUMBER, step)
    (outcome,) = esms_at(esms_server.url).send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (fate, code)
    assert len(esms_server.fake.requests) == 1, "nothing is tried again by the gateway itself"


def test_accepted_without_an_id_goes_by_our_request_id(esms_server, esms_at):
    esms_server.fake.script(NUMBER, Step(body='{"CodeResult": "100"}'))
    assert esms_at(esms_server.url).send([MESSAGE])[0].ref == told(esms_server)["RequestId"]


def test_a_slow_answer_is_unknown(esms_server, esms_at, monkeypatch):
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.2)
    esms_server.fake.script(NUMBER, Step(delay=2.0, keep=True))
    assert esms_at(esms_server.url).send([MESSAGE])[0].fate is Fate.UNKNOWN
    assert esms_server.fake.counts()["messages"] == 1


def test_nobody_there_is_surely_not_sent(esms_at):
    (outcome,) = esms_at("http://127.0.0.1:9").send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")


def test_neither_text_nor_number_nor_keys_are_logged(esms_server, esms_at, caplog):
    caplog.set_level(logging.DEBUG)
    esms_server.fake.script(NUMBER, Step(), Step("103"), Step(close=True), Step(body="no JSON"))
    for _ in range(4):
        esms_at(esms_server.url).send([MESSAGE])
    written = caplog.text + repr([record.args for record in caplog.records])
    for secret in ("912345678", API_KEY, SECRET_KEY, "Xin", TOKEN):
        assert secret not in written
