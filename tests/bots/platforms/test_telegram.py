"""Telegram, sending: what its contract row does not say (tests/contracts/telegram_row.py)."""

import threading
import time

import pytest
from telegram.error import NetworkError, TelegramError

from bots.model import Choice
from bots.platform import Reply
from bots.platforms.telegram import Telegram
from bots.platforms.telegram_pace import TO_ONE, Pace
from bots.platforms.telegram_wire import outcome_of
from sms.gateway import Fate
from tests.servers import telegram as fake_telegram
from tests.servers.telegram import TOKEN, Step


@pytest.fixture
def server():
    with fake_telegram.serve() as server:
        yield server


@pytest.fixture
def bot(server):
    bot = Telegram(TOKEN, api_base=server.url, judged=lambda language: ("Có ích", "Chưa"))
    yield bot
    bot.close()


def reply(text="Xin chào", address="77", turn_id=7, **more) -> Reply:
    return Reply(turn_id, "telegram", address, text, **more)


def test_a_text_is_told_as_it_is_without_markup_and_previews(bot, server):
    bot.send(reply("*không* <b>đậm</b> https://dolab.gov.vn"))
    [kept] = server.fake.by_chat["77"]
    assert kept["text"] == "*không* <b>đậm</b> https://dolab.gov.vn"
    assert "parse_mode" not in kept["form"]
    assert '"is_disabled": true' in kept["form"]["link_preview_options"]
    assert "reply_markup" not in kept["form"]


def test_a_long_answer_is_cut_between_paragraphs_and_its_buttons_stand_under_the_last(bot, server):
    first, second = "một " * 900, "hai " * 900
    bot.send(reply(f"{first.strip()}\n\n{second.strip()}", choices=(Choice("Thêm", "thêm"),)))
    texts = server.fake.by_chat["77"]
    assert [kept["text"] for kept in texts] == [first.strip(), second.strip()]
    assert [bool(kept["buttons"]) for kept in texts] == [False, True]


def test_where_the_second_half_was_too_fast_only_that_is_sent_again(bot, server, monkeypatch):
    long = "\n\n".join(["một " * 900, "hai " * 900])
    server.fake.script("77", Step(), Step(429, retry_after=1))
    first = bot.send(reply(long))
    assert (first.error.code, first.wait) == ("too-fast", 1.0)
    time.sleep(1.1)
    assert bot.send(reply(long)).fate is Fate.ACCEPTED
    assert [kept["text"][:3] for kept in server.fake.by_chat["77"]] == ["một", "hai"]


def test_the_words_that_judge_an_answer_are_in_the_language_of_the_answer(server):
    words = {"vi": ("Có ích", "Chưa"), "en": ("Helpful", "Not helpful")}
    bot = Telegram(TOKEN, api_base=server.url, judged=words.__getitem__)
    for n, language in enumerate(words):
        bot.send(reply(address=f"8{n}", language=language, may_be_judged=True))
        [row] = server.fake.by_chat[f"8{n}"][-1]["buttons"]
        assert tuple(button["text"] for button in row) == words[language]
    bot.close()


def test_whoever_was_flooded_is_left_alone_until_then(bot, server):
    server.fake.script("77", Step(429, retry_after=30))
    assert bot.send(reply()).wait == 30.0
    called = server.fake.calls["sendMessage"]
    again = bot.send(reply())
    assert (again.error.code, server.fake.calls["sendMessage"]) == ("too-fast", called)
    assert 28 < again.wait <= 30
    assert bot.send(reply(address="78")).fate is Fate.ACCEPTED


def test_two_texts_to_one_person_are_a_second_apart_and_nobody_else_waits(bot, server):
    bot.send(reply("một"))
    begun = time.monotonic()
    slow = threading.Thread(target=bot.send, args=(reply("hai"),))
    slow.start()
    bot.send(reply(address="78"))
    assert time.monotonic() - begun < 0.5
    slow.join()
    assert time.monotonic() - begun > TO_ONE - 0.2


@pytest.mark.parametrize("calls,waits", [
    ([("a", 0), ("a", 0), ("a", 0)], [0, 1, 2]),
    ([("a", 0), ("a", 1.5)], [0, 0]),
    ([(str(n), 0) for n in range(4)], [n / 30 for n in range(4)]),
    ([("a", 0), ("b", 0), ("a", 0.5)], [0, 1 / 30, 0.5]),
])  # fmt: skip
def test_the_pace(calls, waits):
    pace = Pace()
    assert [pace.reserve(to, now, 5.0) for to, now in calls] == pytest.approx(waits)


def test_whoever_would_wait_too_long_takes_nobodys_place():
    pace = Pace()
    pace.hold("a", 60)
    assert pace.reserve("a", 0, 5.0) == 60
    assert pace.reserve("b", 0, 5.0) == 0


@pytest.mark.parametrize("step,code,wait", [
    (Step(429, "Too Many Requests"), "too-fast", 5.0),
    (Step(403, "Forbidden: bot can't initiate conversation with a user"), "gone", None),
    (Step(400, "Bad Request: PEER_ID_INVALID"), "gone", None),
    (Step(400, "Bad Request: message is too long"), "too-long", None),
    (Step(404, "Not Found"), "credentials", None),
    (Step(400, "Bad Request: group chat was upgraded to a supergroup chat"), "content-refused", None),
    (Step(503, body="<html>"), "not-connected", None),
])  # fmt: skip
def test_refusals(bot, server, step, code, wait):
    server.fake.script("77", step)
    outcome = bot.send(reply())
    assert (outcome.fate, outcome.error.code, outcome.wait) == (Fate.REFUSED, code, wait)


@pytest.mark.parametrize("step", [Step(504, body=""), Step(200, body="{"), Step(200, body="[]"), Step(302, body="")])
def test_an_answer_that_is_none_leaves_it_open(bot, server, step):
    server.fake.script("77", step)
    assert bot.send(reply()).fate is Fate.UNKNOWN


@pytest.mark.parametrize("error", [TelegramError("?"), NetworkError("?"), NetworkError("Unknown error in HTTP")])
def test_an_error_nobody_knows_leaves_it_open(error):
    assert outcome_of(error).fate is Fate.UNKNOWN


@pytest.mark.parametrize("given,missing", [
    ({}, ()),
    ({"token": ""}, ("TELEGRAM_BOT_TOKEN",)),
    ({"token": "no token"}, ("TELEGRAM_BOT_TOKEN",)),
    ({"token": "1:../../x"}, ("TELEGRAM_BOT_TOKEN",)),
    ({"api_base": "http://telegram.example"}, ("TELEGRAM_API_BASE",)),
    ({"api_base": "http://127.0.0.1@telegram.example"}, ("TELEGRAM_API_BASE",)),
    ({"webhook_secret": "có dấu"}, ("TELEGRAM_WEBHOOK_SECRET",)),
])  # fmt: skip
def test_what_is_missing(given, missing):
    assert Telegram(**{"token": TOKEN, **given}).readiness().missing == missing
