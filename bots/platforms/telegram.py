"""Telegram's Bot API, through python-telegram-bot. https://core.telegram.org/bots/api

Sending and polling live in `telegram_wire.py` (an asyncio thread, begun when first used); what a hook brings is read
here without it. A webhook proves itself by the secret we gave Telegram, and by nothing else.
"""

import contextlib
import hashlib
import hmac
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from bots.platform import ChatTraits, Incoming, Reply, Take
from bots.platforms import telegram_buttons, telegram_updates
from bots.platforms.bodies import read_json
from bots.platforms.limits import pieces
from sms.addresses import on_this_machine, usable
from sms.gateway import BadSignature, HookRequest, Outcome, Readiness, SendError

if TYPE_CHECKING:
    from bots.platforms.telegram_listening import Listening
    from bots.platforms.telegram_wire import Wire

API = "https://api.telegram.org"
HOOK = "/hooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
#: What Telegram takes as a secret (setWebhook, secret_token).
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}").fullmatch
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+").fullmatch
#: Replies of several texts whose first ones arrived, remembered until the rest does.
_MOST_BEGUN = 1_000


class Telegram:
    """`token` is BotFather's; `public_url` our own address: with https Telegram brings what people write, else it is
    asked. Without a `webhook_secret` one is made of the token. `judged` gives the words on the buttons that say whether
    an answer helped, in a language.
    """

    name = "telegram"

    def __init__(
        self, token: str = "", *, api_base: str = "", webhook_secret: str = "", public_url: str = "",
        judged: Callable[[str], tuple[str, str]] = lambda language: ("👍", "👎"),
    ):
        self._token = token
        self._base = (api_base or API).rstrip("/")
        self._local = on_this_machine(self._base)
        self._secret = webhook_secret or (self._digest("webhook") if token else "")
        self._public_url = public_url.rstrip("/")
        self._judged = judged
        self.traits = ChatTraits(longest_text=telegram_buttons.LONGEST, leaves_machine=not self._local)
        self._missing = self._what_is_missing()
        self._opening = threading.Lock()
        self._opened: Wire | None = None
        self._listening: Listening | None = None
        self._listens: Future | None = None
        self._begun: OrderedDict[int, int] = OrderedDict()

    # -- send

    def send(self, reply: Reply) -> Outcome:
        """Several texts where one is too short. What arrived of a reply is not sent again when the rest is."""
        if self._missing:
            return Outcome.not_set_up(self._missing)
        texts = pieces(reply.text, telegram_buttons.LONGEST)
        rows = telegram_buttons.buttons(reply, self._judged(reply.language or "vi") if reply.may_be_judged else ())
        outcome = Outcome.unknown("nothing to say")
        for n in range(self._begun.pop(reply.turn_id, 0), len(texts)):
            outcome = self._wire().send(reply.address, texts[n], rows if n == len(texts) - 1 else [])
            if outcome.error:
                self._remember(reply.turn_id, n)
                return self._without_secrets(outcome, reply.address)
        return outcome

    def _remember(self, turn_id: int, arrived: int) -> None:
        if arrived:
            self._begun[turn_id] = arrived
        while len(self._begun) > _MOST_BEGUN:
            self._begun.popitem(last=False)

    def _without_secrets(self, outcome: Outcome, address: str) -> Outcome:
        raw = outcome.error.raw.replace(self._token, "…").replace(address, "…")[:300]
        return replace(outcome, error=SendError(outcome.error.code, raw))

    # -- receive

    def receive(self, request: HookRequest) -> list[Incoming]:
        given = request.header(SECRET_HEADER).encode("utf-8", "replace")
        if not self._secret or not hmac.compare_digest(given, self._secret.encode()):
            raise BadSignature
        update = read_json(request.body)
        incoming = self._read(update)
        press = telegram_updates.press_of(update)
        if press and not self._missing:
            self._notice_soon(press)
        return incoming

    def _read(self, update: dict) -> list[Incoming]:
        return telegram_updates.read(update, self._named)

    def _notice_soon(self, press: str) -> None:
        """Off the hook's path: opening the wire is slow, and so may Telegram's answer be."""
        if self._opened:
            self._notice(press)
        else:
            threading.Thread(target=self._notice, args=(press,), name="noticed", daemon=True).start()

    def _notice(self, press: str) -> None:
        """Closed meanwhile, then: nobody waits for this for long."""
        wire = self._wire()
        with contextlib.suppress(RuntimeError):
            wire.begin(wire.noticed(press))

    def _named(self, address: str, message_id: int) -> str:
        """The same for a message and for its edits, and nothing in it shows whose it is."""
        return f"message-{self._digest(f'{address} {message_id}')}"

    def _digest(self, words: str) -> str:
        return hmac.new(self._token.encode(), words.encode(), hashlib.sha256).hexdigest()[:40]

    # -- listen

    def listen(self, take: Take) -> None:
        if self._missing or (self._listens and not self._listens.done()):
            return
        from bots.platforms.telegram_listening import Listening  # late: half a second (see telegram_wire)

        self._listening = Listening(self._wire(), take, self._read)
        called = self._public_url.startswith("https://") and not on_this_machine(self._public_url)
        begun = self._listening.be_called(self._public_url + HOOK, self._secret) if called else self._listening.poll()
        self._listens = self._wire().begin(begun)

    def readiness(self) -> Readiness:
        return Readiness(self._missing, (self._listening.note,) if self._listening and self._listening.note else ())

    def close(self) -> None:
        with self._opening:
            wire, self._opened = self._opened, None
        if wire:
            wire.close()

    def _wire(self) -> "Wire":
        with self._opening:
            if self._opened is None:
                from bots.platforms.telegram_wire import Wire  # late: importing the library takes half a second

                self._opened = Wire(self._token, self._base, self.traits.concurrency, self._local)
            return self._opened

    def _what_is_missing(self) -> tuple[str, ...]:
        good = {
            "TELEGRAM_BOT_TOKEN": bool(_TOKEN(self._token)),
            "TELEGRAM_API_BASE": usable(self._base),
            "TELEGRAM_WEBHOOK_SECRET": not self._secret or bool(_SECRET(self._secret)),
        }
        return tuple(name for name, is_good in good.items() if not is_good)
