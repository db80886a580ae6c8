"""What people write to us: stored once, answered once, the answer sent once.

In: waiting → answered. Out: to-send → sending → sent | failed. Thinking happens outside any transaction; the effects of
a message and its reply are written together, and only by whoever is first.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bots import adoption, store
from bots.answering import due
from bots.effects import carry_out, hand_over
from bots.model import Choice, Context, Heard, OpenCase, OptOut, Said, phrase_key
from bots.platform import FETCHED, Reply, channel_of
from db.engine import Database
from db.seal import CannotOpen
from sms.gateway import Consequence, Fate, Outcome

if TYPE_CHECKING:  # the engine brings NumPy and SciPy along, which a hook that only stores does not need
    from bots.engine import Engine

#: Longer than any question; what is pasted beyond it is not read, let alone kept.
LONGEST_TEXT = 10_000
#: More than so many messages a minute from one person are a flood: one sentence about it, then silence. What follows
#: from a message (a case, an opt-out) follows all the same.
FLOOD_MESSAGES = 12
FLOOD_WINDOW = timedelta(minutes=1)
#: A reply that cannot be handed over is tried so often, each time after twice as long.
MOST_TRIES = 7
FIRST_WAIT = timedelta(seconds=15)
#: The reason of a case opened because an answer could not be sent.
UNSENT = "answer not sent"


@dataclass(frozen=True)
class Answered:
    """The reply's turn (None when nothing is said) and what the engine thought."""

    turn_id: int | None
    said: Said


def receive(
    db: Database, *, platform: str, address: str, text: str, provider_id: str | None, now: datetime,
    gateway: str | None = None, language: str | None = None,
) -> int | None:
    """Stores what somebody wrote and returns its turn id; None when this `provider_id` was stored before.

    `language` is that of the page they wrote on, for words that do not show one.
    """
    address_of_person = address if platform == "sms" else f"{platform}:{address}"
    index = db.seal.index(address_of_person)
    sealed = db.seal.seal(text[:LONGEST_TEXT], "turns.text")
    with db.transaction() as c:
        if provider_id is not None and store.is_known(c, provider_id):
            return None
        conversation_id = store.conversation(
            c, platform=platform, person_index=index, gateway=gateway, language=language, last_at=now,
            address_sealed=db.seal.seal(address, "conversations.address"),
        )
        return store.add_turn(c, conversation_id=conversation_id, direction="in", provider_id=provider_id,
                              status="waiting", text_sealed=sealed, at=now)


def waiting(db: Database, limit: int) -> list[int]:
    """Turns nobody has answered yet, oldest first."""
    with db.reading() as c:
        return store.waiting(c, limit)


def answer(
    db: Database, engine: "Engine", turn_id: int, now: datetime,
    leaves: adoption.Leaves = lambda platform, gateway: True,
) -> Answered | None:
    """Answers a waiting turn; None when it is answered already. Two at once, or two messages at once, do no harm.

    Where `leaves` says that the reply goes out into the world only what was adopted is said.
    """
    while True:
        with db.reading() as c:
            asked = store.asked(c, turn_id)
            if asked is None:
                return None
            heard = store.heard_since(c, asked.conversation_id, now - FLOOD_WINDOW, turn_id)
        may_say = _may_say(db, engine, now) if leaves(asked.platform, asked.gateway) else None
        said = _think(db, engine, asked, heard, may_say)
        with db.transaction() as c:
            if store.remember(c, asked.conversation_id, asked.context, context=said.context.to_json(),
                              language=said.language):
                return _write(db, c, asked, said, now)
        # somebody answered another message of this person meanwhile: think again with what is remembered now


def _may_say(db: Database, engine: "Engine", now: datetime) -> frozenset[str]:
    """What was adopted and has not expired."""
    return adoption.may_say(db, engine.book) - due.expired(engine.book, now.date())


def _think(db: Database, engine: "Engine", asked, heard: int, may_say: frozenset[str] | None) -> Said:
    channel = channel_of(asked.platform)
    text = db.seal.open(asked.text_sealed, "turns.text")
    context = Context.from_json(asked.context)
    context = replace(context, language=context.language or asked.language)
    said = engine.respond(Heard(text=text, channel=channel, context=context, may_say=may_say))
    if heard <= FLOOD_MESSAGES or (heard <= FLOOD_MESSAGES * 3 and _must_be_said(said)):
        return said
    once = heard == FLOOD_MESSAGES + 1 and (may_say is None or phrase_key("slow_down") in may_say)
    return replace(said, choices=(), reply=engine.book.phrase("slow_down", said.language, channel) if once else "")


def _must_be_said(said: Said) -> bool:
    """Somebody in danger writes many messages in a row; who says stop wants to hear that it holds, and who asks for a
    person that one was called.
    """
    called = not said.withheld and any(isinstance(effect, OptOut | OpenCase) for effect in said.effects)
    return said.danger == "red" or called


def _write(db: Database, c: Connection, asked, said: Said, now: datetime) -> Answered | None:
    why = db.seal.seal(json.dumps(list(said.why), ensure_ascii=False), "turns.why")
    thought = {"topic": said.topic, "danger": said.danger, "confidence": said.confidence, "language": said.language,
               "why_sealed": why}
    if not store.mark_answered(c, asked.id, **thought):
        return None
    carry_out(c, asked, said.effects, now)
    if not said.reply:
        return Answered(None, said)
    reply_id = store.add_turn(
        c, conversation_id=asked.conversation_id, direction="out", reply_to=asked.id, at=now, danger=said.danger,
        language=said.language, topic=None if said.withheld else said.topic,
        text_sealed=db.seal.seal(said.reply, "turns.text"),
        status="sent" if asked.platform in FETCHED else "to-send",
        choices=json.dumps([asdict(choice) for choice in said.choices], ensure_ascii=False),
    )
    return Answered(reply_id, said)


def claim_replies(db: Database, worker: str, limit: int, now: datetime) -> list[Reply]:
    """Takes up to `limit` replies that are due for `worker` to hand over; the intent is on the disk when it returns."""
    with db.transaction(durable=True) as c:
        rows = store.replies(c, store.claim_replies(c, worker, limit, now))
    return [reply for row in rows if (reply := _opened(db, row, worker, now))]


def _opened(db: Database, row, worker: str, now: datetime) -> Reply | None:
    """The reply, or None when it cannot be opened any more: that one has failed and must not hold up the others."""
    try:
        return _reply(db, row)
    except CannotOpen:
        record_replies(db, worker, [(row.id, Outcome.refused("content-refused", "cannot be opened"))], now)
        return None


def _reply(db: Database, row) -> Reply:
    return Reply(
        turn_id=row.id, platform=row.platform, gateway=row.gateway,
        address=db.seal.open(row.address_sealed, "conversations.address"),
        text=db.seal.open(row.text_sealed, "turns.text"),
        choices=tuple(Choice(**choice) for choice in json.loads(row.choices)),
    )


def record_replies(db: Database, worker: str, outcomes: Iterable[tuple[int, Outcome]], now: datetime) -> dict[str, int]:
    """Writes down what became of claimed replies; how many went to each status."""
    counts: dict[str, int] = {}
    with db.transaction() as c:
        for turn_id, outcome in outcomes:
            turn = store.reply(c, turn_id)
            values = _after(turn.attempts, turn.danger, outcome, now)
            if store.record_reply(c, turn_id, worker, **values):
                counts[values["status"]] = counts.get(values["status"], 0) + 1
                if values["status"] == "failed":
                    hand_over(c, turn.conversation_id, turn.danger or "none", UNSENT, now)
    return counts


def _after(tries: int, danger: str, outcome: Outcome, now: datetime) -> dict[str, object]:
    """What follows from an outcome. Where nobody can tell whether a reply arrived it is not sent again, except to
    somebody in danger: help twice is better than no help.
    """
    if outcome.fate is Fate.ACCEPTED:
        return {"status": "sent"}
    refused = outcome.fate is Fate.REFUSED
    may_repeat = outcome.error.consequence is not Consequence.PERMANENT if refused else danger == "red"
    if not may_repeat or tries >= MOST_TRIES:
        return {"status": "failed"}
    wait = timedelta(seconds=outcome.wait) if outcome.wait else FIRST_WAIT * 2 ** (tries - 1)
    return {"status": "to-send", "next_try_at": now + wait}


@dataclass(frozen=True)
class HeldReply:
    """A reply in the hands of a worker that is gone: was it handed over? `since` is when it was written."""

    reply: Reply
    worker: str
    since: datetime


def holders(db: Database) -> list[str]:
    """The workers that hold replies right now."""
    with db.reading() as c:
        return store.holders(c)


def held_replies(db: Database, workers: Sequence[str], limit: int) -> list[HeldReply]:
    """Replies in the hands of these workers, oldest first."""
    with db.reading() as c:
        rows = store.replies(c, store.held_by(c, workers, limit))
    opened = ((row, _opened(db, row, row.worker, row.at)) for row in rows)
    return [HeldReply(reply, row.worker, row.at) for row, reply in opened if reply]
