"""What follows from a message, carried out in the transaction that writes its reply."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bots.cases.opening import hand_over
from bots.model import Effect, OpenCase, OptIn, OptOut
from campaigns import consent

__all__ = ["carry_out", "hand_over"]


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
