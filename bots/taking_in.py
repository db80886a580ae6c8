"""What platforms' doors brought is taken into the conversations, in the order in which it came."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bots import arrival_store, normalise, past_store, store, triage
from bots.figures.counting import Counts, day
from bots.figures.noting import rejudged
from bots.model import LANGUAGES
from bots.platform import KINDS, LONGEST_ADDRESS, Incoming, person_of
from db.engine import Database
from db.seal import CannotOpen, Seal

log = logging.getLogger(__name__)

#: Longer than any question; what is pasted beyond it is not read, let alone kept.
LONGEST_TEXT = 10_000
#: What was taken in is remembered so long, so that a repeat is met without looking into the conversations.
KEPT = timedelta(days=3)
#: A provider's clock is believed so far back: it may have waited for us, but not for weeks.
OLDEST = timedelta(days=7)
#: How a platform gives out a button, and gets it back (bots/platform.py).
_PRESS = re.compile(r"(choice|helpful):(\d{1,18}):(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class _Arrival:
    id: int
    platform: str
    provider_id: str
    incoming: Incoming
    index: bytes
    #: When it was done: by the provider's clock where that can be.
    at: datetime


def from_json(text: str) -> Incoming:
    """What arrivals.as_json wrote. Raises ValueError, TypeError for anything else."""
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("not in the form of an Incoming")
    if values.get("at"):
        values["at"] = datetime.fromisoformat(values["at"])
    incoming = Incoming(**values)
    words = (incoming.text, incoming.address, incoming.replaces or "", incoming.came_by or "")
    if not all(isinstance(each, str) for each in words) or incoming.kind not in KINDS:
        raise ValueError("not in the form of an Incoming")
    if not 0 < len(incoming.address) <= LONGEST_ADDRESS:
        raise ValueError("an address that cannot be one")
    return incoming


def drain(db: Database, limit: int) -> Counter[str]:
    """Takes in up to `limit` of what waits, the oldest first: how much was taken, and dropped. Two at once do no harm;
    one arrival that nothing can be made of is dropped and keeps nobody waiting.
    """
    while True:
        try:
            return _drained(db, limit)
        except OperationalError:
            raise
        except Exception:  # whatever it is about one of them: the others go on without it
            log.exception("%s arrivals could not be taken in at once", limit)
        if limit == 1:
            return _drop_one(db)
        limit //= 2


def _drained(db: Database, limit: int) -> Counter[str]:
    with db.transaction() as c:
        arrival_store.alone(c)
        rows = arrival_store.waiting(c, limit)
        found = [arrival for row in rows if (arrival := _opened(db.seal, row))]
        counts = Counts()
        for run in _runs(found):
            _take_in(c, db.seal, run, counts)
        taken = [arrival.id for arrival in found]
        dropped = sorted({row.id for row in rows} - set(taken))
        arrival_store.settle(c, taken, "taken")
        arrival_store.settle(c, dropped, "dropped")
        counts.write(c)
    return Counter(taken=len(taken), dropped=len(dropped))


def _drop_one(db: Database) -> Counter[str]:
    with db.transaction() as c:
        arrival_store.alone(c)
        ids = [row.id for row in arrival_store.waiting(c, 1)]
        arrival_store.settle(c, ids, "dropped")
    return Counter(dropped=len(ids))


def forget(db: Database, now: datetime) -> int:
    """Forgets what was taken in long ago; how much."""
    with db.transaction() as c:
        return arrival_store.forget(c, now - KEPT)


def _opened(seal: Seal, row) -> _Arrival | None:
    try:
        incoming = from_json(seal.open(row.incoming_sealed or b"", "arrivals.incoming"))
        at = row.at if incoming.at is None else min(max(incoming.at, row.at - OLDEST), row.at)
        index = seal.index(person_of(row.platform, incoming.address))
        return _Arrival(row.id, row.platform, row.provider_id, incoming, index, at)
    except (CannotOpen, ValueError, TypeError, AttributeError):
        log.warning("arrival %s cannot be read", row.id)
        return None


def _runs(found: Sequence[_Arrival]) -> Iterator[list[_Arrival]]:
    """Neighbours of one platform; an edit alone, after what it may change."""
    run: list[_Arrival] = []
    for arrival in found:
        edits = arrival.incoming.kind == "edit"
        if run and (edits or run[-1].incoming.kind == "edit" or run[-1].platform != arrival.platform):
            yield run
            run = []
        run.append(arrival)
    if run:
        yield run


def _take_in(c: Connection, seal: Seal, run: Sequence[_Arrival], counts: Counts) -> None:
    again = store.already_heard(c, [arrival.provider_id for arrival in run])
    run = [arrival for arrival in run if arrival.provider_id not in again]
    here = [arrival for arrival in run if arrival.incoming.kind != "unfollow"]
    talks = _talks(c, _people(seal, here), counts) if here else {}
    if run and run[0].incoming.kind == "edit":
        here = [arrival for arrival in here if not _edited(c, seal, arrival, talks[arrival.index])]
    choices = _choices(c, here)
    given = [(arrival, _heard(c, arrival, talks[arrival.index], choices, counts)) for arrival in here]
    said = [(arrival, *heard) for arrival, heard in given if heard]
    texts = seal.seal_many([letters(text)[:LONGEST_TEXT] for _, _, text in said], "turns.text")
    new = store.add_turns(c, [
        {"conversation_id": talks[arrival.index], "direction": "in", "provider_id": arrival.provider_id, "kind": kind,
         "status": "waiting", "text_sealed": text, "at": arrival.at}
        for (arrival, kind, _), text in zip(said, texts, strict=True)
    ])
    for arrival, kind, _ in said:
        if arrival.provider_id in new:
            counts.heard(day(arrival.at), arrival.platform, kind)
    _let_go(c, run)


def _talks(c: Connection, people: Sequence[Mapping], counts: Counts) -> dict[bytes, int]:
    """person_index → conversation, begun where there was none."""
    began = store.begin_all(c, people)
    for person in people:
        if person["person_index"] in began:
            counts.began(day(person["created_at"]), person["platform"])
    return store.conversations_of(c, people)


def _people(seal: Seal, here: Sequence[_Arrival]) -> list[dict]:
    """One row a person: when they last did something, and what they came by."""
    came_by = {arrival.index: arrival.incoming.came_by for arrival in reversed(here) if arrival.incoming.came_by}
    return [
        {
            "platform": arrival.platform, "person_index": index, "created_at": arrival.at, "last_at": arrival.at,
            "heard_at": arrival.at, "address_sealed": seal.seal(arrival.incoming.address, "conversations.address"),
            "language": arrival.incoming.language if arrival.incoming.language in LANGUAGES else None,
            "came_by": letters(came_by[index])[:200] if index in came_by else None,
        }
        for index, arrival in {arrival.index: arrival for arrival in here}.items()
    ]


def _heard(
    c: Connection, arrival: _Arrival, conversation_id: int, choices: Mapping[int, tuple[int, list]], counts: Counts
) -> tuple[str, str] | None:
    """The kind and the words of the turn it becomes; None when nothing follows from it."""
    given = arrival.incoming
    if given.kind != "press":
        return ("text" if given.kind == "edit" else given.kind), given.text
    pressed = _PRESS.fullmatch(given.text)
    if pressed is None:
        return None
    turn_id, number = int(pressed[2]), int(pressed[3])
    if pressed[1] == "choice":
        whose, offered = choices.get(turn_id, (None, []))
        mine = whose == conversation_id and number < len(offered)
        return ("text", offered[number]["say"]) if mine else None
    kind = "helpful" if number else "unhelpful"
    answer = past_store.judge(c, conversation_id, turn_id, bool(number))
    if answer is None:
        return None
    rejudged(counts, arrival.platform, answer, bool(number))
    return kind, ""


def _choices(c: Connection, here: Sequence[_Arrival]) -> dict[int, tuple[int, list]]:
    """Turn → (conversation, its choices), for the buttons that were pressed."""
    pressed = (_PRESS.fullmatch(arrival.incoming.text) for arrival in here if arrival.incoming.kind == "press")
    wanted = {int(found[2]) for found in pressed if found and found[1] == "choice"}
    rows = store.offered(c, wanted) if wanted else ()
    return {row.id: (row.conversation_id, json.loads(row.choices)) for row in rows}


def _edited(c: Connection, seal: Seal, arrival: _Arrival, conversation_id: int) -> bool:
    """Whether the edit is done with: what it changes still waits, or nothing was changed. Else it is a new message."""
    given = arrival.incoming
    ref = given.replaces and f"{arrival.platform}:{letters(given.replaces)}"
    before = store.turn_by(c, conversation_id, ref) if ref else None
    if before is None or before.kind != "text":
        return False
    text, said = letters(given.text)[:LONGEST_TEXT], _said_before(seal, before.text_sealed)
    if said == text:
        return True
    if triage.by_rules(normalise.normalise(said))[0] != "none":
        return False  # nobody takes a cry back by writing over it, perhaps with another's hand: both are answered
    return store.rewrite(c, before.id, seal.seal(text, "turns.text"))


def _said_before(seal: Seal, sealed: bytes) -> str:
    try:
        return seal.open(sealed, "turns.text")
    except CannotOpen:
        return ""


def _let_go(c: Connection, run: Sequence[_Arrival]) -> None:
    """Who left, and did nothing since, is written to no more."""
    last = {arrival.index: arrival for arrival in run}
    gone = [arrival for arrival in last.values() if arrival.incoming.kind == "unfollow"]
    talks = store.known(c, run[0].platform, [arrival.index for arrival in gone]) if gone else {}
    for arrival in gone:  # one that is told again later, and long ago, is not news
        if arrival.index in talks:
            store.left(c, talks[arrival.index], arrival.at)


def letters(text: str) -> str:
    """`text` without NUL and without halves of letters, which nothing can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
