"""How gateways fare, written down: counted where results are recorded, judged every few seconds, by ids alone.

Of what a gateway took in ten seconds one stretch of ids is remembered, and looked at once its receipts should be there:
so it does not matter how many deliveries there are.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import health
from campaigns.health import Health, Seen
from campaigns.store import allowances
from campaigns.store import routes as store
from db.engine import Database
from db.types import from_utc_text, utc_text
from sms.gateway import Fate, Gateway, Outcome

#: Two processes that look at the same time look once, in seconds.
AT_MOST = 2.0
#: A stretch of ids is remembered this often at most, in seconds, and so many of them are kept.
PROBE_EVERY, MOST_PROBES = 10.0, 90
#: Ids in a stretch, and how long before it was remembered its messages were handed over.
STRETCH, FRESH = 200, timedelta(seconds=60)

#: (the last id of a stretch, when it was remembered)
Probe = tuple[int, datetime]


def count(c: Connection, gateway: str, results: Sequence[tuple[int, Outcome]]) -> None:
    """Notes (delivery id, outcome) pairs of a gateway, last of all in the transaction that records them."""
    if not results:
        return
    accepted = [id for id, outcome in results if outcome.fate is Fate.ACCEPTED]
    troubled = sum(health.is_trouble(outcome) for _, outcome in results)
    store.count(c, gateway, taken=len(results), troubled=troubled, last_id=max(accepted, default=None))


def look(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> Counter[str]:
    """Judges every gateway of the routing table; how many fell and how many rose."""
    with db.reading() as c:
        known = store.health(c)
    if all(row.weight == 1 and not row.taken and row.probes == "[]" for row in known):
        return Counter()  # nothing goes through them, and nothing is to be made up for
    reporting = {row.gateway for row in known if row.gateway in gateways and gateways[row.gateway].traits.receipts}
    with db.transaction() as c:
        rows = store.health(c, lock=True)
        stopped = {name for name, (_, why) in allowances.stopped(c, now).items() if health.is_wrong(why)}
        moves = [_look(c, row, row.gateway in reporting, row.gateway in stopped, now) for row in rows]
    return Counter("fell" if move < 0 else "rose" for move in moves if move)


def _look(c: Connection, row, reports: bool, stopped: bool, now: datetime) -> float:
    """By how much its weight changed."""
    if timedelta() <= now - row.updated_at < timedelta(seconds=AT_MOST):
        return 0.0
    names = ("weight", "updated_at", "taken", "troubled", "why", "usual_seconds", "usual_late")
    before = Health(**{name: getattr(row, name) for name in names})
    due, waiting = _sorted(row, before, now) if reports else ([], [])
    after = health.looked_at(before, _seen(c, row.gateway, due, before), now, stopped=stopped)
    probes = json.dumps([[id, utc_text(at)] for id, at in waiting])
    store.keep(c, row.gateway, {**vars(after), "last_id": None, "probes": probes})
    return after.weight - before.weight


def _sorted(row, before: Health, now: datetime) -> tuple[list[Probe], list[Probe]]:
    """Probes whose receipts should be there, and those to be looked at later, with the newest."""
    probes = [(id, from_utc_text(at)) for id, at in json.loads(row.probes)]
    enough = health.patience(before.usual_seconds)
    due = [probe for probe in probes if now - probe[1] >= enough]
    waiting = [probe for probe in probes if now - probe[1] < enough]
    often = waiting and now - waiting[-1][1] < timedelta(seconds=PROBE_EVERY)
    if row.last_id is not None and not often and len(waiting) < MOST_PROBES:
        waiting.append((row.last_id, now))
    return due, waiting


def _seen(c: Connection, gateway: str, due: Sequence[Probe], before: Health) -> Seen | None:
    enough, taken, seconds = health.patience(before.usual_seconds), 0, []
    for last, remembered in due:
        for row in store.handed_over(c, gateway, last - STRETCH + 1, last):
            if not timedelta() <= remembered - row.sent_at <= FRESH:
                continue  # handed over again since, so that its receipt may still come; or long before, and judged then
            taken += 1
            if row.done_at is not None and row.done_at - row.sent_at <= enough:
                seconds.append((row.done_at - row.sent_at).total_seconds())
    return Seen(taken, seconds) if taken else None
