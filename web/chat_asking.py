"""A message on its way from the chat's page to its answer, and what the conversation began with."""

import hmac

from flask import current_app, request

from bots import inbox, webtalk
from campaigns import areas, links
from web.here import now, reader, rt


def ask(person: str, text: str, key: str, came_by: str | None) -> int | None:
    """Stores the message and has it answered; the turn it became, or had become when it came before."""
    provider_id = f"web:{person}:{key}:{_digest(text)}"
    turn_id = inbox.receive(
        rt.db, platform=webtalk.PLATFORM, address=person, text=text, provider_id=provider_id, now=now(),
        language=reader(), came_by=came_by,
    )  # fmt: skip
    turn_id = turn_id or webtalk.turn_of(rt.db, provider_id)
    if turn_id is not None and inbox.answer(rt.db, rt.engine, turn_id, now(), rt.leaves):
        rt.wake.set()
    return turn_id


def _digest(text: str) -> str:
    """Tells a message from another under the same key: a page went back in, its text was changed."""
    return hmac.digest(current_app.secret_key.encode(), text.encode(), "sha256")[:6].hex()


def origin() -> str | None:
    """What a conversation begins with: the commune of a poster, or the short link, for which it counts, once."""
    link, commune = request.args.get("s", "")[:40].lower(), request.args.get("c", "")[:40]
    if link and links.began(rt.db, link, now()):
        # A longer code is one person's own, and would give away who they are.
        return link if len(link) == links.LENGTH else None
    return commune if commune and areas.is_commune(rt.db, commune) else None


def whole_letters(text: str) -> str:
    """`text` without halves of letters, which no table can hold."""
    return text.encode("utf-8", "replace").decode()
