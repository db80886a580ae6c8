"""Recorded events of chat platforms, and what it takes to play them back without an account: made-up credentials, and
the proof that the platform's door asks for.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bots.platforms.zalo_events import signature
from messages.errors import Mistake

_SECRET = "secret-of-the-sample"
_APP = "1234567890"
#: Where events say when they happened: seconds, or thousandths of them, which are larger than this.
_TIMES = frozenset({"timestamp", "date", "edit_date"})
_MILLISECONDS = 10**11
#: Where an event says what was said or done.
_PARTS = ("message", "edited_message", "callback_query", "my_chat_member")
#: Characters of one event, and digits of a moment: the doors take no more than a megabyte.
_LONGEST, _MOST_DIGITS = 1_000_000, 16


@dataclass(frozen=True)
class Sample:
    """A platform as it is played: the path of its door, settings with made-up accounts that lead to `{url}`, and the
    headers that prove where a body comes from.
    """

    platform: str
    path: str
    settings: Mapping[str, str]
    headers: Callable[[bytes], Mapping[str, str]]

    def led_to(self, url: str) -> dict[str, str]:
        """The settings, with every address of the provider at `url`."""
        return {name: value.replace("{url}", url) for name, value in self.settings.items()}


def _zalo_headers(body: bytes) -> Mapping[str, str]:
    event = json.loads(body)
    mac = signature(str(event.get("app_id", "")), body, str(event.get("timestamp", "")), _SECRET)
    return {"X-ZEvent-Signature": f"mac={mac}"}


SAMPLES = {
    sample.platform: sample
    for sample in (
        Sample(
            "zalo", "/hooks/zalo",
            {
                "ZALO_APP_ID": _APP, "ZALO_APP_SECRET": _SECRET, "ZALO_OA_SECRET": _SECRET,
                "ZALO_REFRESH_TOKEN": "first-refresh-token", "ZALO_API_BASE": "{url}", "ZALO_OAUTH_BASE": "{url}",
            },
            _zalo_headers,
        ),
        Sample(
            "zalo-bot", "/hooks/zalo-bot",
            {"ZALO_BOT_TOKEN": "1:sample", "ZALO_BOT_WEBHOOK_SECRET": _SECRET, "ZALO_BOT_API_BASE": "{url}"},
            lambda body: {"X-Bot-Api-Secret-Token": _SECRET},
        ),
        Sample(
            "telegram", "/hooks/telegram",
            {"TELEGRAM_BOT_TOKEN": "1:sample", "TELEGRAM_WEBHOOK_SECRET": _SECRET, "TELEGRAM_API_BASE": "{url}"},
            lambda body: {"X-Telegram-Bot-Api-Secret-Token": _SECRET},
        ),
    )
}


def read(path: Path) -> tuple[Sample, Sequence[dict]]:
    """The platform a file of events was recorded from, and its events; lines that begin with # say something to people.

    Raises Mistake (sample-unreadable, sample-of-nobody).
    """
    events = []
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number in itertools.count(1):
            line = lines.readline(_LONGEST + 1)
            if not line:
                break
            if line.strip() and not line.startswith("#"):
                events.append(_event(line, number))
    if not events:
        raise Mistake("sample-of-nobody")
    return SAMPLES[_platform_of(events[0])], events


def told(event: Mapping) -> str:
    """Who did what, for people: "500000001: xin chào", "7000000000000000001: follow"."""
    part = event.get("result") if isinstance(event.get("result"), dict) else event
    kind = next((name for name in _PARTS if isinstance(part.get(name), dict)), "")
    body = part[kind] if kind else {}
    who = (part.get("sender"), part.get("follower"), body.get("chat"), body.get("from"))
    person = next((one["id"] for one in who if isinstance(one, dict) and "id" in one), "?")
    words = body.get("text") or body.get("data") or part.get("event_name") or _what(body) or kind
    return f"{person}: {words}"[:200]


def _what(body: Mapping) -> str:
    """What was done without words."""
    return next((name for name in ("location", "voice", "photo", "sticker", "new_chat_member") if name in body), "")


def as_of(now: datetime, events: Sequence[dict]) -> list[dict]:
    """The events as if the last had just happened: what is long past is answered as something late."""
    times = [found for event in events for found in _times(event)]
    ahead = now.timestamp() - max(times, default=now.timestamp())
    return [_moved(event, int(ahead)) for event in events]


def _times(value: object) -> Iterator[float]:
    """Every moment in an event, in seconds."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from (_seconds(part),) if _is_moment(name, part) else _times(part)


def _is_moment(name: str, value: object) -> bool:
    written = str(value) if isinstance(value, int | str) else ""
    return name in _TIMES and written.isdecimal() and len(written) <= _MOST_DIGITS


def _moved(value: object, seconds: int, name: str = "") -> object:
    """`value` with every moment in it so much later; text stays text, and thousandths of seconds stay those."""
    if isinstance(value, dict):
        return {name: _moved(part, seconds, name) for name, part in value.items()}
    if not _is_moment(name, value):
        return value
    later = int(value) + (seconds * 1000 if int(value) > _MILLISECONDS else seconds)
    return type(value)(later)


def _seconds(moment: object) -> float:
    return int(moment) / 1000 if int(moment) > _MILLISECONDS else int(moment)


def _event(line: str, number: int) -> dict:
    try:
        event = json.loads(line) if len(line) <= _LONGEST else None
        _moved(event, 0)  # moments of any size, parts in any depth
    except (ValueError, RecursionError, OverflowError):
        event = None
    if not isinstance(event, dict):
        raise Mistake("sample-unreadable", line=number)
    return event


def _platform_of(event: Mapping) -> str:
    """Each platform's events have something that no other's have."""
    if "update_id" in event:
        return "telegram"
    if "app_id" in event:
        return "zalo"
    if "event_name" in event or "result" in event:
        return "zalo-bot"
    raise Mistake("sample-of-nobody")
