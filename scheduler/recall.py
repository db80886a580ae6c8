"""Waves of a copy that was put back: their gateways are asked who has the message already, before anybody gets it."""

import threading
from collections import Counter
from collections.abc import Collection, Sequence

from campaigns import recall
from campaigns.deliveries import Line, Orphan
from runtime.build import Runtime
from scheduler import retry
from sms.gateway import Found, Whereabouts

#: People asked about at a time.
BATCH = 200


def ask_recalled(
    rt: Runtime, stop: threading.Event | None = None, wave_ids: Collection[int] | None = None
) -> Counter[str]:
    """Asks about all that is to be asked about (of these waves only, when named); how many deliveries went to each
    status, and how many waves are "done" or "doubtful".
    """
    counts: Counter[str] = Counter()
    for wave_id in recall.to_ask(rt.db, rt.gateways, rt.clock()):
        if wave_ids is None or wave_id in wave_ids:
            counts += _ask_all(rt, wave_id, stop)
    return counts


def _ask_all(rt: Runtime, wave_id: int, stop: threading.Event | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    lines = recall.lines(rt.db, wave_id, rt.gateways)
    while not (stop and stop.is_set()):
        asked = recall.questions(rt.db, lines[0], rt.clock(), BATCH) if lines else []
        if not asked:
            return counts + Counter({recall.conclude(rt.db, wave_id, rt.gateways, rt.clock()): 1})
        found, heard = _everywhere(rt, lines, asked)
        counts += found
        if heard < len(asked):
            break  # out of reach: asked again later
    return counts


def _everywhere(rt: Runtime, lines: Sequence[Line], asked: Sequence[Orphan]) -> tuple[Counter[str], int]:
    """Asks one gateway after the other about those that none before had: what came of it, and of how many all spoke."""
    counts: Counter[str] = Counter()
    said: dict[int, Found | None] = dict.fromkeys((orphan.id for orphan in asked), Found(Whereabouts.NOT_THERE))
    for line in lines[:-1]:
        there = _ask(rt, line, asked, said)
        counts += recall.settle(rt.db, line, [each for each in asked if each.id in there], there, rt.clock(), to=None)
    _ask(rt, lines[-1], asked, said)
    heard = {delivery: found for delivery, found in said.items() if found is not None}
    unheard = [orphan.id for orphan in asked if orphan.id not in heard]
    to = min(unheard) - 1 if unheard else asked[-1].id
    counts += recall.settle(rt.db, lines[-1], asked, heard, rt.clock(), to=to)
    return counts, len(heard)


def _ask(rt: Runtime, line: Line, asked: Sequence[Orphan], said: dict[int, Found | None]) -> dict[int, Found]:
    """Adds what this gateway says to what was `said` before; those it has."""
    left = [orphan for orphan in asked if not _is(said[orphan.id], Whereabouts.THERE)]
    answers = {orphan.id: found for orphan, found in retry.ask(rt.gateways[line.gateway], left)}
    for orphan in left:
        said[orphan.id] = _surest(said[orphan.id], answers.get(orphan.id))
    return {delivery: found for delivery, found in answers.items() if found.where is Whereabouts.THERE}


def _is(found: Found | None, where: Whereabouts) -> bool:
    return found is not None and found.where is where


def _surest(before: Found | None, now: Found | None) -> Found | None:
    """What two gateways say together: it is there, where one has it; not there, where neither has; None where one could
    not be asked.
    """
    if before is None or now is None or _is(now, Whereabouts.THERE):
        return now if _is(now, Whereabouts.THERE) else None
    return now if before.where is Whereabouts.NOT_THERE else before
