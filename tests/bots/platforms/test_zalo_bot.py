"""What is the Zalo Bot Platform's own: its envelope, its errors inside HTTP 200, what its webhook brings."""

import json

import pytest

from bots.platform import Reply
from bots.platforms import zalo_bot
from bots.platforms.zalo_bot import ZaloBot
from sms.gateway import ERRORS, BadRequest, BadSignature, Fate, HookRequest
from tests.servers import zalo_bot as fake_bot
from tests.servers.zalo_bot import HEADER, SECRET, TOKEN, Step, event

PERSON = "6ede0001"


@pytest.fixture
def server():
    with fake_bot.serve() as server:
        yield server


@pytest.fixture
def at():
    """A bot at an address; closed at the end."""
    opened = []

    def at(base, **other):
        opened.append(ZaloBot(TOKEN, other.pop("webhook_secret", SECRET), api_base=base, **other))
        return opened[-1]

    yield at
    for bot in opened:
        bot.close()


def reply(text="Xin chào", address=PERSON) -> Reply:
    return Reply(7, "zalo-bot", address, text)


def hooked(content: object, secret: str = SECRET) -> HookRequest:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return HookRequest("POST", "https://an-lo.example/hooks/zalo-bot", {HEADER: secret}, {}, {}, body)


# -- settings


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ("ZALO_BOT_TOKEN",)),
        ({"token": "1:x"}, ()),
        ({"token": "1:x", "public_url": "http://127.0.0.1:8000"}, ()),
        ({"token": "1:x", "public_url": "https://an-lo.example"}, ("ZALO_BOT_WEBHOOK_SECRET",)),
        ({"token": "1:x", "public_url": "https://an-lo.example", "webhook_secret": "seven77"},
         ("ZALO_BOT_WEBHOOK_SECRET",)),
        ({"token": "1:x", "public_url": "https://an-lo.example", "webhook_secret": "x" * 257},
         ("ZALO_BOT_WEBHOOK_SECRET",)),
        ({"token": "1:x", "public_url": "https://an-lo.example", "webhook_secret": "eight888"}, ()),
        ({"token": "1:x", "api_base": "http://bot.example"}, ("ZALO_BOT_API_BASE",)),
    ],
)  # fmt: skip
def test_what_is_missing(given, missing):
    bot = ZaloBot(**given)
    assert bot.readiness().missing == missing
    if missing:
        assert bot.send(reply()).error.code == "configuration"


# -- what goes out


def test_every_code_of_the_table(server, at):
    codes = zalo_bot._table()["codes"]
    for code, ours in codes.items():
        server.fake.script(PERSON, Step(int(code), f"about {PERSON} and {TOKEN}"))
        outcome = at(server.url).send(reply())
        assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, ours)
        assert ours in ERRORS and code in outcome.error.raw
        assert PERSON not in outcome.error.raw and TOKEN not in outcome.error.raw
    assert server.fake.by_chat == {}


@pytest.mark.parametrize(
    ("step", "fate", "code"),
    [
        (Step(777), Fate.REFUSED, "content-refused"),
        (Step(body='{"ok": false}'), Fate.REFUSED, "content-refused"),
        (Step(body='{"ok": "true", "result": {}}'), Fate.REFUSED, "content-refused"),
        (Step(500, "Internal"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(408, "Request timeout"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=500, body='{"ok": false, "error_code": 400}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=502, body="<html>Bad Gateway</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="<html>a hotel's sign-in page</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="[]"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=401, body=""), Fate.REFUSED, "credentials"),
        (Step(status=302, body=""), Fate.REFUSED, "configuration"),
        (Step(status=404, body=""), Fate.REFUSED, "configuration"),
        (Step(status=400, body="<html>"), Fate.REFUSED, "gateway-trouble"),
        (Step(status=429, body=""), Fate.REFUSED, "too-fast"),
        (Step(close=True), Fate.UNKNOWN, "gateway-trouble"),
    ],
    ids=str,
)
def test_what_an_answer_means(server, at, step, fate, code):
    server.fake.script(PERSON, step)
    outcome = at(server.url).send(reply())
    assert (outcome.fate, outcome.error.code) == (fate, code)
    assert server.fake.calls == {"sendMessage": 1}, "nothing is tried again by itself"


@pytest.mark.parametrize(
    ("step", "wait"),
    [
        (Step(429), 60.0),
        (Step(429, headers={"Retry-After": "7"}), 7.0),
        (Step(body='{"ok": false, "error_code": 429, "parameters": {"retry_after": 9}}'), 9.0),
        (Step(body='{"ok": false, "error_code": "429", "parameters": {"retry_after": -9}}'), 60.0),
        (Step(429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28 GMT"}), 60.0),
    ],
    ids=str,
)
def test_how_long_to_wait(server, at, step, wait):
    server.fake.script(PERSON, step)
    outcome = at(server.url).send(reply())
    assert (outcome.error.code, outcome.wait) == ("too-fast", wait)


def test_a_longer_text_goes_in_pieces_and_in_order(server, at):
    text = "a" * 1500 + "\n\n" + "b" * 1500 + "\n\n" + "c" * 400
    assert at(server.url).send(reply(text)).fate is Fate.ACCEPTED
    assert server.fake.by_chat[PERSON] == ["a" * 1500, "b" * 1500 + "\n\n" + "c" * 400]


def test_where_a_later_piece_fails_nobody_repeats_the_first(server, at):
    server.fake.script(PERSON, Step(), Step(403))
    outcome = at(server.url).send(reply("a" * 1500 + "\n\n" + "b" * 1500))
    assert outcome.fate is Fate.UNKNOWN and "gone" in outcome.error.raw
    assert server.fake.by_chat[PERSON] == ["a" * 1500]


# -- what comes in


@pytest.mark.parametrize("outer", [True, False])
def test_both_forms_of_an_event_are_read_alike(outer):
    bare = event("message.text.received", "2d75", PERSON, text="Xin chào")
    [heard] = ZaloBot(TOKEN, SECRET).receive(hooked({"ok": True, "result": bare} if outer else bare))
    assert (heard.provider_id, heard.address, heard.kind, heard.text) == ("2d75", PERSON, "text", "Xin chào")
    assert heard.at.isoformat() == "2026-12-01T00:00:00+00:00"


def test_words_under_a_picture_are_words():
    content = event("message.image.received", "2d75", PERSON, photo="https://x.example/1.jpg", caption="thật không")
    [heard] = ZaloBot(TOKEN, SECRET).receive(hooked(content))
    assert (heard.kind, heard.text) == ("text", "thật không")


def test_in_a_group_it_hears_nothing():
    content = event("message.text.received", "2d75", "g1", chat_type="GROUP", text="cứu em với")
    assert ZaloBot(TOKEN, SECRET).receive(hooked({"ok": True, "result": content})) == []


@pytest.mark.parametrize(("ours", "theirs"), [(SECRET, "wrong"), (SECRET, ""), ("", ""), ("", "x"), (SECRET, "ký")])
def test_the_secret_is_asked_for_before_anything_is_read(ours, theirs):
    with pytest.raises(BadSignature):
        ZaloBot(TOKEN, ours).receive(hooked(b"{not even JSON", theirs))
    if ours:
        with pytest.raises(BadRequest):
            ZaloBot(TOKEN, ours).receive(hooked(b"{not even JSON", ours))


def test_odd_ids_become_keys_that_fit(at):
    bot, ids = ZaloBot(TOKEN, SECRET), []
    for ref in ("x" * 10_000, "x" * 10_001, "chữ", "a\0b", "a b"):
        [heard] = bot.receive(hooked(event("message.text.received", ref, PERSON, text="x")))
        ids.append(heard.provider_id)
    assert len(set(ids)) == 5
    assert all(len(each) <= 120 and each.isascii() and each.isprintable() for each in ids)
