"""Finding out what became of messages whose sender died, or heard no answer: the gateway is asked, never guessed."""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from campaigns import deliveries
from campaigns.deliveries import Line, Orphan
from runtime.build import Runtime
from sms.gateway import Found, Gateway, Whereabouts

#: Orphans asked about at a time.
BATCH = 100


def reconcile(
    rt: Runtime,
    *,
    wave_ids: Iterable[int] | None = None,
    unknown_too: bool = False,
    stop: threading.Event | None = None,
) -> Counter[str]:
    """Settles the orphans of these waves (of all, when None); how many deliveries went to each status."""
    counts: Counter[str] = Counter()
    for wave_id in deliveries.waves_with_orphans(rt.db) if wave_ids is None else wave_ids:
        for line in deliveries.lines_to_ask(rt.db, wave_id, rt.gateways, unknown_too=unknown_too):
            counts += _reconcile(rt, line, unknown_too, stop)
    return counts


def _reconcile(rt: Runtime, line: Line, unknown_too: bool, stop: threading.Event | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    after = 0
    while not (stop and stop.is_set()):
        orphans = deliveries.orphans(
            rt.db, line, rt.watch, now=rt.clock(), limit=BATCH, unknown_too=unknown_too, after=after
        )
        if not orphans:
            break
        counts += deliveries.settle(rt.db, line, ask(rt.gateways[line.gateway], orphans), rt.clock())
        after = orphans[-1].id
    return counts


def ask(gateway: Gateway, orphans: Sequence[Orphan]) -> list[tuple[Orphan, Found]]:
    """What the gateway says of each; those it could not be asked about (it is out of reach) are left out, for later."""
    with ThreadPoolExecutor(gateway.traits.concurrency, thread_name_prefix=f"find-{gateway.name}") as pool:
        answers = pool.map(lambda orphan: _asked(gateway, orphan), orphans)
        return [(orphan, answer) for orphan, answer in zip(orphans, answers, strict=True) if answer]


def _asked(gateway: Gateway, orphan: Orphan) -> Found | None:
    if not gateway.traits.find or not orphan.outgoing.to:
        return Found(Whereabouts.CANNOT_TELL)
    try:
        return gateway.find(orphan.outgoing, orphan.since)
    except Exception:  # out of reach is no answer
        return None
