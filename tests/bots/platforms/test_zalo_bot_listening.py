"""How the Zalo bot listens: its webhook, and asking for messages that nobody can acknowledge."""

import json
import threading
import time

import pytest

from bots.platform import NotOurs
from bots.platforms import listener, zalo_bot
from bots.platforms.zalo_bot import ZaloBot
from tests.servers import zalo_bot as fake_bot
from tests.servers.zalo_bot import SECRET, TOKEN, Step, event

PERSON = "6ede0001"


@pytest.fixture
def server():
    with fake_bot.serve() as server:
        yield server


@pytest.fixture
def at(monkeypatch):
    """A bot at an address; closed at the end. Looks follow each other at once, and so do repeats."""
    monkeypatch.setattr(listener, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(zalo_bot, "LEAST_SECONDS_A_LOOK", 0.02)
    opened = []

    def at(base, **other):
        opened.append(ZaloBot(TOKEN, SECRET, api_base=base, **other))
        return opened[-1]

    yield at
    for bot in opened:
        bot.close()


def soon(what, seconds=5.0):
    """Waits until `what` comes true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)


def test_with_a_public_address_the_webhook_is_set_and_set_again_until_it_is(server, at):
    server.fake.script("setWebhook", Step(500), Step(close=True))
    bot = at(server.url, public_url="https://an-lo.example/")
    bot.listen(lambda incoming: None)
    soon(lambda: server.fake.webhook)
    assert server.fake.webhook == {"url": "https://an-lo.example/hooks/zalo-bot", "secret_token": SECRET}
    soon(lambda: not bot._listener.running)
    assert server.fake.calls == {"setWebhook": 3}


def test_without_one_it_asks_and_every_message_comes_once(server, at):
    heard = []
    server.fake.webhook = {"url": "https://somewhere.example"}
    server.fake.events.extend(event("message.text.received", f"m{n}", PERSON, text=f"tin {n}") for n in range(5))
    server.fake.events.append(event("message.text.received", "g", "g1", chat_type="GROUP", text="nhóm"))
    bot = at(server.url)
    bot.listen(heard.extend)
    bot.listen(heard.extend)
    soon(lambda: len(heard) == 5 and not server.fake.events)
    assert [incoming.text for incoming in heard] == [f"tin {n}" for n in range(5)]
    server.fake.events.append(event("message.text.received", "m9", PERSON, text="sau"))
    soon(lambda: len(heard) == 6)
    assert server.fake.calls["deleteWebhook"] == 1 and bot.readiness().notes == ()


def test_a_message_that_cannot_be_stored_is_held_until_it_can(server, at, monkeypatch):
    tries, heard = [], []

    def take(incoming):
        if incoming:
            tries.append(incoming)
            if len(tries) < 3:
                raise OSError("the database is away")
            heard.extend(incoming)

    server.fake.events.append(event("message.text.received", "m1", PERSON, text="một"))
    at(server.url).listen(take)
    soon(lambda: heard)
    assert [incoming.text for incoming in heard] == ["một"]


def test_a_message_in_hand_is_stored_when_it_is_told_to_stop(server, at):
    tries, held = [], threading.Event()

    def take(incoming):
        if incoming:
            tries.append(incoming)
            held.set()
            if len(tries) == 1:
                raise OSError("the database is away")

    server.fake.events.append(event("message.text.received", "m1", PERSON, text="một"))
    bot = at(server.url)
    bot.listen(take)
    assert held.wait(5)
    bot.close()
    assert [incoming[0].text for incoming in tries] == ["một", "một"]


def test_where_another_process_listens_it_ends_and_may_begin_again(server, at):
    heard, elsewhere = [], threading.Event()
    elsewhere.set()

    def take(incoming):
        heard.extend(incoming)
        if elsewhere.is_set():
            raise NotOurs

    server.fake.events.append(event("message.text.received", "m1", PERSON, text="một"))
    bot = at(server.url)
    bot.listen(take)
    soon(lambda: not bot._listener.running)
    assert server.fake.calls == {}, "nothing was taken that another process should get"
    elsewhere.clear()
    bot.listen(take)
    soon(lambda: heard)


def test_a_provider_that_does_not_wait_is_not_stormed(server, at, monkeypatch):
    monkeypatch.setattr(zalo_bot, "LEAST_SECONDS_A_LOOK", 0.2)
    server.fake.hold = 0.0
    at(server.url).listen(lambda incoming: None)
    soon(lambda: server.fake.calls["getUpdates"])
    time.sleep(0.5)
    assert server.fake.calls["getUpdates"] <= 4


def test_the_same_event_again_and_again_is_taken_once(server, at):
    heard = []
    same = {"ok": True, "result": event("message.text.received", "m1", PERSON, text="một")}
    server.fake.script("getUpdates", *[Step(body=json.dumps(same))] * 5)
    at(server.url).listen(heard.extend)
    soon(lambda: server.fake.calls["getUpdates"] >= 5)
    assert len(heard) == 1


def test_a_revoked_token_is_said_to_staff_and_once_in_the_log(server, at, caplog):
    server.fake.script("getUpdates", *[Step(401, f"Unauthorized {TOKEN}")] * 3)
    bot = at(server.url)
    bot.listen(lambda incoming: None)
    soon(lambda: bot.readiness().notes)
    assert bot.readiness().notes == ("zalo-bot-not-heard",)
    soon(lambda: not bot.readiness().notes)
    assert caplog.text.count("is not heard") == 1 and TOKEN not in caplog.text


def test_an_event_out_of_form_does_not_stop_the_next_one(server, at):
    heard = []
    server.fake.events.extend([{"event_name": "message.text.received", "message": 7}, {}, [], "x"])
    server.fake.events.append(event("message.text.received", "m1", PERSON, text="một"))
    at(server.url).listen(heard.extend)
    soon(lambda: heard)
    assert [incoming.text for incoming in heard] == ["một"]
