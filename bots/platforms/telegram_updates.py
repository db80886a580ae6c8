"""What an update of Telegram's Bot API says, as plain values. https://core.telegram.org/bots/api#update

Read by hand and not by python-telegram-bot, whose import takes half a second: a hook must be quick. Only private chats
speak to us: in groups and channels others would read what somebody is told.
"""

# {"update_id": 10, "message": {"message_id": 5, "date": 1764554400, "chat": {"id": 77, "type": "private"},
#   "from": {"id": 77, "is_bot": false, "first_name": "…", "language_code": "vi"}, "text": "xin chào"}}
# {"update_id": 11, "callback_query": {"id": "4382…", "from": {…}, "message": {…}, "data": "choice:12:0"}}
# {"update_id": 12, "my_chat_member": {"chat": {…}, "from": {…}, "date": …, "new_chat_member": {"status": "kicked"}}}

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bots.platform import Incoming
from sms.gateway import BadRequest

#: The kinds of update we ask for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
#: What a message carries when it is no text → our kind, in the order looked at: an animation comes as a document too.
CARRIES: Mapping[str, str] = {
    "photo": "image", "animation": "image", "sticker": "sticker",
    "voice": "voice", "audio": "voice", "video_note": "voice",
    "venue": "location", "location": "location",
    "document": "file", "video": "file",
    **dict.fromkeys(("contact", "dice", "poll", "game", "story", "paid_media", "invoice"), "other"),
}  # fmt: skip
#: Commands in the words the engine knows. What is no command of ours is read as text.
COMMANDS: Mapping[str, str] = {
    "/stop": "STOP", "/menu": "menu", "/help": "menu", "/en": "English", "/vi": "Tiếng Việt",
    "/lang en": "English", "/lang vi": "Tiếng Việt", "/lang": "English",
}  # fmt: skip
#: The payload of a link t.me/<bot>?start=<payload>: no words.
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]*").fullmatch
_LONGEST_PAYLOAD = 64

#: A name for a message that does not show whose it is: (chat, message id) → text.
Named = Callable[[str, int], str]


def read(update: Mapping, named: Named) -> list[Incoming]:
    """What happened; nothing for what is none of ours. Raises BadRequest when it has not the form of an update."""
    number = _number(update.get("update_id"))
    for name, reader in _READERS.items():
        if name in update:
            return reader(_object(update[name]), f"update-{number}", named)
    return []


def press_of(update: Mapping) -> str | None:
    """The id under which Telegram waits to hear that a press was noticed."""
    query = update.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def _message(message: dict, update: str, named: Named) -> list[Incoming]:
    who = _person(message)
    said = who and _said(message)
    if not said:
        return []
    kind, text = said
    ref = named(who["address"], _number(message.get("message_id")))
    came_by = None
    if kind == "text" and text.startswith("/"):
        kind, text, came_by = _command(text)
    return [Incoming(ref, kind=kind, text=text, came_by=came_by, at=_time(message.get("date")), **who)]


def _edited(message: dict, update: str, named: Named) -> list[Incoming]:
    """Somebody who shares where they are "edits" that message all the time: only words count."""
    who = _person(message)
    text = message.get("text") or message.get("caption")
    if not who or not isinstance(text, str):
        return []
    replaces = named(who["address"], _number(message.get("message_id")))
    return [Incoming(update, kind="edit", text=text, replaces=replaces, at=_time(message.get("edit_date")), **who)]


def _pressed(query: dict, update: str, named: Named) -> list[Incoming]:
    data = query.get("data")
    if not isinstance(data, str) or not data:
        return []
    presser = _object(query.get("from"))
    message = query.get("message")
    chat = message.get("chat") if isinstance(message, dict) else {"id": presser.get("id"), "type": "private"}
    who = _person({"chat": chat, "from": presser})
    return [Incoming(update, kind="press", text=data, **who)] if who else []


def _member(change: dict, update: str, named: Named) -> list[Incoming]:
    """In a private chat: the person blocked the bot or let it in again."""
    status = _object(change.get("new_chat_member")).get("status")
    kind = {"kicked": "unfollow", "member": "follow"}.get(status) if isinstance(status, str) else None
    who = _person(change)
    return [Incoming(update, kind=kind, at=_time(change.get("date")), **who)] if kind and who else []


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _pressed, "my_chat_member": _member}


def _person(message: Mapping) -> dict | None:
    """Who speaks, as Incoming names it; None in groups and channels, and for machines."""
    chat, sender = _object(message.get("chat")), _object(message.get("from") or {})
    if chat.get("type") != "private" or sender.get("is_bot"):
        return None
    address = chat.get("id")
    if isinstance(address, bool) or not isinstance(address, int | str):
        raise BadRequest("chat.id")
    code = sender.get("language_code")
    language = code[:2].lower() if isinstance(code, str) else ""
    return {"address": str(address), "language": language if language in ("vi", "en") else None}


def _said(message: Mapping) -> tuple[str, str] | None:
    """The kind and the text; words under a picture count as a text, for somebody may cry for help there. None for what
    nobody said: "pinned a message", or something newer than this file.
    """
    for name in ("text", "caption"):
        text = message.get(name)
        if isinstance(text, str) and text:
            return "text", text
    kind = next((kind for name, kind in CARRIES.items() if name in message), None)
    return (kind, _coordinates(message.get("location")) if kind == "location" else "") if kind else None


def _coordinates(location: object) -> str:
    if not isinstance(location, dict):
        return ""
    both = [location.get(name) for name in ("latitude", "longitude")]
    numbers = [value for value in both if isinstance(value, int | float) and not isinstance(value, bool)]
    return ", ".join(f"{value:g}" if abs(value) > 180 else f"{round(value, 6)}" for value in numbers)


def _command(text: str) -> tuple[str, str, str | None]:
    """Kind, text and where the person came from. "/help@an_lo_bot" is how some apps write it. What somebody wrote after
    a command is what they want to say: it may be a cry.
    """
    first, _, rest = text.partition(" ")
    command, rest = first.partition("@")[0].lower(), rest.strip()
    if command == "/start" and _PAYLOAD(rest):
        return "follow", "", rest[:_LONGEST_PAYLOAD] or None
    if command == "/start":
        return "text", rest, None
    known = COMMANDS.get(f"{command} {rest.lower()}".strip())
    if known or command not in COMMANDS:
        return "text", known or text, None
    return "text", f"{command[1:]} {rest}", None


def _object(value: object) -> dict:
    if not isinstance(value, dict):
        raise BadRequest("not an object")
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequest("not a number")
    return value


def _time(seconds: object) -> datetime | None:
    """None where it does not say, or names a time no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int and seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None
