"""What Zalo's webhook brings: its signature in both readings, every event, and what somebody might forge."""

import json
import logging
from hashlib import sha256

import pytest

from bots.platforms.zalo import signature
from sms.gateway import BadRequest, BadSignature, HookRequest
from tests.bots.platforms.made import Clock
from tests.bots.platforms.made import a_zalo as made
from tests.servers import zalo
from tests.servers.zalo import event, headers_for

PERSON, STAMP = "700000001", "1796083200000"


class Nowhere:
    """The address of a provider that is never called."""

    url = "http://127.0.0.1:9"


@pytest.fixture
def a_zalo(sqlite_db):
    return lambda **settings: made(sqlite_db, Nowhere, Clock(), **settings)


def hooked(content: object, **how) -> HookRequest:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return HookRequest("POST", "https://an-lo.example/hooks/zalo", headers_for(body, STAMP, **how), {}, {}, body)


def said(text: str = "xin chào", **more) -> dict:
    return event("user_send_text", PERSON, msg_id="a1", text=text, **more)


# -- the signature


def test_the_worked_example_of_a_signature(a_zalo):
    """Put together by hand: app id, the bytes as they came, timestamp, the account's secret; SHA-256, no HMAC."""
    body = b'{"app_id":"1","event_name":"user_send_text","timestamp":"1796083200000","sender":{"id":"7"},' \
           b'"recipient":{"id":"9"},"message":{"msg_id":"a","text":"xin ch\xc3\xa0o"}}'  # fmt: skip
    by_hand = sha256(b"1" + body + b"1796083200000" + b"s3cret").hexdigest()
    assert signature("1", body, STAMP, "s3cret") == by_hand
    platform = a_zalo(app_id="1", oa_secret="s3cret")
    for given in (f"mac={by_hand}", by_hand, f"mac={by_hand.upper()}", f" mac={by_hand} "):
        request = HookRequest("POST", "https://x.example/hooks/zalo", {"x-zevent-signature": given}, {}, {}, body)
        [heard] = platform.receive(request)
        assert heard.text == "xin chào"


@pytest.mark.parametrize(
    ("setting", "stamp", "believed"),
    [
        ("either", "body", True), ("either", "header", True),
        ("body", "body", True), ("body", "header", False),
        ("header", "header", True), ("header", "body", False),
    ],
)  # fmt: skip
def test_whose_timestamp_is_signed_is_a_setting(a_zalo, setting, stamp, believed):
    platform, request = a_zalo(signed=setting), hooked(said(), stamp=stamp)
    if believed:
        assert platform.receive(request)
    else:
        with pytest.raises(BadSignature):
            platform.receive(request)


def test_which_one_matched_is_logged_once_and_never_the_secret(a_zalo, caplog):
    caplog.set_level(logging.DEBUG)
    platform = a_zalo()
    for stamp in ("header", "header", "body"):
        platform.receive(hooked(said(), stamp=stamp))
    lines = [record.getMessage() for record in caplog.records if "timestamp" in record.getMessage()]
    assert len(lines) == 2 and "of the header" in lines[0] and "of the body" in lines[1]
    assert zalo.OA_SECRET not in caplog.text and "xin chào" not in caplog.text and PERSON not in caplog.text


@pytest.mark.parametrize(
    "request_",
    [
        hooked(said(), secret="another"),
        hooked(said(), app_id="999"),
        hooked({**said(), "app_id": "999"}),
        hooked({**said(), "app_id": "999"}, app_id="999"),
        hooked({name: value for name, value in said().items() if name != "app_id"}),
        hooked({**said(), "timestamp": "1796083200001"}),
        hooked({**said(), "timestamp": None}),
    ],
    ids=["secret", "other app's signature", "other app", "both other", "no app", "other timestamp", "no timestamp"],
)
def test_what_is_not_proven_is_not_read(a_zalo, request_):
    with pytest.raises(BadSignature):
        a_zalo().receive(request_)


@pytest.mark.parametrize("missing", ["oa_secret", "app_id"])
def test_without_a_secret_nobody_is_believed(a_zalo, missing):
    platform = a_zalo(**{missing: ""})
    how = {"secret": ""} if missing == "oa_secret" else {"app_id": ""}
    about = {"app_id": "" if missing == "app_id" else zalo.APP_ID}
    with pytest.raises(BadSignature):
        platform.receive(hooked({**said(), **about}, **how))


def test_an_app_id_may_be_a_number(a_zalo):
    assert a_zalo().receive(hooked({**said(), "app_id": int(zalo.APP_ID)}))


def test_a_replay_is_the_same_event_and_a_retry_too(a_zalo):
    """Zalo itself repeats for an hour (header num_retry); the inbox stores what has one id once."""
    first = hooked(said())
    retry = HookRequest("POST", first.url, {**first.headers, "num_retry": "3"}, {}, {}, first.body)
    assert a_zalo().receive(first) == a_zalo().receive(retry)


# -- events


def at(place: dict) -> dict:
    return {"attachments": [{"type": "location", "payload": place}]}


@pytest.mark.parametrize(
    ("name", "content", "kind", "text"),
    [
        ("user_send_text", {"text": "cứu em với"}, "text", "cứu em với"),
        ("user_send_text", {}, "text", ""),
        ("user_send_image", {"attachments": [{"type": "image", "payload": {"url": "https://x"}}]}, "image", ""),
        ("user_send_image", {"text": "tin này thật không"}, "text", "tin này thật không"),
        ("user_send_gif", {}, "image", ""),
        ("user_send_sticker", {"text": " "}, "sticker", " "),
        ("user_send_audio", {}, "voice", ""),
        ("user_send_video", {}, "other", ""),
        ("user_send_file", {}, "file", ""),
        ("user_send_link", {}, "other", ""),
        ("user_send_business_card", {}, "other", ""),
        ("user_send_something_of_2030", {}, "other", ""),
        ("user_send_location", at({"coordinates": {"latitude": "18.6", "longitude": "5"}}), "location", "18.6, 5.0"),
        ("user_send_location", at({"latitude": 18.6, "longitude": -5}), "location", "18.6, -5.0"),
        ("user_send_location", at({"coordinates": {"latitude": "x"}}), "location", ""),
        ("user_send_location", at({"latitude": "NaN", "longitude": "1"}), "location", ""),
        ("user_send_location", at({"latitude": 91, "longitude": 1}), "location", ""),
        ("user_send_location", {"text": "x", "attachments": []}, "location", ""),
    ],
)  # fmt: skip
def test_what_people_send(a_zalo, name, content, kind, text):
    [heard] = a_zalo().receive(hooked(event(name, PERSON, msg_id="a1", **content)))
    assert (heard.provider_id, heard.address, heard.kind, heard.text) == (f"{name}:a1", PERSON, kind, text)
    assert heard.at.isoformat() == "2026-12-01T00:00:00+00:00"


@pytest.mark.parametrize("name", ["follow", "unfollow"])
def test_who_comes_and_who_leaves(a_zalo, name):
    [heard] = a_zalo().receive(hooked(event(name, PERSON)))
    assert (heard.kind, heard.address, heard.text) == (name, PERSON, "")
    [other] = a_zalo().receive(hooked(event(name, "700000002")))
    assert heard.provider_id != other.provider_id and PERSON not in heard.provider_id


@pytest.mark.parametrize(
    "name",
    ["user_seen_message", "user_received_message", "user_send_group_text", "oa_send_text", "widget_failed", ""],
)
def test_other_events_say_nothing_and_are_logged_by_name_only(a_zalo, caplog, name):
    caplog.set_level(logging.INFO)
    assert a_zalo().receive(hooked(event(name, PERSON, msg_id="a1", text="riêng tư"))) == []
    assert "riêng tư" not in caplog.text and PERSON not in caplog.text


def test_an_id_that_is_no_key_becomes_one(a_zalo):
    ids = set()
    for ref in ("x" * 10_000, "x" * 10_001, "chữ", "a\0b", 17, "17 "):
        [heard] = a_zalo().receive(hooked(event("user_send_text", PERSON, msg_id=ref, text="x")))
        ids.add(heard.provider_id)
        assert len(heard.provider_id) <= 120 and heard.provider_id.isascii() and heard.provider_id.isprintable()
    assert len(ids) == 6


def test_without_an_id_a_message_is_known_by_its_time(a_zalo):
    one, same = (a_zalo().receive(hooked(event("user_send_text", PERSON, text="x"))) for _ in range(2))
    assert one == same and one[0].provider_id.startswith("user_send_text:") and PERSON not in one[0].provider_id


@pytest.mark.parametrize("stamp", ["1796083200", "soon", "-1796083200000", "9" * 40, 17960832.5, True, "", []])
def test_a_time_that_is_none_is_left_out(a_zalo, stamp):
    body = json.dumps({**said(), "timestamp": stamp}).encode()
    headers = headers_for(body, STAMP, stamp="header")
    [heard] = a_zalo().receive(HookRequest("POST", "https://x.example/hooks/zalo", headers, {}, {}, body))
    assert heard.at is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"1" * 1_000_000, b'{"a":' * 200_000, b'{"a":' + b"9" * 9_000 + b"}"],
    ids=["nothing", "half", "a list", "no UTF-8", "a big number", "deep", "endless"],
)
def test_nonsense_is_a_bad_request(a_zalo, content):
    with pytest.raises(BadRequest):
        a_zalo().receive(hooked(content))
