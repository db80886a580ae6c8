"""Replies on their way out, the machine's and those of the staff: to-send → sending → sent | failed.

Each person's in order, one at a time. Nothing is handed over within a transaction.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bots import sending_store, store
from bots.effects import hand_over
from bots.figures import noting
from bots.leaving import Door
from bots.model import NOT_ADOPTED, Choice
from bots.platform import Reply
from db.engine import Database
from db.seal import CannotOpen
from sms.gateway import Consequence, Fate, Outcome

log = logging.getLogger(__name__)

#: A reply that cannot be handed over is tried again, each time after twice as long, until it is this old.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=5)
KEEP_TRYING = timedelta(hours=24)
#: To somebody in danger it is tried again at least this often.
LONGEST_WAIT_RED = timedelta(minutes=1)
#: Somebody in danger waits so long at most for a reply that is in somebody's hands: who holds it may have died.
IN_HANDS_RED = timedelta(seconds=30)
#: Where nobody can tell whether help arrived it is sent again, but not for ever.
MOST_TRIES_UNKNOWN = 7
#: The reason of a case opened because an answer could not be sent.
UNSENT = "answer not sent"


def claim_replies(
    db: Database, worker: str, limit: int, now: datetime, door: Callable[[], Door] | None = None,
    busy: Collection[str] = (),
) -> list[Reply]:
    """Takes up to `limit` replies that are due for `worker` to hand over; the intent is on the disk when it returns.

    Of one person one at a time, what was written first first; only help in danger goes before. `door` says what is
    added as they leave, and what may not be said there any more: a person is called instead, and the reply says that.
    Platforms that are `busy` give help in danger only.
    """
    until = now + IN_HANDS_RED
    with db.transaction(durable=True) as c:
        taken = sending_store.claim_replies(c, worker, limit, now, until=until, busy=busy)
        rows = sending_store.replies(c, taken)
    try:
        at_the_door = door() if door and rows else None
    except Exception:  # surely nothing was handed over yet
        record_replies(db, worker, [(row.id, Outcome.refused("gateway-trouble", "at the door")) for row in rows], now)
        raise
    return [reply for row in rows if (reply := _opened(db, row, worker, now, at_the_door))]


def _opened(db: Database, row, worker: str, now: datetime, door: Door | None = None) -> Reply | None:
    """The reply, or None when nothing can be made of it: that one must not hold up the others."""
    try:
        reply = _reply(db, row)
    except (CannotOpen, ValueError, TypeError):
        record_replies(db, worker, [(row.id, Outcome.refused("content-refused", "cannot be opened"))], now)
        return None
    try:
        return reply if door is None else _at_the_door(db, row, reply, door, now)
    except Exception:
        log.exception("nothing could be added to reply %s", row.id)
        if reply.urgent:
            return reply  # help as it stands, then
        record_replies(db, worker, [(row.id, Outcome.refused("gateway-trouble", "at the door"))], now)
        return None


def _reply(db: Database, row, **changes) -> Reply:
    values = {
        "turn_id": row.id, "platform": row.platform, "gateway": row.gateway, "language": row.language,
        "address": db.seal.open(row.address_sealed, "conversations.address"),
        "text": db.seal.open(row.text_sealed, "turns.text"),
        "choices": tuple(Choice(**choice) for choice in json.loads(row.choices)),
        "by_staff": row.written_by is not None, "heard_at": row.heard_at, "said_since": row.said_since,
        "urgent": row.danger == "red",
    }
    return Reply(**{**values, **changes})


def _at_the_door(db: Database, row, reply: Reply, door: Door, now: datetime) -> Reply:
    if door.withholds(row):
        words = door.instead(row)
        with db.transaction() as c:
            sending_store.reword(c, row.id, db.seal.seal(words, "turns.text"))
            hand_over(c, row.conversation_id, row.danger or "none", NOT_ADOPTED, now)
            noting.withheld(c, row)
        return _reply(db, row, text=door.text(row, words, (), now), choices=())
    text = door.text(row, reply.text, reply.choices, now)
    return _reply(db, row, text=text, may_be_judged=door.may_be_judged(row, reply.text))


def record_replies(db: Database, worker: str, outcomes: Iterable[tuple[int, Outcome]], now: datetime) -> dict[str, int]:
    """Writes down what became of claimed replies; how many went to each status."""
    counts: Counter[str] = Counter()
    with db.transaction() as c:
        for turn_id, outcome in outcomes:
            turn = sending_store.reply(c, turn_id)
            values = _after(turn, outcome, now)
            if sending_store.record_reply(c, turn_id, worker, **values):
                counts[values["status"]] += 1
                _follow_up(c, turn, values["status"], outcome, now)
    return dict(counts)


def _after(turn, outcome: Outcome, now: datetime) -> dict[str, object]:
    """What follows from an outcome. Where nobody can tell whether a reply arrived it is not sent again, except to
    somebody in danger: help twice is better than no help.
    """
    if outcome.fate is Fate.ACCEPTED:
        return {"status": "sent", "sent_at": now, "provider_ref": outcome.ref}
    refused = outcome.fate is Fate.REFUSED
    if refused:
        may_repeat = outcome.error.consequence is not Consequence.PERMANENT
    else:
        may_repeat = turn.danger == "red" and turn.attempts < MOST_TRIES_UNKNOWN
    following = now + _wait(turn, outcome)
    if not may_repeat or following > turn.at + KEEP_TRYING:
        return {"status": "failed"}
    return {"status": "to-send", "next_try_at": following}


def _wait(turn, outcome: Outcome) -> timedelta:
    if outcome.wait:
        return timedelta(seconds=outcome.wait)
    longest = LONGEST_WAIT_RED if turn.danger == "red" else LONGEST_WAIT
    return min(FIRST_WAIT * 2 ** min(turn.attempts - 1, 10), longest)


def _follow_up(c: Connection, turn, status: str, outcome: Outcome, now: datetime) -> None:
    if status == "sent":
        sending_store.was_sent(c, turn.conversation_id)
    if status == "failed":
        gone = outcome.error is not None and outcome.error.code == "gone"
        if gone:
            store.left(c, turn.conversation_id, now)
        _call_somebody(c, turn, now, gone=gone)


def _call_somebody(c: Connection, turn, now: datetime, *, gone: bool) -> None:
    """An answer that did not arrive is a case; where somebody turned away from us only if they are in danger, or if a
    person of the staff waits for it to arrive.
    """
    danger = turn.danger or "none"
    if not gone or danger != "none" or turn.written_by is not None:
        hand_over(c, turn.conversation_id, danger, UNSENT, now)


def let_lapse(db: Database, now: datetime, limit: int = 500) -> int:
    """Gives up replies to people who are gone, once they are as old as any reply gets; how many."""
    count = 0
    with db.transaction() as c:
        for turn in sending_store.lapsed(c, now - KEEP_TRYING, limit):
            if sending_store.fail(c, turn.id):
                _call_somebody(c, turn, now, gone=True)
                count += 1
    return count


@dataclass(frozen=True)
class HeldReply:
    """A reply in the hands of a worker that is gone: was it handed over? `since` is when it was written."""

    reply: Reply
    worker: str
    since: datetime


def holders(db: Database) -> list[str]:
    """The workers that hold replies right now."""
    with db.reading() as c:
        return sending_store.holders(c)


def held_replies(db: Database, workers: Sequence[str], limit: int) -> list[HeldReply]:
    """Replies in the hands of these workers, oldest first."""
    with db.reading() as c:
        rows = sending_store.replies(c, sending_store.held_by(c, workers, limit))
    return _held(db, rows)


def overdue_replies(db: Database, limit: int, now: datetime) -> list[HeldReply]:
    """Replies to people in danger that somebody holds for too long: dead or alive, they wait no longer for it."""
    with db.reading() as c:
        rows = sending_store.replies(c, sending_store.overdue(c, now, limit))
    return _held(db, rows)


def _held(db: Database, rows) -> list[HeldReply]:
    opened = ((row, _opened(db, row, row.worker, row.at)) for row in rows)
    return [HeldReply(reply, row.worker, row.at) for row, reply in opened if reply]
