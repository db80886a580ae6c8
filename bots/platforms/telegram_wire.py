"""python-telegram-bot in an asyncio thread of its own: one loop, one pool of connections, for as long as it is open.

Importing this module takes half a second (python-telegram-bot and httpx), so it is imported when the bot is first used.
"""

import asyncio
import contextlib
import json
import logging
import os
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bots.platforms.telegram_buttons import Button
from bots.platforms.telegram_pace import Pace
from sms.gateway import Outcome

#: httpx logs each address it calls, and Telegram's carry the bot's token.
logging.getLogger("httpx").setLevel(logging.WARNING)
#: python-telegram-bot's own switch: without it each "too fast" is a deprecation warning instead of a number.
os.environ.setdefault("PTB_TIMEDELTA", "true")

#: Seconds for a connection, for an answer, and for a whole message with its place in the queue.
CONNECT, ANSWER, IN_ALL = 5.0, 20.0, 60.0
#: A message that would have to wait longer than this for its turn goes back to the rows instead, in seconds.
LONGEST_PAUSE = 5.0
#: Until we ask again when Telegram says "too fast" without a time.
_SOME_TIME = 5.0

#: Pressed buttons that are answered for at once.
MOST_COURTESIES = 20

#: The connection was never made, or the request never began.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
#: Words of HTTP 400 and 403 → our error, looked for in this order; other refusals are about the message.
_WORDS = (
    ("too long", "too-long"), ("blocked", "gone"), ("deactivated", "gone"), ("chat not found", "gone"),
    ("user not found", "gone"), ("peer_id_invalid", "gone"), ("initiate conversation", "gone"), ("kicked", "gone"),
)  # fmt: skip


class Closed(RuntimeError):
    """The wire is closed: what was to be done was not begun."""


class NotNow(TelegramError):
    """Telegram said that it did not do it, for a reason of its own: 503, or "ok": false with 5xx."""


class CannotTell(TelegramError):
    """An answer that is none: a proxy's page, half a JSON."""


class Request(HTTPXRequest):
    """The library forgets the HTTP status; what may have arrived and what surely did not is told apart by it."""

    async def do_request(self, *arguments, **named) -> tuple[int, bytes]:
        status, body = await super().do_request(*arguments, **named)
        if status == 503:
            raise NotNow("503")
        answer = _as_object(body)
        if answer is None:
            raise CannotTell(f"{status} without JSON")
        if status == 429 or (status >= 500 and answer.get("ok") is False):
            self._refused(status, answer)
        if status >= 500:
            raise CannotTell(str(status))
        return status, body

    def _refused(self, status: int, answer: dict) -> None:
        asked = answer.get("parameters")
        wait = asked.get("retry_after") if isinstance(asked, dict) else None
        if status == 429:
            raise RetryAfter(wait if isinstance(wait, int | float) and wait > 0 else _SOME_TIME)
        raise NotNow(f"{status} {answer.get('description', '')}")


class Wire:
    """The bot of `token` at `base`; `local` says that this is a server on our own machine. Thread-safe."""

    def __init__(self, token: str, base: str, concurrency: int, local: bool):
        options = {"connect_timeout": CONNECT, "pool_timeout": CONNECT, "httpx_kwargs": {"trust_env": not local}}
        self.bot = Bot(
            token,
            base_url=f"{base}/bot",
            request=Request(connection_pool_size=concurrency * 2, read_timeout=ANSWER, **options),
            get_updates_request=Request(connection_pool_size=1, read_timeout=ANSWER, **options),
        )
        self._pace = Pace()
        self._ending, self._closed = threading.Lock(), False
        self._works: set[Coroutine] = set()
        self._courtesies = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()

    def begin(self, work: Coroutine) -> Future:
        """Lets `work` go on in the loop. Raises Closed."""
        with self._ending:
            if self._closed:
                work.close()
                raise Closed
            self._works.add(work)
            going_on = asyncio.run_coroutine_threadsafe(work, self.loop)
        going_on.add_done_callback(lambda _: self._works.discard(work))
        return going_on

    def send(self, address: str, text: str, rows: Sequence[Sequence[Button]]) -> Outcome:
        """Hands one text over and waits for what becomes of it."""
        try:
            sending = self.begin(self._send(address, text, rows))
        except Closed:
            return Outcome.refused("not-connected", "closed")
        try:
            return sending.result(IN_ALL)
        except TookTooLong:
            sending.cancel()
            return Outcome.unknown(f"no answer in {IN_ALL:.0f} s")

    async def _send(self, address: str, text: str, rows: Sequence[Sequence[Button]]) -> Outcome:
        wait = self._pace.reserve(address, self.loop.time(), LONGEST_PAUSE)
        if wait >= LONGEST_PAUSE:
            return Outcome.refused("too-fast", "still waiting", wait)
        await asyncio.sleep(wait)
        try:
            message = await self.bot.send_message(
                address, text, reply_markup=_keyboard(rows), link_preview_options=_NO_PREVIEW
            )
        except TelegramError as error:
            outcome = outcome_of(error)
            if outcome.wait:
                self._pace.hold(address, self.loop.time() + outcome.wait)
            return outcome
        return Outcome.accepted(str(message.message_id))

    async def noticed(self, press: str) -> None:
        """Ends the waiting sign on a pressed button. It is only a courtesy: left out when there are too many."""
        if self._courtesies >= MOST_COURTESIES:
            return
        self._courtesies += 1
        try:
            with contextlib.suppress(TelegramError):
                await self.bot.answer_callback_query(press)
        finally:
            self._courtesies -= 1

    async def updates(self, offset: int | None, timeout: int, allowed: Sequence[str]) -> list[dict]:
        """What happened, as plain JSON, waiting up to `timeout` seconds; what lies before `offset` is acknowledged.

        Not `get_updates`: one update that the library cannot parse would keep back all that follow it.
        """
        asked: dict[str, Any] = {"timeout": timeout, "allowed_updates": json.dumps(list(allowed)), "offset": offset}
        found = await self.bot._post("getUpdates", asked, read_timeout=timeout + ANSWER)
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []

    def close(self) -> None:
        """What is on its way ends; connections are let go."""
        with self._ending:
            if self._closed:
                return
            self._closed = True
        with contextlib.suppress(Exception):  # nothing can be done about a connection that does not close
            asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(CONNECT)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(CONNECT)

    async def _end(self) -> None:
        # Ours alone: httpx ends those that it began when ours are ended.
        running = [task for task in asyncio.all_tasks() if task.get_coro() in self._works]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(request.shutdown() for request in self.bot._request))


_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    made = [[InlineKeyboardButton(label, callback_data=given) for label, given in row] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


def _as_object(body: bytes) -> dict | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of the library means for the message. The order matters: a BadRequest is a NetworkError there."""
    if isinstance(error, RetryAfter):
        return Outcome.refused("too-fast", "429", error.retry_after.total_seconds())
    if isinstance(error, InvalidToken):
        return Outcome.refused("credentials", "401")
    if isinstance(error, NotNow):
        return Outcome.refused("not-connected" if error.message == "503" else "gateway-trouble", error.message)
    if isinstance(error, Forbidden | BadRequest | ChatMigrated):
        otherwise = "content-refused" if isinstance(error, BadRequest) else "gone"
        return Outcome.refused(_named(error.message) or otherwise, error.message)
    if isinstance(error.__cause__, _NEVER_LEFT):
        return Outcome.refused("not-connected", type(error.__cause__).__name__)
    return Outcome.unknown(type(error.__cause__ or error).__name__)


def _named(words: str) -> str | None:
    return next((code for mark, code in _WORDS if mark in words.lower()), None)
