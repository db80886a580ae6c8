"""What follows from a message, carried out in the transaction that writes its reply."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bots import store
from bots.model import DANGERS, Effect, OpenCase, OptIn, OptOut
from campaigns import consent


def carry_out(c: Connection, asked, effects: Iterable[Effect], now: datetime) -> None:
    """`asked` is the row of the message; a chosen language is kept with the conversation by the caller."""
    for effect in effects:
        match effect:
            case OptOut():
                consent.opt_out(c, asked.person_index, channel=asked.platform, reason="asked", now=now)
            case OptIn():
                consent.opt_in(c, asked.person_index, now)
            case OpenCase(danger, reason):
                hand_over(c, asked.conversation_id, danger, reason, now)


def hand_over(c: Connection, conversation_id: int, danger: str, reason: str, now: datetime) -> None:
    """One open case a conversation: what comes later can only make it more urgent."""
    standing = store.open_case(c, conversation_id)
    if standing is None:
        store.add_case(c, conversation_id=conversation_id, danger=danger, reason=reason, opened_at=now)
    elif DANGERS.index(danger) > DANGERS.index(standing.danger):
        store.change_case(c, standing.id, danger=danger, reason=reason)
