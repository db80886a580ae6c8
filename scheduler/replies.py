"""What people wrote is answered, and what is answered is sent: before bulk, and without waiting for its rate."""

import itertools
import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bots import inbox
from bots.platform import Reply
from campaigns import deliveries, workers
from campaigns.workers import uptime
from runtime.build import Runtime
from sms.gateway import Found, Outcome, Outgoing, Whereabouts

#: Turns answered, and replies handed over, in one run; replies on their way at once.
BATCH = 100
AT_ONCE = 8

log = logging.getLogger(__name__)
#: Each run of `send_replies` holds its replies under a name of its own: when it breaks off with some in its hands,
#: nothing says any more that it lives, though its process does.
_numbers = itertools.count(1)


def answer_waiting(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Thinks of a reply to everything that was said and not answered yet."""
    counts: Counter[str] = Counter()
    for turn_id in inbox.waiting(rt.db, BATCH):
        if stop.is_set():
            break
        try:
            counts["answered"] += inbox.answer(rt.db, rt.engine, turn_id, rt.clock(), rt.leaves) is not None
        except Exception:  # one message that cannot be answered must not keep everybody behind it waiting
            log.exception("turn %s could not be answered", turn_id)
            counts["failed"] += 1
    return counts


def send_replies(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Hands over the replies that are due."""
    worker = f"{rt.worker}/replies-{next(_numbers)}"
    fresh_until = uptime() + workers.CLAIM_SECONDS
    replies = inbox.claim_replies(rt.db, worker, BATCH, rt.clock())
    if not replies:
        return {}
    workers.beat(rt.db, worker, kind="replies", now=rt.clock())
    _count_against_allowances(rt, replies)
    with ThreadPoolExecutor(min(AT_ONCE, len(replies)), thread_name_prefix="reply") as pool:
        outcomes = list(pool.map(lambda reply: _hand_over(rt, reply, fresh_until), replies))
    results = [(reply.turn_id, outcome) for reply, outcome in zip(replies, outcomes, strict=True)]
    counts = inbox.record_replies(rt.db, worker, results, rt.clock())
    workers.leave(rt.db, worker)
    return counts


def _hand_over(rt: Runtime, reply: Reply, fresh_until: float) -> Outcome:
    """A claim that is too old is not handed over: by now somebody may think us dead and ask the gateway about it."""
    if uptime() > fresh_until:
        return Outcome.refused("gateway-trouble", "late")
    if reply.platform not in rt.platforms:
        return Outcome.refused("configuration", f"no platform {reply.platform}")
    try:
        return rt.platforms[reply.platform].send(reply)
    except Exception as error:  # the contract: whatever an adapter raises, nobody can tell what arrived
        return Outcome.unknown(type(error).__name__)


def _count_against_allowances(rt: Runtime, replies: Sequence[Reply]) -> None:
    through = Counter(_gateway_of(rt, reply) for reply in replies if reply.platform == "sms")
    for name, count in through.items():
        if name in rt.gateways:
            rate = rt.gateways[name].traits.rate
            deliveries.spend(rt.db, gateway=name, rate=rate, count=count, now=rt.clock())


def _gateway_of(rt: Runtime, reply: Reply) -> str:
    return reply.gateway or rt.settings["SMS_GATEWAY"]


def settle_held(rt: Runtime, watch: workers.Watch) -> Counter[str]:
    """Replies in the hands of workers that are gone: sent again only where the gateway is sure it never got them."""
    counts: Counter[str] = Counter()
    holders = inbox.holders(rt.db)
    if not holders:
        return counts
    longest = max((gateway.traits.find_after for gateway in rt.gateways.values()), default=0.0)
    gone = workers.gone(rt.db, watch, holders, after=longest)
    for held in inbox.held_replies(rt.db, sorted(gone), BATCH) if gone else ():
        outcome = _whereabouts(rt, held)
        if outcome is None:
            continue
        counts.update(inbox.record_replies(rt.db, held.worker, [(held.reply.turn_id, outcome)], rt.clock()))
    return counts


def _whereabouts(rt: Runtime, held: inbox.HeldReply) -> Outcome | None:
    """None when the gateway could not be asked: later, then."""
    found = _find(rt, held)
    if found is None:
        return None
    if found.where is Whereabouts.THERE:
        return Outcome.accepted(found.ref or "")
    if found.where is Whereabouts.NOT_THERE:
        return Outcome.refused("gateway-trouble", "its worker died")
    return Outcome.unknown("its worker died")


def _find(rt: Runtime, held: inbox.HeldReply) -> Found | None:
    gateway = rt.gateways.get(_gateway_of(rt, held.reply)) if held.reply.platform == "sms" else None
    if gateway is None or not gateway.traits.find:
        return Found(Whereabouts.CANNOT_TELL)
    outgoing = Outgoing(f"reply-{held.reply.turn_id}", held.reply.address, held.reply.text)
    try:
        return gateway.find(outgoing, held.since)
    except Exception:  # out of reach is no answer
        return None
