"""Zalo Bot Platform: a bot with a fixed token, in private chats. https://docs.zaloplatforms.com/docs/BOT

Not the Official Account: no OAuth, another signature. What its error codes mean, its quotas, and whether it may write
first are not published. Choices are numbers in the text: it has no buttons.
"""

# An event of the webhook (header X-Bot-Api-Secret-Token; some come without the outer object):
#   {"ok": true, "result": {"event_name": "message.text.received", "message": {"from": {"id": "…", "is_bot": false},
#    "chat": {"id": "…", "chat_type": "PRIVATE"}, "text": "Xin chào", "message_id": "…", "date": 1750316131602}}}

import logging
import time
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from bots.platform import ChatTraits, Incoming, NotOurs, Reply, Take
from bots.platforms.answers import by_status, hidden, number, together
from bots.platforms.bodies import read_json
from bots.platforms.limits import pieces
from bots.platforms.listener import Listener
from bots.platforms.zalo_events import moment, person_of, plain, plain_id, same
from sms.addresses import on_this_machine, usable
from sms.gateway import BadRequest, BadSignature, Fate, HookRequest, Outcome, Readiness, SendError
from sms.http import Answer, NoAnswer, NotSent, Wire

log = logging.getLogger(__name__)

API_BASE = "https://bot-api.zaloplatforms.com"
HOOK = "/hooks/zalo-bot"
LONGEST_TEXT, CONCURRENCY = 2_000, 8
#: Lengths of the webhook's secret that the platform takes.
SECRET_LENGTHS = range(8, 257)
#: One look for messages lasts so long, in seconds: short, because a message that is handed out to a process which ends
#: meanwhile is not handed out again.
POLL_SECONDS, LEAST_SECONDS_A_LOOK = 4, 0.5

#: Events → kind. "unsupported" is what the platform will not show a bot.
KINDS = {
    "message.text.received": "text",
    "message.image.received": "image",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
    "message.unsupported.received": "other",
}


class Refused(Exception):
    """The platform said no to one of our calls."""


class ZaloBot:
    """One bot. With an encrypted `public_url` it sets its webhook there; without one it asks for messages."""

    name = "zalo-bot"

    def __init__(self, token: str = "", webhook_secret: str = "", api_base: str = API_BASE, public_url: str = ""):
        local = on_this_machine(api_base)
        self.traits = ChatTraits(
            longest_text=LONGEST_TEXT, buttons=False, leaves_machine=not local, concurrency=CONCURRENCY
        )
        self._token, self._secret = token, webhook_secret
        self._hook = public_url.rstrip("/") + HOOK if public_url.startswith("https://") else ""
        needed = {
            "ZALO_BOT_TOKEN": token,
            "ZALO_BOT_WEBHOOK_SECRET": not self._hook or len(webhook_secret) in SECRET_LENGTHS,
            "ZALO_BOT_API_BASE": usable(api_base),
        }
        self._missing = tuple(name for name, given in needed.items() if not given)
        self._wire = Wire(api_base, CONCURRENCY + 1, local=local)
        self._listener: Listener | None = None
        self._webhook_cleared = False
        self._last: list[Incoming] = []

    def receive(self, request: HookRequest) -> list[Incoming]:
        if not self._secret or not same(request.header("X-Bot-Api-Secret-Token"), self._secret):
            raise BadSignature
        return _read(read_json(request.body))

    def send(self, reply: Reply) -> Outcome:
        if self._missing:
            return Outcome.not_set_up(self._missing)
        texts, outcomes = pieces(reply.text, LONGEST_TEXT), []
        for text in texts:
            outcomes.append(self._send(reply.address, text))
            if outcomes[-1].fate is not Fate.ACCEPTED:
                break
        return together(outcomes, len(texts))

    def _send(self, address: str, text: str) -> Outcome:
        try:
            outcome = _outcome_of(self._call("sendMessage", {"chat_id": address, "text": text}))
        except NotSent as why:
            return Outcome.refused("not-connected", str(why))
        except NoAnswer as why:
            return Outcome.unknown(str(why))
        if outcome.error:
            raw = hidden(outcome.error.raw, self._token, address)
            outcome = replace(outcome, error=SendError(outcome.error.code, raw))
        return outcome

    def _call(self, method: str, content: Mapping, **more: float) -> Answer:
        return self._wire.post_json(f"/bot{self._token}/{method}", content, **more)

    def readiness(self) -> Readiness:
        unheard = self._listener and self._listener.failing
        return Readiness(self._missing, ("zalo-bot-not-heard",) if unheard else ())

    def listen(self, take: Take) -> None:
        if self._missing or (self._listener and self._listener.running):
            return
        look = self._set_webhook if self._hook else lambda: self._look_for_messages(take)
        self._listener = Listener(self.name, look)
        self._listener.start()

    def close(self) -> None:
        if self._listener:
            self._listener.stop()
        self._wire.close()

    def _set_webhook(self) -> bool:
        self._done("setWebhook", {"url": self._hook, "secret_token": self._secret})
        log.info("zalo-bot: the webhook is set")
        return False

    def _look_for_messages(self, take: Take) -> bool:
        """One look. A message is handed out once and cannot be asked for again: it is held until it is stored."""
        take([])  # only one process looks: raises NotOurs in any other
        if not self._webhook_cleared:
            self._done("deleteWebhook", {})  # while one is set nothing is handed out
            self._webhook_cleared = True
        begun = time.monotonic()
        answer = self._call("getUpdates", {"timeout": str(POLL_SECONDS)}, seconds=POLL_SECONDS + 10.0)
        incoming = self._handed_out(answer)
        if incoming and incoming != self._last:
            self._held_until_stored(take, incoming)
            self._last = incoming
        elif time.monotonic() - begun < LEAST_SECONDS_A_LOOK:
            self._listener.stopping.wait(LEAST_SECONDS_A_LOOK)  # it does not wait as it was asked to: no storm of looks
        return True

    def _handed_out(self, answer: Answer) -> list[Incoming]:
        content = answer.content
        if content is None or not content.get("ok"):
            code = number(content.get("error_code")) if content else answer.status
            if code == 408:  # nobody wrote meanwhile
                return []
            raise Refused(hidden(answer.words, self._token))
        found = content.get("result")
        events = found if isinstance(found, list) else [found]
        return [incoming for event in events if isinstance(event, dict) for incoming in _read_polled(event)]

    def _held_until_stored(self, take: Take, incoming: list[Incoming]) -> None:
        wait = 0.5
        while True:
            try:
                return take(incoming)
            except NotOurs:
                raise
            except Exception as why:
                log.error("zalo-bot: what came could not be stored yet: %s", type(why).__name__)
                if self._listener.stopping.wait(wait):
                    return take(incoming)
                wait = min(wait * 2, 30.0)

    def _done(self, method: str, content: Mapping) -> None:
        """Raises Refused, NotSent, NoAnswer."""
        answer = self._call(method, content)
        if not (answer.content or {}).get("ok"):
            raise Refused(f"{method}: {hidden(answer.words, self._token, self._secret)}")


def _read(body: Mapping) -> list[Incoming]:
    """Raises BadRequest."""
    event = body["result"] if isinstance(body.get("result"), dict) else body
    kind, message = KINDS.get(plain(event.get("event_name"))), event.get("message")
    if kind is None:
        log.info("zalo-bot: the event %r is none of ours", plain(event.get("event_name"))[:40])
        return []
    if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
        raise BadRequest("message")
    sender = message.get("from")
    if message["chat"].get("chat_type") != "PRIVATE" or (isinstance(sender, dict) and sender.get("is_bot") is True):
        return []  # what is said to a person is said to nobody else
    address, message_id = person_of(message["chat"]), plain(message.get("message_id"))
    if not message_id:
        raise BadRequest("message_id")
    text = next((message[name] for name in ("text", "caption") if isinstance(message.get(name), str)), "")
    return [Incoming(plain_id(message_id), address, "text" if text.strip() else kind, text, at=moment(message, "date"))]


def _read_polled(event: Mapping) -> list[Incoming]:
    try:
        return _read(event)
    except BadRequest as why:
        log.warning("zalo-bot: an event in no form of theirs: %s", why)
        return []


def _outcome_of(answer: Answer) -> Outcome:
    """HTTP 200 with `ok` false is a failure."""
    content = answer.content
    if content is None or "ok" not in content or answer.status >= 500:
        return by_status(answer)
    if content["ok"] is True:
        result = content.get("result")
        return Outcome.accepted(plain(result.get("message_id")) if isinstance(result, dict) else "")
    code = number(content.get("error_code"))
    if code is not None and (500 <= code < 600 or code == 408):
        return Outcome.unknown(answer.words)
    ours = _table()["codes"].get(str(code), "content-refused")
    return Outcome.refused(ours, f"{code} {content.get('description', '')}", _wait(content, answer, ours))


def _wait(content: Mapping, answer: Answer, ours: str) -> float | None:
    parameters = content.get("parameters")
    asked = number(parameters.get("retry_after")) if isinstance(parameters, dict) else None
    return float(asked) if asked and asked > 0 else answer.wait or _table()["waits"].get(ours)


@cache
def _table() -> Mapping[str, Mapping]:
    with open(Path(__file__).with_name("zalo_bot_errors.toml"), "rb") as file:
        return tomllib.load(file)
