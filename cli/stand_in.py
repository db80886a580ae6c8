"""A provider on this machine that takes every reply and keeps it: what `hooks replay` sends to instead of real people.

It says yes to all that the adapters ask: tokens of Zalo's Official Account, its messages, and the methods of Telegram's
and Zalo's bots. The servers that also say no stand in the tests.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

TOKEN = "access-of-the-stand-in"


@dataclass(frozen=True)
class Received:
    """A reply as the provider got it. `buttons` are (words, data) in order."""

    to: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class StandIn:
    """`url` is its address, `received` what came, in order."""

    def __init__(self, url: str):
        self.url = url
        self.received: list[Received] = []

    def answer(self, path: str, given: dict) -> dict:
        """What the provider at this path says."""
        if path.endswith("/oa/access_token"):
            return {"access_token": TOKEN, "refresh_token": "refresh-of-the-stand-in", "expires_in": "90000"}
        if path.endswith("/oa/message/cs"):
            return self._zalo(given)
        return {"ok": True, "result": self._bot(path.rpartition("/")[2], given)}

    def _zalo(self, given: dict) -> dict:
        self.received.append(Received(given["recipient"]["user_id"], given["message"]["text"]))
        told = {"message_id": f"stand-in-{len(self.received)}", "user_id": given["recipient"]["user_id"]}
        return {"data": told, "error": 0, "message": "Success"}

    def _bot(self, method: str, given: dict) -> object:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "An Lộ", "username": "anlo_bot"}
        if method != "sendMessage":
            return True
        to = str(given["chat_id"])
        self.received.append(Received(to, given["text"], _buttons(given.get("reply_markup"))))
        chat = {"id": int(to) if to.isdecimal() else 0, "type": "private"}
        return {"message_id": len(self.received), "date": 0, "chat": chat, "text": given["text"]}


def _buttons(markup: object) -> tuple[tuple[str, str], ...]:
    markup = json.loads(markup) if isinstance(markup, str) else markup or {}
    rows = markup.get("inline_keyboard", ())
    return tuple((button["text"], button.get("callback_data", "")) for row in rows for button in row)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A stand-in on a free port of this machine, while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.provider = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="stand-in", daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = json.dumps(self.server.provider.answer(self.path.partition("?")[0], _values(body))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST

    def log_message(self, *_) -> None:
        """Nothing: the replay prints what matters."""


def _values(body: bytes) -> dict:
    """JSON, or a form."""
    try:
        return json.loads(body)
    except ValueError:
        return dict(parse_qsl(body.decode("utf-8", "replace")))
