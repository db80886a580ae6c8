"""What people write to us: stored once and answered once, in the order in which they wrote it.

In: waiting → answered. Thinking happens outside any transaction; the effects of a message and its reply are written
together, and only by whoever is first. How the reply leaves: `bots.sending`.
"""

import contextlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bots import adoption, hearing, judgeable, past_store, silence, store, triage
from bots.answering import due
from bots.effects import carry_out, hand_over
from bots.figures import noting, whence
from bots.hearing import Thought, Turn
from bots.model import Context, Said
from bots.normalise import normalise
from bots.platform import FETCHED, NOT_TEXT, SMS, channel_of, person_of
from bots.silence import Past
from bots.speech import Voice
from bots.taking_in import LONGEST_TEXT, letters
from campaigns import consent
from db.engine import Database
from db.seal import CannotOpen
from sms import optout

if TYPE_CHECKING:  # the engine brings NumPy and SciPy along, which a hook that only stores does not need
    from bots.engine import Engine

log = logging.getLogger(__name__)

#: A message that cannot be answered is tried so often, each time after twice as long; then a person is called.
MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=2)
UNANSWERED = "could not be answered"
#: More of what somebody wrote within an hour is not compared.
_MOST_TEXTS = 40


@dataclass(frozen=True)
class Answered:
    """The reply's turn (None when nothing is said) and what the engine thought."""

    turn_id: int | None
    said: Said


def receive(
    db: Database, *, platform: str, address: str, text: str, provider_id: str | None, now: datetime,
    gateway: str | None = None, language: str | None = None, came_by: str | None = None,
) -> int | None:
    """Stores what somebody wrote and returns its turn id; None when this `provider_id` was stored before.

    `language` is that of the page they wrote on, for words that do not show one.
    """
    address, provider_id = letters(address), provider_id and letters(provider_id)
    index = db.seal.index(person_of(platform, address))
    sealed = db.seal.seal(letters(text)[:LONGEST_TEXT], "turns.text")
    with db.transaction() as c:
        if provider_id is not None and store.is_known(c, provider_id):
            return None
        person = {"platform": platform, "person_index": index, "gateway": gateway, "language": language,
                  "last_at": now, "came_by": came_by,
                  "address_sealed": db.seal.seal(address, "conversations.address")}  # fmt: skip
        new = store.begin(c, **person)
        turn_id = store.add_turn(c, conversation_id=new or store.conversation(c, **person), direction="in",
                                 provider_id=provider_id, status="waiting", text_sealed=sealed, at=now)
        noting.arrived(c, platform, index, now, begins=new is not None)
        return turn_id


def waiting(db: Database, limit: int, now: datetime | None = None) -> list[int]:
    """Turns nobody has answered yet, oldest first; with `now` without those that are put off until later."""
    with db.reading() as c:
        return store.waiting(c, limit, now)


def answer(
    db: Database, engine: "Engine", turn_id: int, now: datetime,
    leaves: adoption.Leaves = lambda platform, gateway: True,
) -> Answered | None:
    """Answers a waiting turn, after what the same person sent before it; None when it is answered already, or has to
    wait for that. Two at once, or two messages at once, do no harm.

    Where `leaves` says that the reply goes out into the world only what was adopted is said. Raises StillLearning where
    first_aid stands in for the engine and this is no cry for help.
    """
    with db.reading() as c:
        earlier = store.waiting_before(c, turn_id) if engine.in_order else ()
    for each in earlier:
        if each.next_try_at and each.next_try_at > now:
            return None
        try:
            _answer(db, engine, each.id, now, leaves)
        except Exception:  # it is that message's trouble, and comes up again when its own turn comes
            log.exception("turn %s could not be answered before turn %s", each.id, turn_id)
            put_off(db, each.id, now)
            return None
    return _answer(db, engine, turn_id, now, leaves)


def _answer(db: Database, engine: "Engine", turn_id: int, now: datetime, leaves: adoption.Leaves) -> Answered | None:
    while True:
        with db.reading() as c:
            asked = store.asked(c, turn_id)
            if asked is None or (engine.in_order and store.waiting_before(c, turn_id)):
                return None
            turn, past = _turn(db, c, asked, now), _past(db, c, asked, now)
            came = whence.of(c, asked)
        turn = replace(turn, may_say=may_say(db, engine.book, now) if leaves(asked.platform, asked.gateway) else None)
        thought = hearing.think(engine, turn)
        voice = Voice(engine.book, thought.said.language, turn.channel, accented=False, may_say=turn.may_say)
        thought = replace(thought, said=silence.what_is_said(voice, thought.said, turn.context, turn.text, past))
        returned = _with_return(voice, thought.said) if _returns(asked, now) else None
        with db.transaction() as c:
            if store.remember(c, asked, engine.in_order, **_memory(asked, thought.said, returned, now)):
                entry = noting.entry(engine.book, turn, thought.said, came)
                return _write(db, c, asked, thought, entry, returned or thought.said.reply, now)
        # somebody answered another message of this person meanwhile: think again with what is remembered now


def may_say(db: Database, book, now: datetime) -> frozenset[str]:
    """What was adopted and has not expired."""
    return adoption.may_say(db, book) - due.expired(book, now.date())


def _turn(db: Database, c: Connection, asked, now: datetime) -> Turn:
    text = db.seal.open(asked.text_sealed, "turns.text")
    context = Context.from_json(asked.context)
    judges = asked.kind == "text" and hearing.judgement(text) is not None
    last = past_store.last_reply(c, asked.conversation_id) if judges else None
    return Turn(
        kind=asked.kind, text=text, channel=channel_of(asked.platform), may_say=None,
        context=replace(context, language=context.language or asked.language),
        in_danger=asked.kind in NOT_TEXT
        and past_store.in_danger(c, asked.conversation_id, now - silence.DANGER_WINDOW),
        last_answer=last.id if last and judgeable.is_an_answer(last) else None,
    )


def _past(db: Database, c: Connection, asked, now: datetime) -> Past:
    talk, may_loop = asked.conversation_id, asked.kind == "text" and asked.platform not in FETCHED
    texts = past_store.texts(c, talk, now - silence.SAME_WINDOW, asked.id, _MOST_TEXTS) if may_loop else ()
    return Past(
        heard=store.heard_since(c, talk, now - silence.FLOOD_WINDOW, asked.id),
        attended=asked.attended_until is not None and asked.attended_until > now,
        helped=past_store.was_helped(c, talk, now - silence.HELP_WINDOW),
        kind_answered=_kind_answered(db, c, asked, now),
        stop_confirmed=may_loop and _stop_confirmed(db, c, asked, now),
        address=db.seal.open(asked.address_sealed, "conversations.address") if asked.platform in SMS else "",
        texts=tuple(_legible(db, texts)),
        replies=past_store.machine_replies(c, talk, now - silence.SMS_WINDOW) if may_loop else 0,
    )


def _stop_confirmed(db: Database, c: Connection, asked, now: datetime) -> bool:
    """Whether it is known to them that their stop holds; being told how to stop is something else."""
    if not consent.is_out(c, asked.person_index):
        return False
    answered = past_store.answered_stops(c, asked.conversation_id, now - silence.STOP_WINDOW, _MOST_TEXTS)
    return any(optout.intent(text) == "stop" for text in _legible(db, answered))


def _legible(db: Database, texts: Iterable[bytes]) -> Iterator[str]:
    """An old text that cannot be opened any more must not keep a new one from being answered."""
    for text in texts:
        with contextlib.suppress(CannotOpen):
            yield db.seal.open(text, "turns.text")


def _kind_answered(db: Database, c: Connection, asked, now: datetime) -> bool:
    """Words that came with a picture are answered like all words."""
    follows = asked.kind == "follow"
    words = asked.kind not in ("location", "follow") and db.seal.open(asked.text_sealed, "turns.text").strip()
    if words or not (follows or asked.kind in NOT_TEXT):
        return False
    since = now - (silence.GREETING_WINDOW if follows else silence.KIND_WINDOW)
    return past_store.kind_answered(c, asked.conversation_id, asked.kind, since, asked.id)


def _returns(asked, now: datetime) -> bool:
    """Whether the machine speaks again after a person of the staff."""
    return asked.bot_returns or (asked.attended_until is not None and asked.attended_until <= now)


def _with_return(voice: Voice, said: Said) -> str | None:
    """The reply with the line that a machine answers again; None where it does not fit, or nothing is said."""
    parts = (voice.phrase("bot_back"), said.reply)
    both = voice.joined(*(reversed(parts) if said.danger == "red" else parts))  # nothing goes before help
    return both if said.reply and both != said.reply and voice.fits(both) else None


def _memory(asked, said: Said, returned: str | None, now: datetime) -> dict[str, object]:
    over = {"attended_by": None, "attended_until": None, "bot_returns": returned is None}
    return {"context": said.context.to_json(), "language": said.language, **(over if _returns(asked, now) else {})}


def _write(
    db: Database, c: Connection, asked, thought: Thought, entry: noting.Entry, words: str, now: datetime
) -> Answered | None:
    said = thought.said
    why = db.seal.seal(json.dumps(list(said.why), ensure_ascii=False), "turns.why")
    if not store.mark_answered(c, asked.id, **entry.columns(), why_sealed=why):
        return None
    carry_out(c, asked, said.effects, now)
    judged = past_store.judge(c, asked.conversation_id, *thought.judged) if thought.judged else None
    reply_id = _reply(db, c, asked, said, words, now) if words else None
    entry.write(c, asked, now, answered=reply_id is not None, judged=judged and (judged, thought.judged[1]))
    return Answered(reply_id, replace(said, reply=words) if words else said)


def _reply(db: Database, c: Connection, asked, said: Said, words: str, now: datetime) -> int:
    fetched = asked.platform in FETCHED
    return store.add_turn(
        c, conversation_id=asked.conversation_id, direction="out", reply_to=asked.id, at=now, danger=said.danger,
        language=said.language, topic=None if said.withheld else said.topic,
        text_sealed=db.seal.seal(words, "turns.text"),
        status="sent" if fetched else "to-send", sent_at=now if fetched else None,
        choices=json.dumps([asdict(choice) for choice in said.choices], ensure_ascii=False),
    )


def put_off(db: Database, turn_id: int, now: datetime) -> None:
    """It could not be answered: later, and at last by a person, so that nobody waits behind it for ever."""
    with db.transaction() as c:
        asked = store.asked(c, turn_id)
        if asked is None:
            return
        if asked.attempts + 1 < MOST_TRIES:
            store.put_off(c, turn_id, now + FIRST_WAIT * 2**asked.attempts)
        elif store.mark_answered(c, turn_id):
            hand_over(c, asked.conversation_id, _danger_by_rules(db, asked), UNANSWERED, now)


def _danger_by_rules(db: Database, asked) -> str:
    """How urgent what the bot could not answer is: for this no bot is needed."""
    text = "".join(_legible(db, [asked.text_sealed]))
    return triage.by_rules(normalise(text))[0]


def let_bot_return(db: Database, now: datetime) -> int:
    """The machine answers again where the time of a person of the staff is over; in how many conversations."""
    with db.transaction() as c:
        return store.let_bot_return(c, now)
