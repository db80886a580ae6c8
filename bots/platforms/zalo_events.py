"""What Zalo's webhook says of a person, as plain values."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from bots.platform import Incoming
from sms.gateway import BadRequest

log = logging.getLogger(__name__)

#: What people send → kind. What is not here (a link, a film, a business card) is "other": they did say something.
KINDS = {
    "user_send_text": "text",
    "user_send_image": "image",
    "user_send_gif": "image",
    "user_send_sticker": "sticker",
    "user_send_audio": "voice",
    "user_send_file": "file",
    "user_send_location": "location",
}
_SENT = "user_send_"
#: What is said in a group is not said to us, and others would wonder at the answer.
_TO_A_GROUP = "user_send_group_"
#: That a message of ours came and was seen, and what we sent ourselves.
_NOTHING_NEW = ("user_received_", "user_seen_", "oa_")
#: What an id may be to stand in a row as it is.
_LONGEST_ID = 120


def signature(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """Zalo's mac of a webhook: SHA-256 over the four in this order, no HMAC; `secret` is the account's, not the app's.

    https://docs.zaloplatforms.com/docs/OA/webhook/tin-nhan/su-kien-nguoi-dung-gui-tin-nhan
    """
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are equal, found out in the same time whatever they are."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def read(event: Mapping) -> list[Incoming]:
    """What the event says that a person did; nothing for those that are none of ours. Raises BadRequest."""
    name = plain(event.get("event_name"))
    if name in ("follow", "unfollow"):
        person = person_of(event.get("follower"))
        return [Incoming(_made_id(name, person, event), person, name, at=moment(event))]
    if name.startswith(_SENT) and not name.startswith(_TO_A_GROUP):
        return [_sent(name, event)]
    if not name.startswith(_NOTHING_NEW):
        log.info("Zalo's event %s is none of ours", name[:40].encode("ascii", "replace").decode())
    return []


def _sent(name: str, event: Mapping) -> Incoming:
    person, message = person_of(event.get("sender")), event.get("message")
    if not isinstance(message, dict):
        raise BadRequest("message")
    msg_id = plain(message.get("msg_id"))
    text = message["text"] if isinstance(message.get("text"), str) else ""
    kind = KINDS.get(name, "other")
    if kind == "location":
        text = _place(message.get("attachments"))
    elif text.strip():
        kind = "text"  # words under a picture are words
    ref = plain_id(f"{name}:{msg_id}") if msg_id else _made_id(name, person, event)
    return Incoming(ref, person, kind, text, at=moment(event))


def person_of(part: object) -> str:
    """The id in `{"id": …}`. Raises BadRequest when there is none."""
    person = plain(part.get("id")) if isinstance(part, dict) else ""
    if not person:
        raise BadRequest("id")
    return person


def plain(value: object) -> str:
    """An id or a name as text; "" for what is neither text nor a whole number."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def plain_id(text: str) -> str:
    """The same id, fit for a key: what is very long or has odd characters becomes a digest."""
    if len(text) <= _LONGEST_ID and text.isascii() and text.isprintable():
        return text
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _made_id(name: str, person: str, event: Mapping) -> str:
    """An id for what has none: the same for a repeat, and nobody's own id in it."""
    told = f"{person}:{plain(event.get('timestamp'))}"
    return f"{name[:_LONGEST_ID]}:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()}"


def moment(part: Mapping, name: str = "timestamp") -> datetime | None:
    """Milliseconds since 1970, as text or number; None when it is no moment of this century."""
    digits = plain(part.get(name))
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 13):
        return None
    return datetime.fromtimestamp(int(digits) / 1000, UTC)


def _place(attachments: object) -> str:
    """ "latitude, longitude", "" when they are not there."""
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    payload = first.get("payload") if isinstance(first, dict) else None
    found = payload.get("coordinates", payload) if isinstance(payload, dict) else None
    if not isinstance(found, dict):
        return ""
    try:
        latitude, longitude = float(found["latitude"]), float(found["longitude"])
    except (KeyError, TypeError, ValueError):
        return ""
    return f"{latitude}, {longitude}" if abs(latitude) <= 90 and abs(longitude) <= 180 else ""
