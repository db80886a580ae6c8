"""eSMS's callbacks: unsigned GETs to an address with our token in it, up to five times, in any order."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from sms.gateway import BadRequest, BadSignature, HookRequest, Outgoing
from sms.gateways.esms import HOOK
from tests.contracts.esms_row import PUBLIC_URL, TOKEN, called
from tests.servers.esms_callbacks import fields
from tests.sms.esms_talk import MESSAGE, MORNING, told


@pytest.fixture
def gateway(esms_at):
    return esms_at("http://127.0.0.1:9")


def report(status: str, success: int = 0, failed: int = 0, **more: str) -> dict[str, str]:
    return {**fields({"SMSID": "d533", "Phone": "0912345678"}, status, success, failed), **more}


@pytest.mark.parametrize(
    ("status", "success", "failed", "ours"),
    [
        ("1", 0, 0, "accepted"),  # waits for eSMS to look at it
        ("2", 0, 0, "accepted"),  # waits to be sent
        ("7", 0, 0, "accepted"),  # at the operator
        ("7", 1, 0, "accepted"),
        ("5", 1, 0, "delivered"),
        ("5", 3, 0, "delivered"),  # three parts
        ("5", 0, 1, "undelivered"),
        ("5", 0, 2, "undelivered"),
        ("5", 1, 1, "undelivered"),  # a part is missing
        ("5", 0, 0, "accepted"),  # finished, but nobody says how
        ("4", 0, 0, "failed"),
    ],
)
def test_how_a_message_stands(gateway, status, success, failed, ours):
    (receipt,) = gateway.read_receipts(called(report(status, success, failed)))
    assert (receipt.ref, receipt.status, receipt.code) == ("d533", ours, "")


@pytest.mark.parametrize("status", ["3", "6", "8", "99", "x"])
def test_a_status_nobody_knows_is_no_receipt(gateway, status):
    assert gateway.read_receipts(called(report(status))) == []


@pytest.mark.parametrize(
    ("error", "code"),
    [("99", "blocked-by-carrier"), ("146", "content-refused"), ("31415", ""), ("", ""), ('{"error":-114}', "")],
)
def test_an_error_it_names_is_kept_in_our_words(gateway, error, code):
    (receipt,) = gateway.read_receipts(called(report("5", 0, 1, error_info=error)))
    assert (receipt.status, receipt.code) == ("undelivered", code)
    (receipt,) = gateway.read_receipts(called(report("5", 1, 0, error_info=error)))
    assert (receipt.status, receipt.code) == ("delivered", "")


@pytest.mark.parametrize(
    "query",
    [{}, {"SMSID": "d533"}, {"SendStatus": "5"}, report("5", SendFailed="many"), report("5", SendFailed="-1"),
     report("5", SMSID=""), report("")],
    ids=str,
)  # fmt: skip
def test_what_is_not_in_its_form_is_a_bad_request(gateway, query):
    with pytest.raises(BadRequest):
        gateway.read_receipts(called(query))


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "khoá", "\udc80"])
def test_a_wrong_token_changes_nothing(gateway, token):
    query = urlencode({**report("5", 1), "token": token}, errors="surrogateescape")
    with pytest.raises(BadSignature):
        gateway.read_receipts(HookRequest("GET", f"{PUBLIC_URL}{HOOK}?{query}", {}, {}, {}, b""))
    with pytest.raises(BadSignature):
        gateway.read_receipts(replace(called(report("5", 1)), url=PUBLIC_URL + HOOK))


def test_another_installation_has_another_token(esms_at):
    with pytest.raises(BadSignature):
        esms_at("http://127.0.0.1:9", secret="theirs").read_receipts(called(report("5", 1)))


def test_its_own_question_mark_behind_ours_is_understood(gateway):
    """Whether eSMS looks if the address has a query already is not published."""
    url = f"{PUBLIC_URL}{HOOK}?{urlencode({'token': TOKEN, 'key': '17'})}?{urlencode(report('5', 1))}"
    (receipt,) = gateway.read_receipts(HookRequest("GET", url, {}, {}, {}, b""))
    assert (receipt.ref, receipt.status, receipt.key) == ("d533", "delivered", "17")


@pytest.mark.parametrize("key", ["17", "reply-17", "test-3", "alert-9"])
@pytest.mark.parametrize("since", [MORNING, None])
def test_our_key_comes_back_in_the_request_id(esms_server, esms_at, key, since):
    gateway = esms_at(esms_server.url)
    gateway.send([Outgoing(key, MESSAGE.to, "x", since)])
    request_id = told(esms_server)["RequestId"]
    (receipt,) = gateway.read_receipts(called(report("5", 1, RequestId=request_id)))
    assert receipt.key == key


@pytest.mark.parametrize(
    ("request_id", "key", "ours"),
    [("", "17", "17"), ("", None, None), ("c82cd356-bf49-4113-9466-65a7f6359c96", None, None), ("x" * 500, "17", "17")],
)
def test_without_a_request_id_of_ours_the_address_says_whose_it_is(gateway, request_id, key, ours):
    (receipt,) = gateway.read_receipts(called(report("5", 1, RequestId=request_id), key))
    assert receipt.key == ours


def test_nobody_answers_through_esms(gateway):
    with pytest.raises(BadSignature):
        gateway.read_inbound(called({"from": "0912345678", "text": "TC"}))
