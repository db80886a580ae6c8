"""How Telegram is listened to: asked for updates (polling), or told where to bring them (webhook)."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram.error import Conflict, InvalidToken, TelegramError

from bots.platform import Incoming, NotOurs, Take
from bots.platforms.telegram_updates import ALLOWED, press_of
from bots.platforms.telegram_wire import Wire
from sms.gateway import BadRequest

log = logging.getLogger(__name__)
#: How long Telegram holds a question open when there is nothing new, in seconds.
LONG_POLL = 25
#: After a failure we wait so long, then twice as long, and so on, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
#: After "somebody else asks too" or a token that is none, in seconds: only a person can mend it.
TAKEN_PAUSE = 30.0


@dataclass
class Listening:
    """`note` says, as a code, what keeps us from hearing; "" when nothing does."""

    wire: Wire
    take: Take
    read: Callable[[dict], list[Incoming]]
    note: str = ""
    _pause: float = 0.0

    async def poll(self) -> None:
        """Asks for what is new, for ever. An update is acknowledged after it is stored: what was not is brought again,
        whenever and however this process ends.
        """
        offset = None
        while True:
            try:
                updates = await self.wire.updates(offset, LONG_POLL, ALLOWED)
                await asyncio.to_thread(self.take, self._read(updates))
            except NotOurs:
                log.info("Telegram is listened to elsewhere now")
                return
            except Exception as error:  # whatever it is, people go on writing: try again
                await self._after(error)
                continue
            self._well()
            offset = self._next(updates, offset)
            await self._notice(updates)

    async def be_called(self, url: str, secret: str) -> None:
        """Tells Telegram, once, to bring updates to `url`."""
        while True:
            try:
                await self.wire.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED)
            except Exception as error:  # a network that is down now may be there in a minute
                await self._after(error)
                continue
            self._well()
            log.info("Telegram brings what people write to %s", url)
            return

    def _read(self, updates: list[dict]) -> list[Incoming]:
        heard: list[Incoming] = []
        for update in updates:
            try:
                heard.extend(self.read(update))
            except BadRequest as why:
                log.warning("an update of Telegram in no form we know was left out: %s", why)
        return heard

    @staticmethod
    def _next(updates: list[dict], offset: int | None) -> int | None:
        numbers = [number for update in updates if isinstance(number := update.get("update_id"), int)]
        return max(numbers) + 1 if numbers else offset

    async def _notice(self, updates: list[dict]) -> None:
        await asyncio.gather(*(self.wire.noticed(press) for update in updates if (press := press_of(update))))

    def _well(self) -> None:
        if self.note:
            log.warning("Telegram is heard again")
        self.note, self._pause = "", 0.0

    async def _after(self, error: Exception) -> None:
        note, self._pause = _named(error), _pause_after(error, self._pause)
        if note != self.note:  # said once, not every minute of an hour
            log.error("Telegram is not heard (%s: %s); trying again", note, type(error).__name__)
        self.note = note
        await asyncio.sleep(self._pause)


def _named(error: Exception) -> str:
    if isinstance(error, Conflict):
        return "telegram-taken"
    if isinstance(error, InvalidToken):
        return "telegram-token-refused"
    return "telegram-out-of-reach" if isinstance(error, TelegramError) else "telegram-not-stored"


def _pause_after(error: Exception, last: float) -> float:
    if isinstance(error, Conflict | InvalidToken):
        return TAKEN_PAUSE
    wait = getattr(error, "retry_after", None)
    return wait.total_seconds() if wait else min(max(FIRST_PAUSE, last * 2), LONGEST_PAUSE)
