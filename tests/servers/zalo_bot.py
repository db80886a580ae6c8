"""A server that speaks the Zalo Bot Platform: sending, webhooks, polling without acknowledgement, its errors.

In a test:            with zalo_bot.serve() as server: ZaloBot(zalo_bot.TOKEN, api_base=server.url)
As its own process:   python -m tests.servers.zalo_bot --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"to": "6ede…", "steps": [{"error_code": 403}]}, POST /_event {…}
"""

import argparse
import json
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.servers.raw_http import Answer, Request, Server, running

TOKEN = "1234567:token-of-the-fake"
SECRET = "secret-of-the-webhook"
HEADER = "X-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Step:
    """What happens to the next message to somebody (or to the next call of a method): `ok` false inside HTTP 200 with
    an `error_code`, a `status`, a connection `close`d without an answer, another `body`; `keep` = it is done all the
    same.
    """

    error_code: int = 0
    description: str = "scripted"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None


class Fake:
    """The bot. An event is handed out once, to whoever asks first; while a webhook is set, to nobody."""

    def __init__(self, hold: float = 0.05):
        self.hold = hold
        self.by_chat: dict[str, list[str]] = defaultdict(list)
        self.calls: Counter[str] = Counter()
        self.asked: list[tuple[str, dict]] = []
        self.events: deque[dict] = deque()
        self.webhook: dict | None = None
        self.steps: dict[str, deque[Step]] = defaultdict(deque)

    def script(self, to: str, *steps: Step) -> None:
        self.steps[to].extend(steps)

    def counts(self) -> dict:
        by_chat = {chat: len(texts) for chat, texts in self.by_chat.items()}
        messages = sum(by_chat.values())
        return {"messages": messages, "by_chat": by_chat, "calls": dict(self.calls), "left": len(self.events)}

    def answer(self, request: Request) -> Answer:
        path = request.target.partition("?")[0]
        if path.startswith("/_"):
            return self._from_outside(path, request.body)
        given, _, method = path.removeprefix("/bot").partition("/")
        self.calls[method] += 1
        if given != TOKEN:
            return _no(401, "Unauthorized")
        content = json.loads(request.body or b"{}")
        self.asked.append((method, content))
        called = getattr(self, f"_on_{method}", None)
        if called is None or request.method != "POST":
            return _no(404, "Not Found")
        name = content.get("chat_id") if self.steps.get(content.get("chat_id")) else method
        step = self.steps[name].popleft() if self.steps.get(name) else Step()
        good = step.status == 200 and step.error_code == 0 and not step.close and step.body is None
        answer = called(content) if good or step.keep else _no(step.error_code, step.description)
        body = answer.body if step.body is None else step.body.encode()
        return Answer(step.status, body, dict(step.headers), step.close, step.delay or answer.delay)

    def _from_outside(self, path: str, body: bytes) -> Answer:
        asked = json.loads(body or b"{}")
        if path == "/_script":
            self.script(asked["to"], *(Step(**step) for step in asked["steps"]))
        elif path == "/_event":
            self.events.append(asked)
        return Answer(200, json.dumps(self.counts()).encode())

    def _on_sendMessage(self, content: dict) -> Answer:
        chat, text = content.get("chat_id"), content.get("text")
        if not chat or not text or len(text) > 2_000:
            return _no(400, "Bad Request: text must be 1 to 2000 characters")
        self.by_chat[chat].append(text)
        return _yes({"message_id": f"{chat}-{len(self.by_chat[chat])}", "date": 1796083200000})

    def _on_getUpdates(self, content: dict) -> Answer:
        if self.webhook:
            return _no(409, "Conflict: a webhook is set")
        if not self.events:
            return Answer(200, _no(408, "Request timeout").body, delay=self.hold)
        return _yes(self.events.popleft())

    def _on_setWebhook(self, content: dict) -> Answer:
        if not content.get("url", "").startswith("https://") or not 8 <= len(content.get("secret_token", "")) <= 256:
            return _no(400, "Bad Request: bad webhook")
        self.webhook = content
        return _yes({"url": content["url"], "updated_at": 1796083200000})

    def _on_deleteWebhook(self, content: dict) -> Answer:
        self.webhook = None
        return _yes({"url": "", "updated_at": 1796083200000})


def _yes(result: object) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}).encode())


def _no(code: int, description: str) -> Answer:
    return Answer(200, json.dumps({"ok": False, "error_code": code, "description": description}).encode())


def event(name: str, ref: str, chat: str, chat_type: str = "PRIVATE", **content) -> dict:
    """An event as the platform hands it out, without the outer object of the webhook."""
    sender = {"id": chat, "display_name": "Ted", "is_bot": False}
    message = {"from": sender, "chat": {"id": chat, "chat_type": chat_type}, "message_id": ref, "date": 1796083200000}
    return {"event_name": name, "message": {**message, **content}}


def serve(**fake):
    """A fake in a thread of this process; the arguments are Fake's."""
    return running(Fake(**fake))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    server = Server(Fake(hold=2.0).answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
