"""A server that speaks Telegram's Bot API: sending, polling with its offsets, webhooks; errors and silence by script.

In a test:            with telegram.serve() as server: Telegram(telegram.TOKEN, api_base=server.url)
As its own process:   python -m tests.servers.telegram --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"to": "77", "steps": [{"status": 429, "retry_after": 2}]},
                      POST /_update {"message": {…}} (somebody wrote; update_id is given)
"""

import argparse
import json
import threading
import time
from collections import Counter, defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from tests.servers.raw_http import Answer, Request, Server, running

TOKEN = "123456789:token-of-the-fake_Bot"
#: A question that finds nothing new is held open by asking again so often, in seconds.
_LOOK_AGAIN = 0.02


@dataclass(frozen=True)
class Step:
    """What happens to the next call about somebody (or of a method): an error, a connection `close`d without an answer;
    `keep` = the message exists all the same; `body` = these bytes instead of JSON."""

    status: int = 200
    description: str = "scripted"
    retry_after: float | None = None
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None


class Fake:
    """The bot's side of Telegram. `token` may be revoked by changing it; `webhook` is what was set."""

    def __init__(self, token: str = TOKEN):
        self.token = token
        self.by_chat: dict[str, list[dict]] = defaultdict(list)
        self.updates: deque[dict] = deque()
        self.webhook: dict = {}
        self.noticed: list[str] = []
        self.calls: Counter[str] = Counter()
        self.offsets: list[int | None] = []
        self.steps: dict[str, deque[Step]] = defaultdict(deque)
        self._update_id, self._message_id = 1000, 0
        self._poll = 0
        self._writing = threading.Lock()

    def script(self, to: str, *steps: Step) -> None:
        """The next messages to chat `to`, or calls of method `to`, go this way, one step each."""
        self.steps[to].extend(steps)

    def happens(self, update: dict) -> int:
        """Somebody did something; Telegram keeps it until it is acknowledged. Its update_id."""
        with self._writing:
            self._update_id += 1
            self.updates.append({"update_id": self._update_id, **update})
            return self._update_id

    def counts(self) -> dict:
        by_chat = {chat: [message["text"] for message in messages] for chat, messages in self.by_chat.items()}
        return {"by_chat": by_chat, "calls": dict(self.calls), "waiting": len(self.updates), "noticed": self.noticed}

    def answer(self, request: Request) -> Answer:
        path = request.target.partition("?")[0]
        if path.startswith("/_"):
            return self._from_outside(path, request.body)
        given, _, method = path.removeprefix("/bot").partition("/")
        self.calls[method] += 1
        if given != self.token:
            return _error(401, "Unauthorized")
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        called = getattr(self, f"_on_{method.lower()}", None)
        if called is None:
            return _error(404, "Not Found")
        scripted = self.steps.get(form.get("chat_id", "")) or self.steps.get(method)
        return self._scripted(scripted.popleft(), called, form) if scripted else called(form)

    def _from_outside(self, path: str, body: bytes) -> Answer:
        asked = json.loads(body or b"{}")
        if path == "/_script":
            self.script(asked["to"], *(Step(**step) for step in asked["steps"]))
        elif path == "/_update":
            self.happens(asked)
        return Answer(200, json.dumps(self.counts()).encode())

    def _scripted(self, step: Step, called, form: dict) -> Answer:
        good = called(form) if step.keep or (step.status == 200 and not step.close) else None
        if step.body is not None:
            return Answer(step.status, step.body.encode(), close=step.close)
        if good:
            return Answer(200, good.body, close=step.close, delay=step.delay)
        return _error(step.status, step.description, step.retry_after, step.close, step.delay)

    def _on_getme(self, form: dict) -> Answer:
        return _result({"id": 123456789, "is_bot": True, "first_name": "An Lộ", "username": "an_lo_bot"})

    def _on_sendmessage(self, form: dict) -> Answer:
        if not form.get("text"):
            return _error(400, "Bad Request: message text is empty")
        if len(form["text"]) > 4096:
            return _error(400, "Bad Request: message is too long")
        buttons = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
        if any(len(button["callback_data"].encode()) > 64 for row in buttons for button in row):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        self._message_id += 1
        chat = form["chat_id"]
        message = {
            "message_id": self._message_id, "date": int(time.time()), "chat": {"id": int(chat), "type": "private"},
            "from": {"id": 123456789, "is_bot": True, "first_name": "An Lộ"}, "text": form["text"],
        }  # fmt: skip
        self.by_chat[chat].append({**message, "buttons": buttons, "form": form})
        return _result(message)

    def _on_answercallbackquery(self, form: dict) -> Answer:
        self.noticed.append(form["callback_query_id"])
        return _result(True)

    def _on_getupdates(self, form: dict) -> Answer:
        """A long poll answers at once here and is slowed down a little: the server has one thread."""
        if self.webhook.get("url"):
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(form["offset"]) if form.get("offset") else None
        self.offsets.append(offset)
        with self._writing:
            while offset is not None and self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
            found = list(self.updates)[: int(form.get("limit", 100))]
        return _result(found, delay=0.0 if found or form.get("timeout", "0") == "0" else _LOOK_AGAIN)

    def _on_setwebhook(self, form: dict) -> Answer:
        if not form.get("url", "").startswith("https://"):
            return _error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = form
        return _result(True)

    def _on_deletewebhook(self, form: dict) -> Answer:
        self.webhook = {}
        return _result(True)

    def _on_getwebhookinfo(self, form: dict) -> Answer:
        return _result({"url": self.webhook.get("url", ""), "pending_update_count": len(self.updates)})


def _result(result: object, delay: float = 0.0) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}).encode(), delay=delay)


def _error(status: int, description: str, retry_after: float | None = None, close: bool = False, delay: float = 0.0):
    more = {} if retry_after is None else {"parameters": {"retry_after": retry_after}}
    body = json.dumps({"ok": False, "error_code": status, "description": description, **more}).encode()
    return Answer(status, body, close=close, delay=delay)


def serve(**fake):
    """A fake in a thread of this process; the arguments are Fake's."""
    return running(Fake(**fake))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    server = Server(Fake().answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
