"""A message on its way from the chat's page to its answer, and what the conversation began with."""

import hmac
from collections.abc import Callable
from contextlib import suppress

from flask import current_app, request

from bots import inbox, webtalk
from bots.model import StillLearning
from campaigns import areas, links
from web.here import now, reader, rt


def ask(person: str, text: str, key: str, came_by: Callable[[], str | None] | None) -> int | None:
    """Stores the message and has it answered; the turn it became, or had become when it came before. `came_by`: what a
    new conversation begins with; asked once, for it counts.
    """
    provider_id = f"web:{person}:{key}:{_digest(text)}"
    begins = came_by is not None and webtalk.turn_of(rt.db, provider_id) is None
    turn_id = inbox.receive(
        rt.db, platform=webtalk.PLATFORM, address=person, text=text, provider_id=provider_id, now=now(),
        language=reader(), came_by=came_by() if begins else None,
    )  # fmt: skip
    turn_id = turn_id or webtalk.turn_of(rt.db, provider_id)
    with suppress(StillLearning):  # the page is told that an answer comes, and looks for it
        if turn_id is not None and inbox.answer(rt.db, rt.answers.at_hand, turn_id, now(), rt.leaves):
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
