"""Zalo's Official Account and its Bot Platform as the contract suite meets them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bots.platforms.zalo import Zalo
from bots.platforms.zalo_bot import ZaloBot
from db.engine import open_database
from db.seal import Seal
from db.tables import platform_tokens
from tests.contracts.chat_row import Door, Row, posted
from tests.servers import zalo as fake_zalo
from tests.servers import zalo_bot as fake_bot

#: Kind → Zalo's event and what is in its message.
ZALO_SENT = {
    "text": ("user_send_text", {}),
    "image": ("user_send_image", {"attachments": [{"type": "image", "payload": {"url": "https://x.example/1.jpg"}}]}),
    "sticker": ("user_send_sticker", {"attachments": [{"type": "sticker", "payload": {"id": "1"}}]}),
    "voice": ("user_send_audio", {"attachments": [{"type": "audio", "payload": {"url": "https://x.example/1.aac"}}]}),
    "location": ("user_send_location", {
        "attachments": [{"type": "location", "payload": {"coordinates": {"latitude": "18.67", "longitude": "105.69"}}}],
    }),
    "file": ("user_send_file", {"attachments": [{"type": "file", "payload": {"name": "x.pdf"}}]}),
    "other": ("user_send_link", {"attachments": [{"type": "link", "payload": {"url": "https://x.example"}}]}),
}  # fmt: skip
BOT_SENT = {
    "text": ("message.text.received", {}),
    "image": ("message.image.received", {"photo": "https://x.example/1.jpg"}),
    "sticker": ("message.sticker.received", {"sticker": "1"}),
    "voice": ("message.voice.received", {"voice_url": "https://x.example/1.aac"}),
    "other": ("message.unsupported.received", {}),
}


def _zalo_event(kind: str, ref: str, address: str, text: str = "", **more) -> dict:
    if kind in ("follow", "unfollow"):
        return {**fake_zalo.event(kind, address), **more}
    name, content = ZALO_SENT[kind]
    words = {"text": text} if kind == "text" else {}
    return {**fake_zalo.event(name, address, msg_id=f"m{ref}", **words, **content), **more}


def _zalo_signed(body: bytes, **how):
    try:
        stamp = json.loads(body)["timestamp"]
    except (ValueError, KeyError, TypeError, RecursionError):
        stamp = ""
    stamp = stamp if isinstance(stamp, str | int) else ""
    return posted("/hooks/zalo", fake_zalo.headers_for(body, str(stamp), **how), body)


ZALO_DOOR = Door(
    kinds=frozenset({*ZALO_SENT, "follow", "unfollow"}),
    event=_zalo_event,
    sign=_zalo_signed,
    forge=partial(_zalo_signed, secret="another-secret"),
    others=(
        fake_zalo.event("user_seen_message", "7001", msg_ids=["a"]),
        fake_zalo.event("user_received_message", "7001", msg_id="a"),
        fake_zalo.event("oa_send_text", "9001", msg_id="a", text="our own words"),
        fake_zalo.event("something_of_2030", "7001", x=[1]),
        {"app_id": fake_zalo.APP_ID, "timestamp": "1796083200000"},
    ),
    nonsense=(
        {**fake_zalo.event("user_send_text", "7001", msg_id="a"), "message": []},
        {**fake_zalo.event("user_send_text", "7001", msg_id="a"), "sender": {}},
        {**fake_zalo.event("follow", "7001"), "follower": None},
    ),
)  # fmt: skip


def _bot_event(kind: str, ref: str, address: str, text: str = "", **more) -> dict:
    name, content = BOT_SENT[kind]
    words = {"text": text} if kind == "text" else {}
    return {"ok": True, "result": fake_bot.event(name, f"2d75{ref}", address, **words, **content), **more}


def _bot_signed(body: bytes, secret: str = fake_bot.SECRET):
    return posted("/hooks/zalo-bot", {fake_bot.HEADER: secret}, body)


BOT_DOOR = Door(
    kinds=frozenset(BOT_SENT),
    event=_bot_event,
    sign=_bot_signed,
    forge=partial(_bot_signed, secret="another-secret"),
    others=(
        {"ok": True, "result": fake_bot.event("message.text.received", "1", "g1", chat_type="GROUP", text="hi")},
        fake_bot.event("message.text.received", "1", "g1", chat_type="GROUP", text="hi"),
        fake_bot.event("message.text.received", "1", "b1", text="hi", **{"from": {"id": "b1", "is_bot": True}}),
        {"ok": True, "result": {"event_name": "something.of.2030"}}, {},
    ),
    nonsense=(
        {"event_name": "message.text.received"}, {"event_name": "message.text.received", "message": {"chat": 1}},
        fake_bot.event("message.text.received", "", "6ede", text="no id"),
    ),
    signs_body=False,
)  # fmt: skip


def _database(folder: Path):
    """The one table an Official Account needs."""
    db = open_database(f"sqlite:///{folder / 'zalo.db'}", Seal([b"a key for tests only, thirty-two"]))
    platform_tokens.create(db.engine, checkfirst=True)
    return db


@contextmanager
def zalo(folder: Path) -> Iterator[Row]:
    db, step = _database(folder), fake_zalo.Step
    with fake_zalo.serve() as server:
        people = {"700405": -213, "700406": -222, "700407": -201, "700408": -211, "700409": -321, "700414": -99999}
        for person, error in people.items():
            server.fake.script(person, *[step(error, f"about {person} itself")] * 20)
        server.fake.script("700410", step(-32, headers={"Retry-After": "2"}))
        server.fake.script("700411", step(close=True, keep=True))
        server.fake.script("700412", step(close=True))
        server.fake.script("700413", step(status=502, body="<html>Bad Gateway</html>"))
        made = partial(
            Zalo, db, app_id=fake_zalo.APP_ID, app_secret=fake_zalo.APP_SECRET, oa_secret=fake_zalo.OA_SECRET,
            refresh_token=fake_zalo.FIRST_REFRESH, oauth_base=server.url, clock=lambda: datetime.now(UTC),
        )  # fmt: skip
        platform = made(api_base=server.url)
        yield Row(
            platform,
            people="7000{:06d}".format,
            kept=lambda person: server.fake.by_user[person],
            refused={"700405": "gone", "700406": "gone", "700407": "content-refused", "700408": "quota",
                     "700409": "balance", "700414": "content-refused"},
            too_fast="700410", no_answer_but_kept="700411", no_answer_and_lost="700412", trouble="700413",
            out_of_reach=partial(made, api_base="http://127.0.0.1:9"),
            not_set_up=partial(Zalo, db, clock=lambda: datetime.now(UTC)),
            missing=frozenset({"ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN"}),
            secrets=(fake_zalo.APP_SECRET, fake_zalo.OA_SECRET, fake_zalo.FIRST_REFRESH, "access-token-1-of-the-fake"),
            door=ZALO_DOOR,
        )  # fmt: skip
        platform.close()
    db.close()


@contextmanager
def zalo_bot(folder: Path) -> Iterator[Row]:
    step = fake_bot.Step
    with fake_bot.serve() as server:
        people = {"6ede405": 403, "6ede406": 400, "6ede407": 401, "6ede408": 777}
        for person, code in people.items():
            server.fake.script(person, *[step(code, f"about {person} itself")] * 20)
        server.fake.script("6ede410", step(429, headers={"Retry-After": "2"}))
        server.fake.script("6ede411", step(close=True, keep=True))
        server.fake.script("6ede412", step(close=True))
        server.fake.script("6ede413", step(status=502, body="<html>Bad Gateway</html>"))
        platform = ZaloBot(fake_bot.TOKEN, fake_bot.SECRET, api_base=server.url)
        yield Row(
            platform,
            people="6ede{:06d}".format,
            kept=lambda person: server.fake.by_chat[person],
            refused={"6ede405": "gone", "6ede406": "content-refused", "6ede407": "credentials",
                     "6ede408": "content-refused"},
            too_fast="6ede410", no_answer_but_kept="6ede411", no_answer_and_lost="6ede412", trouble="6ede413",
            out_of_reach=partial(ZaloBot, fake_bot.TOKEN, fake_bot.SECRET, api_base="http://127.0.0.1:9"),
            not_set_up=ZaloBot,
            missing=frozenset({"ZALO_BOT_TOKEN"}),
            secrets=(fake_bot.TOKEN, fake_bot.SECRET),
            door=BOT_DOOR,
        )  # fmt: skip
        platform.close()
