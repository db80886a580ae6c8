"""Telegram, reading: commands, what is no text, and who is believed."""

import json
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from bots.platforms.telegram import SECRET_HEADER, Telegram
from sms.gateway import BadSignature
from tests.contracts.chat_row import posted
from tests.contracts.telegram_row import DOOR, message
from tests.servers import telegram as fake_telegram
from tests.servers.telegram import TOKEN


def read(update: dict) -> list:
    body = json.dumps(update).encode()
    bot = Telegram(TOKEN, api_base="http://127.0.0.1:9", webhook_secret="s")
    heard = bot.receive(posted("/hooks/telegram", {SECRET_HEADER: "s"}, body))
    bot.close()
    return heard


@pytest.mark.parametrize("text,kind,heard,came_by", [
    ("/start", "follow", "", None),
    ("/start nghi-loc_12", "follow", "", "nghi-loc_12"),
    ("/START " + "x" * 99, "follow", "", "x" * 64),
    ("/start cứu em với, em bị nhốt", "text", "cứu em với, em bị nhốt", None),
    ("/help tôi bị nhốt", "text", "help tôi bị nhốt", None),
    ("/lang fr", "text", "lang fr", None),
    ("/stop", "text", "STOP", None),
    ("/stop@an_lo_bot", "text", "STOP", None),
    ("/menu", "text", "menu", None),
    ("/help", "text", "menu", None),
    ("/en", "text", "English", None),
    ("/lang vi", "text", "Tiếng Việt", None),
    ("/whatever", "text", "/whatever", None),
    ("/", "text", "/", None),
    ("start", "text", "start", None),
])  # fmt: skip
def test_commands(text, kind, heard, came_by):
    [incoming] = read({"update_id": 1, "message": message("5", "77", {"text": text})})
    assert (incoming.kind, incoming.text, incoming.came_by) == (kind, heard, came_by)


@pytest.mark.parametrize("content,kind,heard", [
    ({"photo": [], "caption": "cứu tôi với"}, "text", "cứu tôi với"),
    ({"animation": {}, "document": {}}, "image", ""),
    ({"video_note": {}}, "voice", ""),
    ({"venue": {}, "location": {"latitude": 51.5, "longitude": -0.12}}, "location", "51.5, -0.12"),
    ({"location": {"latitude": "x"}}, "location", ""),
    ({"video": {}}, "file", ""),
    ({"dice": {}}, "other", ""),
])  # fmt: skip
def test_what_is_no_text(content, kind, heard):
    [incoming] = read({"update_id": 1, "message": message("5", "77", content)})
    assert (incoming.kind, incoming.text) == (kind, heard)


@pytest.mark.parametrize("code,language", [("vi", "vi"), ("en-GB", "en"), ("ru", None), ("", None), (7, None)])
def test_the_language_of_the_app(code, language):
    said = message("5", "77", {"text": "hi"})
    said["from"]["language_code"] = code
    assert read({"update_id": 1, "message": said})[0].language == language


@pytest.mark.parametrize("date", [None, -5, 10**15, "x", True, 1.5])
def test_a_time_no_calendar_has_is_no_time(date):
    assert read({"update_id": 1, "message": message("5", "77", {"text": "hi"}, date=date)})[0].at is None


def test_a_press_on_a_message_too_old_to_be_shown_is_heard_all_the_same():
    query = {"id": "4", "from": {"id": 77, "is_bot": False}, "data": "helpful:3:1"}
    [incoming] = read({"update_id": 1, "callback_query": query})
    assert (incoming.kind, incoming.address, incoming.text) == ("press", "77", "helpful:3:1")


def test_an_unblocked_bot_is_followed_again():
    change = message("5", "77", {"new_chat_member": {"status": "member"}})
    assert read({"update_id": 1, "my_chat_member": change})[0].kind == "follow"


def test_a_press_is_noticed_by_telegram():
    request = DOOR.request("press", "4", "77", "choice:1:0")
    with fake_telegram.serve() as server:
        bot = Telegram(TOKEN, api_base=server.url, webhook_secret=request.header(SECRET_HEADER))
        bot.receive(request)
        end = time.monotonic() + 10
        while server.fake.noticed != ["94"]:
            assert time.monotonic() < end
            time.sleep(0.02)
        bot.close()


def test_without_a_secret_in_the_settings_one_is_made_of_the_token():
    ours, others = Telegram(TOKEN), Telegram(TOKEN + "x")
    request = DOOR.request("text", "5", "77", "chào")
    signed = replace(request, headers={SECRET_HEADER: ours._secret})
    assert ours.receive(signed)
    with pytest.raises(BadSignature):
        others.receive(signed)
    assert TOKEN not in ours._secret


def test_a_hook_is_read_without_the_library():
    """Its import takes half a second, and most processes never talk to Telegram."""
    script = (
        "import sys; from runtime import platforms; from tests.contracts.telegram_row import DOOR, SECRET\n"
        "bot = platforms.Telegram('1:x', webhook_secret=SECRET)\n"
        "assert bot.receive(DOOR.request('text', '5', '77', 'chào'))[0].text == 'chào'\n"
        "bot.close(); print('telegram' in sys.modules, 'httpx' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert found.stdout == "False False\n", found.stderr
