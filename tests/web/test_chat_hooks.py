"""The doors of chat platforms: whoever proves who they are is believed, stored and answered at once; nobody else."""

import dataclasses
import io
import json
from types import MappingProxyType

import pytest
from sqlalchemy import func, select

import web
from bots.arrivals import Arrivals
from bots.platforms.telegram import SECRET_HEADER, Telegram
from db.tables import arrivals, turns
from tests.contracts.telegram_row import SECRET, event, message

PATHS = ("/hooks/telegram", "/hooks/zalo", "/hooks/zalo-bot")


@pytest.fixture
def house(rt):
    """The house with a Telegram bot set up, whose provider nobody reaches."""
    bot = Telegram("1:token", api_base="http://127.0.0.1:9", webhook_secret=SECRET)
    yield dataclasses.replace(rt, platforms=MappingProxyType({**rt.platforms, "telegram": bot}))
    bot.close()


@pytest.fixture
def caller(house):
    app = web.create_app(house)
    app.testing = False  # a stack trace must not reach the caller either
    return app.test_client()


def rows(rt, table=arrivals) -> int:
    with rt.db.reading() as c:
        return c.execute(select(func.count()).select_from(table)).scalar_one()


def post(caller, body, secret=SECRET):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    return caller.post("/hooks/telegram", data=body, headers=headers, content_type="application/json")


def test_what_is_proven_is_stored_and_answered_empty_and_nothing_is_thought_of_yet(caller, house):
    before = rows(house, turns)
    answer = post(caller, event("text", "5", "77", "xin chào"))
    assert (answer.status_code, answer.data) == (200, b"")
    assert (rows(house), rows(house, turns)) == (1, before)
    assert house.wake.is_set()


def test_a_replay_is_200_and_changes_nothing(caller, house):
    for _ in range(3):
        assert post(caller, event("text", "5", "77", "xin chào")).status_code == 200
    assert rows(house) == 1


@pytest.mark.parametrize("secret", [None, "", "x", SECRET + "x", SECRET.upper(), "ký giả".encode().decode("latin-1")])
def test_a_forged_one_is_403_and_changes_nothing(caller, house, secret):
    answer = post(caller, event("text", "5", "77", "xin chào"), secret)
    assert (answer.status_code, answer.json["error"]) == (403, "http-403")
    assert rows(house) == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_platform_that_is_not_set_up_believes_nobody(visitor, rt, path):
    for headers in ({}, {SECRET_HEADER: ""}, {"X-Bot-Api-Secret-Token": ""}, {"X-ZEvent-Signature": "mac="}):
        assert visitor.post(path, data=b"{}", headers=headers).status_code == 403
    assert rows(rt) == 0


@pytest.mark.parametrize("path", PATHS)
def test_only_by_post(visitor, path):
    assert visitor.get(path).status_code == 405


@pytest.mark.parametrize("body", [
    b"", b"{", b"[1]", b"\xff\xfe", "ký tự".encode("utf-16"), b'{"update_id":' + b"9" * 10_000 + b"}",
    b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"update_id=1&message=hi",
])  # fmt: skip
def test_proven_but_in_no_form_is_400(caller, house, body):
    answer = post(caller, body)
    assert (answer.status_code, answer.json["error"]) == (400, "http-400")
    assert b"Traceback" not in answer.data and rows(house) == 0


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
@pytest.mark.parametrize("path", PATHS)
def test_over_a_megabyte_is_413_before_anything_is_asked(caller, house, path, size):
    assert caller.post(path, data=b"x" * size, content_type="application/json").status_code == 413
    assert rows(house) == 0


def test_over_a_megabyte_in_pieces_of_unknown_number_is_413(caller, house):
    headers = {SECRET_HEADER: SECRET, "Transfer-Encoding": "chunked"}
    answer = caller.post(
        "/hooks/telegram", headers=headers, input_stream=io.BytesIO(b"x" * 10_000_000),
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 413
    assert rows(house) == 0


def test_a_body_that_almost_fills_the_megabyte_is_taken(caller, house):
    assert post(caller, event("text", "5", "77", "dài " * 100_000)).status_code == 200
    assert rows(house) == 1


@pytest.mark.parametrize("update", [
    {"update_id": 1}, {"update_id": 2, "poll_answer": {"x": 1}}, {"update_id": 3, "news_of_2030": [[[]]]},
])  # fmt: skip
def test_an_event_nobody_knows_is_200_and_nothing(caller, house, update):
    assert post(caller, update).status_code == 200
    assert rows(house) == 0


def test_a_person_with_an_endless_name_is_nobody(caller, house):
    assert post(caller, event("text", "5", "9" * 10_000, "chào")).status_code == 200
    assert rows(house) == 0
    assert post(caller, event("text", "6", "77", "chào")).status_code == 200
    assert rows(house) == 1


@pytest.mark.parametrize("text", ["nửa \ud83d chữ", "\u0000", "x" * 300_000, "\u202e" * 50, "'; DROP TABLE turns; --"])
def test_a_text_of_any_kind_is_stored(caller, house, text):
    assert post(caller, event("text", "5", "77", text)).status_code == 200
    assert rows(house) == 1


def test_fields_nobody_knows_are_ignored(caller, house):
    said = message("5", "77", {"text": "chào"}, new={"of": ["2030"]}, entities=None)
    assert post(caller, {"update_id": 1, "message": said, "extra": 7}).status_code == 200
    assert rows(house) == 1


def test_what_cannot_be_stored_is_not_said_to_be(caller, house, monkeypatch):
    """The provider brings it again: only what is on the disk may be answered 200."""

    def full(self, *arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(Arrivals, "take", full)
    answer = post(caller, event("text", "5", "77", "chào"))
    assert answer.status_code == 500
    assert b"disk" not in answer.data and b"Traceback" not in answer.data
