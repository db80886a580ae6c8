"""Telegram, listening: nothing is acknowledged before it is stored, whatever ends the process, and nothing ends it."""

import socket
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from bots.platform import NotOurs
from bots.platforms import telegram_listening
from bots.platforms.telegram import Telegram
from tests.contracts.telegram_row import event, message
from tests.servers import telegram as fake_telegram
from tests.servers.raw_http import Server
from tests.servers.telegram import TOKEN, Step


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(telegram_listening, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(telegram_listening, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(telegram_listening, "TAKEN_PAUSE", 0.05)


@pytest.fixture
def server():
    with fake_telegram.serve() as server:
        yield server


@pytest.fixture
def bot(server):
    bot = Telegram(TOKEN, api_base=server.url)
    yield bot
    bot.close()


class Kept(list):
    """A Take; `refusals` are raised first, one a time."""

    def __init__(self, *refusals):
        self.refusals = list(refusals)

    def __call__(self, incoming):
        if incoming and self.refusals:
            raise self.refusals.pop(0)
        self.extend(incoming)

    @property
    def texts(self):
        return [heard.text for heard in self]


def says(fake, text, ref=5):
    return fake.happens({"message": message(str(ref), "77", {"text": text})})


def test_what_is_written_is_heard_once_and_in_order(bot, server):
    kept = Kept()
    for n in range(150):
        says(server.fake, f"tin {n}", n)
    bot.listen(kept)
    until(lambda: len(kept) == 150 and not server.fake.updates)
    says(server.fake, "sau")
    until(lambda: len(kept) == 151)
    assert kept.texts == [f"tin {n}" for n in range(150)] + ["sau"]


def test_what_could_not_be_stored_is_asked_for_again(bot, server):
    kept = Kept(OSError("the disk is full"), OSError("still"))
    number = says(server.fake, "một")
    bot.listen(kept)
    until(lambda: kept.texts == ["một"] and not server.fake.updates)
    assert server.fake.offsets[:3] == [None, None, None]
    assert server.fake.offsets[3] == number + 1


#: Stores what it hears in a file, and is killed before it can say so.
KILLED = """
    import os, signal, sys
    from bots.platforms.telegram import Telegram

    def take(incoming):
        if incoming:
            open(sys.argv[2], "a").write("".join(heard.text + "\\n" for heard in incoming))
            os.kill(os.getpid(), signal.SIGKILL)

    Telegram(sys.argv[3], api_base=sys.argv[1]).listen(take)
    import time; time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_process_killed_at_the_worst_moment_loses_nothing(bot, server, tmp_path):
    says(server.fake, "cứu")
    script = [sys.executable, "-c", textwrap.dedent(KILLED), server.url, str(tmp_path / "kept"), TOKEN]
    assert subprocess.run(script, timeout=60).returncode == -9
    assert (tmp_path / "kept").read_text() == "cứu\n"
    kept = Kept()
    bot.listen(kept)
    until(lambda: kept.texts == ["cứu"] and not server.fake.updates)


def test_an_update_in_no_form_does_not_hold_up_the_others(bot, server):
    kept = Kept()
    for odd in ({"message": []}, {"message": {"chat": {"type": "private"}}}, {"news_of_2030": 1}):
        server.fake.happens(odd)
    says(server.fake, "sau")
    bot.listen(kept)
    until(lambda: kept.texts and not server.fake.updates)
    assert kept.texts == ["sau"]


def test_somebody_else_who_asks_is_an_alarm_and_not_the_end(bot, server, caplog):
    server.fake.webhook = {"url": "https://elsewhere.example"}
    kept = Kept()
    says(server.fake, "một")
    bot.listen(kept)
    until(lambda: bot.readiness().notes == ("telegram-taken",))
    assert bot.readiness().ready, "sending goes on"
    server.fake.webhook = {}
    until(lambda: kept.texts == ["một"] and bot.readiness().notes == ())
    alarms = [line for line in caplog.messages if "telegram-taken" in line]
    assert len(alarms) == 1, "said once, not at each try"


def test_a_revoked_token_is_an_alarm_without_the_token(bot, server, caplog):
    server.fake.token = "revoked"
    bot.listen(Kept())
    until(lambda: bot.readiness().notes == ("telegram-token-refused",))
    server.fake.token = TOKEN
    until(lambda: bot.readiness().notes == ())
    assert TOKEN not in caplog.text


def test_a_network_that_comes_back_is_used_again():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bot, kept, fake = Telegram(TOKEN, api_base=f"http://127.0.0.1:{port}"), Kept(), fake_telegram.Fake()
    bot.listen(kept)
    until(lambda: bot.readiness().notes == ("telegram-out-of-reach",))
    says(fake, "một")
    server = Server(fake.answer, port)
    threading.Thread(target=server.run, daemon=True).start()
    until(lambda: kept.texts and bot.readiness().notes == ())
    assert kept.texts == ["một"]
    bot.close()
    server.stop()


@pytest.mark.parametrize("step", [
    Step(429, retry_after=0.1), Step(502, body="<html>"), Step(500), Step(close=True), Step(200, body="{"),
    Step(200, body='{"ok": true, "result": {}}'), Step(200, body='{"ok": true, "result": [1, null]}'),
])  # fmt: skip
def test_whatever_telegram_answers_the_next_question_is_asked(bot, server, step):
    server.fake.script("getUpdates", step)
    kept = Kept()
    says(server.fake, "một")
    bot.listen(kept)
    until(lambda: kept.texts == ["một"])


def test_whoever_is_told_that_another_listens_ends_and_may_begin_again(bot, server):
    kept = Kept(NotOurs())
    says(server.fake, "một")
    bot.listen(kept)
    until(lambda: bot._listens.done())
    assert not kept and server.fake.updates, "the other one will hear it"
    bot.listen(kept)
    until(lambda: kept.texts == ["một"])


def test_to_listen_twice_is_to_listen_once(bot, server):
    kept = Kept()
    bot.listen(kept)
    first = bot._listens
    bot.listen(kept)
    assert bot._listens is first


def test_a_press_is_noticed(bot, server):
    pressed = event("press", "4", "77", "choice:1:0")
    server.fake.happens({"callback_query": pressed["callback_query"]})
    kept = Kept()
    bot.listen(kept)
    until(lambda: server.fake.noticed == ["94"])
    assert kept.texts == ["choice:1:0"]


def test_ending_does_not_wait_for_the_long_question(bot, server, monkeypatch):
    monkeypatch.setattr(fake_telegram, "_LOOK_AGAIN", 20.0)
    bot.listen(Kept())
    until(lambda: server.fake.calls["getUpdates"])
    begun = time.monotonic()
    bot.close()
    assert time.monotonic() - begun < 5


def test_with_a_public_address_telegram_is_told_once_where_to_call(server):
    bot = Telegram(TOKEN, api_base=server.url, public_url="https://an-lo.example/")
    server.fake.script("setWebhook", Step(500), Step(429, retry_after=0.1))
    bot.listen(Kept())
    until(lambda: bot._listens.done())
    assert server.fake.webhook["url"] == "https://an-lo.example/hooks/telegram"
    assert server.fake.webhook["secret_token"] == bot._secret
    assert '"my_chat_member"' in server.fake.webhook["allowed_updates"]
    assert (server.fake.calls["setWebhook"], server.fake.calls["getUpdates"]) == (3, 0)
    bot.close()


@pytest.mark.parametrize("address", ["", "http://an-lo.example", "https://localhost", "https://127.0.0.1:8443"])
def test_an_address_telegram_cannot_call_means_asking(server, address):
    bot = Telegram(TOKEN, api_base=server.url, public_url=address)
    bot.listen(Kept())
    until(lambda: server.fake.calls["getUpdates"])
    assert not server.fake.webhook
    bot.close()


def test_what_is_not_set_up_listens_to_nobody():
    bare = Telegram()
    bare.listen(Kept())
    assert bare._listens is None
