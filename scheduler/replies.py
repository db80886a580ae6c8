"""What people wrote is taken in and answered, and what is answered is sent: before bulk, and without waiting for its
rate.
"""

import itertools
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bots import inbox, sending, taking_in
from bots.leaving import Door
from bots.model import StillLearning
from bots.platform import Reply
from campaigns import deliveries, workers
from campaigns.workers import uptime
from runtime.build import Runtime
from sms.gateway import Found, Outcome, Outgoing, Whereabouts
from sms.last_look import before_leaving

#: Turns answered, and replies handed over, in one run.
BATCH = 100
#: What doors brought, taken in within one transaction.
TAKEN_AT_ONCE = 500
#: So long in one run taking in and answering step aside while doors are crowded, in seconds: they would keep the doors
#: waiting for the processor and the disk.
STEPS_ASIDE, LOOK_ASIDE = 3.0, 0.05

log = logging.getLogger(__name__)
#: Each run of `send_replies` holds its replies under a name of its own: when it breaks off with some in its hands,
#: nothing says any more that it lives, though its process does.
_numbers = itertools.count(1)


def take_in(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """What the doors of chat platforms brought becomes conversations."""
    counts: Counter[str] = Counter()
    aside_until = uptime() + STEPS_ASIDE
    while not stop.is_set():
        _step_aside(rt, stop, aside_until)
        found = taking_in.drain(rt.db, TAKEN_AT_ONCE)
        counts.update(found)
        if found.total() < TAKEN_AT_ONCE:
            break
    if counts["taken"]:
        rt.wake.set()
    return counts


def tidy_inbox(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """What came long ago is forgotten, and what waits for somebody who is gone is given up."""
    now = rt.clock()
    return {"forgotten": taking_in.forget(rt.db, now), "lapsed": sending.let_lapse(rt.db, now)}


def let_bot_return(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """The machine answers again where a person of the staff has not for long enough."""
    return {"returned": inbox.let_bot_return(rt.db, rt.clock())}


def answer_waiting(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Thinks of a reply to everything that was said and not answered yet."""
    counts: Counter[str] = Counter()
    aside_until = uptime() + STEPS_ASIDE
    for turn_id in inbox.waiting(rt.db, BATCH, rt.clock()):
        _step_aside(rt, stop, aside_until)
        if stop.is_set():
            break
        try:
            counts["answered"] += inbox.answer(rt.db, rt.answers.at_hand, turn_id, rt.clock(), rt.leaves) is not None
        except StillLearning:
            continue
        except Exception:  # one message that cannot be answered must not keep everybody behind it waiting
            if stop.is_set():
                break  # it was cut off, with whatever was to be learnt first; it waits as before
            log.exception("turn %s could not be answered", turn_id)
            inbox.put_off(rt.db, turn_id, rt.clock())
            counts["failed"] += 1
    if counts["answered"]:
        rt.wake.set()
    return counts


def _step_aside(rt: Runtime, stop: threading.Event, until: float) -> None:
    while rt.arrivals.is_crowded() and uptime() < until and not stop.wait(LOOK_ASIDE):
        pass


def send_replies(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Hands over the replies that are due. Several runs may go on at once: on a platform that does not answer only help
    in danger is handed over by another run, and the other platforms wait for none.
    """
    worker = f"{rt.worker}/replies-{next(_numbers)}"
    fresh_until = uptime() + workers.CLAIM_SECONDS
    replies = sending.claim_replies(rt.db, worker, BATCH, rt.clock(), lambda: _door(rt), busy=_busy.now())
    if not replies:
        return {}
    platforms = {reply.platform for reply in replies}
    try:
        workers.beat(rt.db, worker, kind="replies", now=rt.clock())
        _count_against_allowances(rt, replies)
        _busy.enter(platforms)
        with ThreadPoolExecutor(len(platforms), thread_name_prefix="platform") as pool:
            there = ([reply for reply in replies if reply.platform == platform] for platform in platforms)
            counts = sum(pool.map(lambda mine: _send_there(rt, worker, mine, fresh_until, stop), there), Counter())
    finally:
        with suppress(Exception):  # the database is away: its silence says the same later
            workers.leave(rt.db, worker)
    if counts["sent"]:
        rt.wake.set()
    return counts


def _send_there(
    rt: Runtime, worker: str, replies: Sequence[Reply], fresh_until: float, stop: threading.Event
) -> Counter[str]:
    """Replies of one platform; what became of them is on the disk when it returns."""
    try:
        with ThreadPoolExecutor(min(_at_once(rt, replies[0].platform), len(replies)), "reply") as pool:
            outcomes = list(pool.map(lambda reply: _hand_over(rt, reply, fresh_until, stop), replies))
        results = [(reply.turn_id, outcome) for reply, outcome in zip(replies, outcomes, strict=True)]
        return Counter(sending.record_replies(rt.db, worker, results, rt.clock()))
    finally:
        _busy.leave(replies[0].platform)


def _at_once(rt: Runtime, platform: str) -> int:
    return rt.platforms[platform].traits.concurrency if platform in rt.platforms else 1


def _door(rt: Runtime) -> Door:
    book = rt.book
    adopted = inbox.may_say(rt.db, book, rt.clock())
    return Door(
        book=book, may_say=lambda platform, gateway: adopted if rt.leaves(platform, gateway) else None,
        traits={name: platform.traits for name, platform in rt.platforms.items()},
    )


def _hand_over(rt: Runtime, reply: Reply, fresh_until: float, stop: threading.Event) -> Outcome:
    """A claim that is too old is not handed over: by now somebody may think us dead and ask the gateway about it."""
    if stop.is_set():
        return Outcome.refused("not-connected", "ending", wait=1.0)
    if uptime() > fresh_until:
        return Outcome.refused("gateway-trouble", "late")
    if reply.platform not in rt.platforms:
        return Outcome.refused("configuration", f"no platform {reply.platform}")
    try:
        with before_leaving(lambda: uptime() <= fresh_until):
            return rt.platforms[reply.platform].send(reply)
    except Exception as error:  # the contract: whatever an adapter raises, nobody can tell what arrived
        return Outcome.unknown(type(error).__name__)


class _Busy:
    """Platforms to which this process hands something over right now, and how often."""

    def __init__(self):
        self._lock, self._times = threading.Lock(), Counter()

    def now(self) -> set[str]:
        with self._lock:
            return set(+self._times)

    def enter(self, platforms: Iterable[str]) -> None:
        with self._lock:
            self._times.update(platforms)

    def leave(self, platform: str) -> None:
        with self._lock:
            self._times[platform] -= 1


_busy = _Busy()


def _count_against_allowances(rt: Runtime, replies: Sequence[Reply]) -> None:
    through = Counter(_gateway_of(rt, reply) for reply in replies if reply.platform == "sms")
    for name, count in through.items():
        if name in rt.gateways:
            traits = rt.gateways[name].traits
            deliveries.spend(
                rt.db, gateway=name, rate=traits.rate, count=count, now=rt.clock(),
                calls_per_minute=traits.calls_per_minute,
            )  # fmt: skip


def _gateway_of(rt: Runtime, reply: Reply) -> str:
    return reply.gateway or rt.settings["SMS_GATEWAY"]


def settle_held(rt: Runtime) -> Counter[str]:
    """Replies in the hands of workers that are gone: sent again only where the gateway is sure it never got them. One
    to somebody in danger waits neither for that nor for the worker: help twice is better than no help.
    """
    counts: Counter[str] = Counter()
    for held in sending.overdue_replies(rt.db, BATCH, rt.clock()):
        counts.update(_settle(rt, held, _whereabouts(rt, held) or Outcome.unknown("held too long")))
    holders = sending.holders(rt.db)
    if not holders:
        return counts
    longest = max((gateway.traits.find_after for gateway in rt.gateways.values()), default=0.0)
    gone = workers.gone(rt.db, rt.watch, holders, after=longest)
    for held in sending.held_replies(rt.db, sorted(gone), BATCH) if gone else ():
        outcome = _whereabouts(rt, held)
        if outcome is not None:
            counts.update(_settle(rt, held, outcome))
    return counts


def _settle(rt: Runtime, held: sending.HeldReply, outcome: Outcome) -> Mapping[str, int]:
    return sending.record_replies(rt.db, held.worker, [(held.reply.turn_id, outcome)], rt.clock())


def _whereabouts(rt: Runtime, held: sending.HeldReply) -> Outcome | None:
    """None when the gateway could not be asked: later, then."""
    found = _find(rt, held)
    if found is None:
        return None
    if found.where is Whereabouts.THERE:
        return Outcome.accepted(found.ref or "")
    if found.where is Whereabouts.NOT_THERE:
        return Outcome.refused("gateway-trouble", "its worker died")
    return Outcome.unknown("its worker died")


def _find(rt: Runtime, held: sending.HeldReply) -> Found | None:
    gateway = rt.gateways.get(_gateway_of(rt, held.reply)) if held.reply.platform == "sms" else None
    if gateway is None or not gateway.traits.find:
        return Found(Whereabouts.CANNOT_TELL)
    outgoing = Outgoing(f"reply-{held.reply.turn_id}", held.reply.address, held.reply.text)
    try:
        return gateway.find(outgoing, held.since)
    except Exception:  # out of reach is no answer
        return None
