"""Telegram as the contract suite meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bots.platforms.telegram import SECRET_HEADER, Telegram
from tests.contracts.chat_row import Door, Row, posted
from tests.servers import telegram as fake_telegram
from tests.servers.telegram import Step

SECRET = "a_secret-of-the-test"
#: 1 December 2026.
DATE = 1_796_083_200
#: What Telegram sends for each kind of message that is no text.
CARRIED = {
    "image": {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]},
    "sticker": {"sticker": {"file_id": "x", "emoji": "🙂"}},
    "voice": {"voice": {"file_id": "x", "duration": 3}},
    "location": {"location": {"latitude": 18.67, "longitude": 105.69}},
    "file": {"document": {"file_id": "x"}},
    "other": {"contact": {"phone_number": "+84912345678", "first_name": "x"}},
}


def message(ref: str, address: str, content: dict, **more) -> dict:
    chat = int(address) if len(address) < 20 else address
    return {
        "message_id": int(ref), "date": DATE, "chat": {"id": chat, "type": "private", "first_name": "Lan"},
        "from": {"id": chat, "is_bot": False, "first_name": "Lan", "language_code": "vi"}, **content, **more,
    }  # fmt: skip


def event(kind: str, ref: str, address: str, text: str = "", **more) -> dict:
    update = {"update_id": 5000 + int(ref), **more}
    if kind == "press":
        pressed = message("3", address, {"text": "câu trả lời"})
        query = {"id": f"9{ref}", "from": pressed["from"], "message": pressed, "data": text}
        return {**update, "callback_query": query}
    if kind == "edit":
        return {**update, "edited_message": message(ref, address, {"text": text, "edit_date": DATE + 60})}
    if kind == "follow":
        return {**update, "message": message(ref, address, {"text": "/start"})}
    if kind == "unfollow":
        change = message(ref, address, {"new_chat_member": {"status": "kicked", "user": {"id": 1, "is_bot": True}}})
        return {**update, "my_chat_member": change}
    return {**update, "message": message(ref, address, {"text": text} if kind == "text" else CARRIED[kind], **more)}


def sign(body: bytes, secret: str = SECRET):
    return posted("/hooks/telegram", {SECRET_HEADER: secret}, body)


def _others() -> tuple[dict, ...]:
    group = message("1", "77", {"text": "hi"})
    group["chat"] = {"id": -100, "type": "supergroup"}
    machine = message("1", "77", {"text": "hi"})
    machine["from"] = {"id": 78, "is_bot": True}
    return (
        {"update_id": 1, "message": group}, {"update_id": 2, "message": machine},
        {"update_id": 3, "message": message("1", "77", {"pinned_message": {}})},
        {"update_id": 4, "edited_message": message("1", "77", CARRIED["location"])},
        {"update_id": 5, "poll_answer": {}}, {"update_id": 6, "something_of_2030": {"x": [1]}}, {"update_id": 7},
        {"update_id": 8, "my_chat_member": message("1", "77", {"new_chat_member": {"status": "restricted"}})},
        {"update_id": 9, "channel_post": group},
    )  # fmt: skip


DOOR = Door(
    kinds=frozenset({"text", "press", "edit", "follow", "unfollow", *CARRIED}),
    event=event,
    sign=sign,
    forge=lambda body: sign(body, "another-secret"),
    others=_others(),
    nonsense=(
        {}, {"update_id": "x"}, {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"chat": {"type": "private"}}},
    ),
    signs_body=False,
    tells_language=True,
)


def _script(fake: fake_telegram.Fake) -> None:
    fake.script("405", *[Step(403, "Forbidden: bot was blocked by the user")] * 20)
    fake.script("406", *[Step(400, "Bad Request: chat not found")] * 20)
    fake.script("407", Step(429, "Too Many Requests: retry after 2", retry_after=2))
    fake.script("408", *[Step(403, "Forbidden: user is deactivated")] * 20)
    fake.script("409", *[Step(400, "Bad Request: something about 409 itself")] * 20)
    fake.script("410", Step(close=True, keep=True))
    fake.script("411", Step(close=True))
    fake.script("412", Step(502, body="<html>Bad Gateway</html>"))
    fake.script("413", *[Step(401, "Unauthorized")] * 20)
    fake.script("414", *[Step(503, body="down for a moment")] * 20)
    fake.script("415", *[Step(500, "Internal Server Error: restart")] * 20)


@contextmanager
def telegram(folder: Path) -> Iterator[Row]:
    with fake_telegram.serve() as server:
        _script(server.fake)
        made = [Telegram(fake_telegram.TOKEN, api_base=server.url, webhook_secret=SECRET)]
        yield Row(
            made[0],
            people="77{:06d}".format,
            kept=lambda chat: [kept["text"] for kept in server.fake.by_chat[chat]],
            refused={"405": "gone", "406": "gone", "408": "gone", "409": "content-refused", "413": "credentials",
                     "414": "not-connected", "415": "gateway-trouble"},
            too_fast="407",
            no_answer_but_kept="410",
            no_answer_and_lost="411",
            trouble="412",
            pressed=lambda chat: [
                button["callback_data"] for line in server.fake.by_chat[chat][-1]["buttons"] for button in line
            ],
            out_of_reach=lambda: Telegram(fake_telegram.TOKEN, api_base="http://127.0.0.1:9"),
            not_set_up=Telegram,
            missing=frozenset({"TELEGRAM_BOT_TOKEN"}),
            secrets=(fake_telegram.TOKEN, SECRET),
            door=DOOR,
        )
        made[0].close()


