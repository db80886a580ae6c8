"""Noting what became of messages that were handed over, and what follows from it beyond the message itself."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from campaigns import consent, pacing, watching
from campaigns.deliveries import braking, calls, outcomes, parts, stopping
from campaigns.deliveries.claiming import Claimed
from campaigns.deliveries.moving import Books, Group, Stand, move
from campaigns.deliveries.outcomes import NOBODY_THERE, NOT_CONNECTED, OPTED_OUT
from campaigns.model import TOO_MANY_FAILURES, DeliveryStatus
from campaigns.store import allowances, changes, dead
from campaigns.store import deliveries as store
from campaigns.store import waves as wave_store
from db.engine import Database
from sms.gateway import PRETENDING, Consequence, Fate, Outcome

S = DeliveryStatus

#: A gateway that says "too fast" without saying how long rests this many seconds.
THROTTLED_REST = 1.0
#: A gateway whose settings are wrong rests until an officer resumes a wave, or for this many seconds.
CONFIGURATION_REST = 300.0
#: One where nobody answers is tried again after so many, with the next claim: the whole wave need not run against it.
DOWN_REST = 3.0


def record(
    db: Database,
    *,
    gateway: str,
    worker: str,
    results: Sequence[tuple[Claimed, Outcome]],
    find_after: float = 0.0,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Counter[str]:
    """Notes the outcomes of a claim in one write; returns how many deliveries went to each status.

    A row that is no longer this worker's (it was thought dead, or a receipt overtook the answer) is left as it is.
    Where no answer came the gateway is asked after `find_after` seconds. A throttled gateway rests; one with wrong
    settings is stopped and its waves are paused with the reason. A wave of which too much fails is paused.
    """
    books = Books()
    with db.transaction() as c:
        trouble = _rest(c, gateway, [outcome for _, outcome in results], now)
        paused = wave_store.pause_sending(c, gateway, trouble) if trouble else []
        store.lock_in_order(c, [claimed.id for claimed, _ in results])
        counts, left = _accept(c, worker, results, books)
        parts.note(c, gateway, results, now)
        moves = _hear(c, worker, left, books, find_after, chance, now) if left else []
        books.write(c)
        remember_people(c, moves, now)
        watching.count(c, gateway, [(claimed.id, outcome) for claimed, outcome in results])
        stopping.tell(c, paused, trouble, now, gateway=gateway)
    braking.brake(db, moves, now)
    return counts + Counter(after["status"] for _, after in moves)


Results = Sequence[tuple[Claimed, Outcome]]


def _accept(c: Connection, worker: str, results: Results, books: Books) -> tuple[Counter[str], Results]:
    """What was simply accepted, in one statement; and the rest: everything else, and what is this worker's no more."""
    accepted = [
        (claimed.id, claimed.attempt, outcome.ref, claimed.segments, claimed.vnd)
        for claimed, outcome in results
        if outcome.fate is Fate.ACCEPTED
    ]
    if not accepted:
        return Counter(), results
    rows = changes.accept(c, worker, accepted)
    for (*group, hour), n in Counter(row[1:] for row in rows).items():
        books.passed(Group(*group), Stand(S.SENDING, hour=hour), Stand(S.ACCEPTED, hour=hour), n)
    done = {row.id for row in rows}
    for claimed, _ in results:
        if claimed.id in done:
            _book_the_rest(books, claimed)
    return Counter({str(S.ACCEPTED): len(done)}), [each for each in results if each[0].id not in done]


def _book_the_rest(books: Books, claimed: Claimed) -> None:
    """What was not known of a personal text when it was claimed."""
    segments = claimed.segments - (claimed.booked.segments or 0)
    vnd = (claimed.vnd or 0) - (claimed.booked.vnd or 0)
    if segments or vnd:
        books.spent(claimed.wave_id, claimed.day, (0, segments, vnd))


Moves = Sequence[tuple[Any, dict[str, object]]]


def _hear(
    c: Connection,
    worker: str,
    results: Results,
    books: Books,
    find_after: float,
    chance: Callable[[], float],
    now: datetime,
) -> Moves:
    answers = {claimed.id: (claimed, outcome) for claimed, outcome in results}
    rows = store.locked(c, list(answers))
    moves = []
    for row in rows:
        claimed, outcome = answers[row.id]
        if _still_held(row, claimed, worker):
            cost = {"segments": claimed.segments, "vnd": claimed.vnd}
            after = outcomes.heard(row, outcome, **cost, find_after=find_after, chance=chance(), now=now)
            moves.append((row, after))
    move(c, moves, books)
    _complete_overtaken(c, rows, answers, books)
    return moves


def release(db: Database, *, worker: str, rows: Sequence[Claimed], now: datetime) -> Counter[str]:
    """Gives back claimed deliveries that were not handed over."""
    held = {claimed.id: claimed for claimed in rows}
    with db.transaction() as c:
        mine = [row for row in store.locked(c, list(held)) if _still_held(row, held[row.id], worker)]
        return move(c, [(row, outcomes.queued(row)) for row in mine])


def spend(
    db: Database, *, gateway: str, rate: float | None, count: int, now: datetime, calls_per_minute: float | None = None
) -> None:
    """Counts `count` messages, a call each, that did not wait for the allowance (replies); bulk waits until it is made
    up for.
    """
    if calls_per_minute:
        calls.make_calls(db, gateway=gateway, per_minute=calls_per_minute, count=count, now=now)
    if not rate or not count:
        return
    with db.transaction() as c:
        held = allowances.of(c, [gateway], lock=True)[gateway]
        allowances.keep(c, gateway, pacing.overdrawn(pacing.refilled(held.bucket, rate, now), count))


def _still_held(row, claimed: Claimed, worker: str) -> bool:
    return row.status == S.SENDING and row.worker == worker and row.attempts == claimed.attempt


def _complete_overtaken(
    c: Connection, rows: Sequence, answers: Mapping[int, tuple[Claimed, Outcome]], books: Books
) -> None:
    """A receipt by our own key came before the answer: the status stands, what only the sender knows is added."""
    overtaken = [row for row in rows if row.ref and row.segments is None and row.attempts == answers[row.id][0].attempt]
    sent = [(row, answers[row.id][0]) for row in overtaken]
    move(c, [(row, outcomes.changed(row, segments=each.segments, vnd=each.vnd)) for row, each in sent], books)


def _rest(c: Connection, gateway: str, heard: Sequence[Outcome], now: datetime) -> str | None:
    """Lets the gateway rest when an outcome asks for it; returns the code of a wrong setting, if one was named.

    First of all in the transaction: everybody locks allowances before deliveries.
    """
    troubles = [outcome for outcome in heard if outcome.error]
    wrong = [each for each in troubles if each.error.consequence is Consequence.CONFIGURATION]
    if wrong:
        code = wrong[0].error.code
        allowances.stop(c, gateway, now + timedelta(seconds=CONFIGURATION_REST), code)
        return code
    fast = [each for each in troubles if each.error.consequence is Consequence.THROTTLE]
    if fast:
        rest = min(max(each.wait or THROTTLED_REST for each in fast), pacing.MOST_WAIT)
        allowances.stop(c, gateway, now + timedelta(seconds=rest), fast[0].error.code)
    elif heard and all(each.error and each.error.code == NOT_CONNECTED for each in heard):
        allowances.stop(c, gateway, now + timedelta(seconds=DOWN_REST), NOT_CONNECTED)
    return None


def remember_people(c: Connection, moves: Sequence[tuple], now: datetime) -> None:
    """What a final refusal says about the person holds for every later wave; an exercise says it of nobody real."""
    final = [(row, after) for row, after in moves if after["status"] in (S.FAILED, S.UNDELIVERED)]
    exercises = wave_store.through(c, {row.wave_id for row, _ in final}, PRETENDING) if final else set()
    pretended = [row.contact_id for row, _ in final if (row.gateway in PRETENDING or row.wave_id in exercises)]
    real = dead.real_people(c, pretended) if pretended else set()
    told = [(row, after["reason"]) for row, after in final if row.contact_id not in real]
    _bury(c, [row for row, reason in told if reason in NOBODY_THERE], now)
    left = sorted({row.contact_id for row, reason in told if reason == OPTED_OUT})
    if left:
        consent.told_by_gateway(c, dead.person_indexes(c, left), now)


def _bury(c: Connection, rows: Sequence, now: datetime) -> None:
    """Not while a wave rests because too much of it failed: on a provider's bad day everybody seems to be gone."""
    by_wave: dict[int, set[int]] = {}
    for row in rows:
        by_wave.setdefault(row.wave_id, set()).add(row.contact_id)
    doubtful = wave_store.paused_for(c, by_wave, TOO_MANY_FAILURES) if by_wave else set()
    for wave_id in sorted(by_wave.keys() - doubtful):
        dead.bury(c, sorted(by_wave[wave_id]), wave_id=wave_id, now=now)
