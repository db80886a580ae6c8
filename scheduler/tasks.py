"""Everything that happens by itself: small functions that look at rows and return counts.

Each may fire twice, late, or on several machines at once: the rows decide, so nothing is done twice or lost.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bots import figures as talk
from bots.answering import replays
from bots.cases import search
from bots.tokens import KeepsTokens
from campaigns import (
    deliveries,
    experiments,
    figures,
    holding_back,
    imports,
    list_figures,
    members,
    recall,
    series,
    watching,
    waves,
    workers,
)
from db import runs
from db.space import is_full
from runtime.build import Runtime
from scheduler import alerts, dispatch, outages, replies, reports, retry, trials
from scheduler import recall as asking
from scheduler.opening import open_due

log = logging.getLogger(__name__)

Counts = Mapping[str, int]
#: How long one run of `send` goes on before it lets itself be noted and starts anew, in seconds.
SEND_SECONDS = 20.0


@dataclass(frozen=True)
class Task:
    """`run` gets the runtime and an event that asks it to come to an end; so many runs may go on `at_once`."""

    name: str
    seconds: float
    run: Callable[[Runtime, threading.Event], Counts]
    at_once: int = 1


def heartbeat(rt: Runtime, stop: threading.Event) -> Counts:
    """This process says that it lives, and forgets those that do not and hold nothing."""
    workers.beat(rt.db, rt.worker, kind="process", now=rt.clock())
    if rt.mark:
        recall.beat(rt.db, rt.mark, rt.clock())
    return {"forgotten": workers.clear_away(rt.db, rt.watch)}


def open_series(rt: Runtime, stop: threading.Event) -> Counts:
    """Waves for the days of series that are due; they are opened like all others."""
    return series.open_series(rt.db, rt.gateways, rt.clock(), rt.settings.public_url)


def send(rt: Runtime, stop: threading.Event) -> Counts:
    """Every gateway with something to send, side by side."""
    found = waves.sending(rt.db, rt.gateways, rt.clock())
    if not found:
        return {}
    with ThreadPoolExecutor(len(found), thread_name_prefix="send") as pool:
        sent = pool.map(lambda each: _send_through(rt, *each, stop), found.items())
        return sum(sent, Counter())


def _send_through(rt: Runtime, gateway: str, wave_ids: list[int], stop: threading.Event) -> Counter[str]:
    lines = [line for wave_id in wave_ids if (line := _line(rt, wave_id, gateway))]
    return dispatch.send(rt, lines, stop=stop, seconds=SEND_SECONDS) if lines else Counter()


def _line(rt: Runtime, wave_id: int, gateway: str) -> deliveries.Line | None:
    """None when something is wrong with this one wave: the others go on."""
    try:
        return deliveries.line(rt.db, wave_id, rt.gateways, gateway)
    except Exception:
        log.exception("wave %s cannot be sent", wave_id)
        return None


def apply_receipts(rt: Runtime, stop: threading.Event) -> Counts:
    return deliveries.apply_receipts(rt.db, rt.clock())


def reconcile(rt: Runtime, stop: threading.Event) -> Counts:
    outages.say_ended(rt.db)
    return retry.reconcile(rt, stop=stop) + Counter(
        {f"reply-{status}": n for status, n in replies.settle_held(rt).items()}
    )


def ask_recalled(rt: Runtime, stop: threading.Event) -> Counts:
    """Waves of a copy that was put back go on once it is known who has their message."""
    return asking.ask_recalled(rt, stop)


def look_after_gateways(rt: Runtime, stop: threading.Event) -> Counts:
    """How the gateways of the routing table fare, so that what one cannot take goes through another."""
    return watching.look(rt.db, rt.gateways, rt.clock())


def count_waves(rt: Runtime, stop: threading.Event) -> Counts:
    """Whom a wave reaches, for the large ones that no page counts while somebody waits for it."""
    return {"counted": waves.preview_uncounted(rt.db, rt.gateways, rt.clock())}


def mend_figures(rt: Runtime, stop: threading.Event) -> Counts:
    """After an upgrade what was sent and asked before it is counted too."""
    mended = figures.mend(rt.db, rt.clock(), stop=stop.is_set)
    return {"waves": mended, "counters": 0 if stop.is_set() else talk.fill(rt.db)}


def compare_wordings(rt: Runtime, stop: threading.Event) -> Counts:
    """Looks at the comparisons under way; stops a wording that drives people away."""
    return {**experiments.review(rt.db, rt.clock()), "controls": holding_back.review(rt.db, rt.clock())}


def finish(rt: Runtime, stop: threading.Event) -> Counts:
    swept = waves.sweep_cancelled(rt.db, rt.clock())
    return {"finished": len(waves.finish_done(rt.db, rt.clock())), "swept": swept}


def work_through_uploads(rt: Runtime, stop: threading.Event) -> Counts:
    """Also removes stored files that a cut-off upload, or a death between "done" and the removal, left behind."""
    done = 0
    for import_id in imports.waiting(rt.db, rt.clock()):
        if stop.is_set():
            break
        imports.work(rt.db, rt.uploads, import_id, rt.worker, rt.clock, stop=stop.is_set)
        done += 1
    return {"files": done, "swept": imports.sweep(rt.db, rt.uploads, rt.clock())}


def count_lists(rt: Runtime, stop: threading.Event) -> Counts:
    return {"counted": list_figures.refresh(rt.db, rt.clock())}


def expire_members(rt: Runtime, stop: threading.Event) -> Counts:
    return {"expired": members.expire(rt.db, rt.clock())}


def index_cases(rt: Runtime, stop: threading.Event) -> Counts:
    """What was said and noted since can be searched for."""
    return {"cases": search.index(rt.db)}


def keep_tokens(rt: Runtime, stop: threading.Event) -> Counts:
    """Platforms whose tokens die are given new ones ahead of time."""
    keepers = [platform for platform in rt.platforms.values() if isinstance(platform, KeepsTokens)]
    return sum((Counter(platform.keep_tokens()) for platform in keepers), Counter())


def collect_unanswered(rt: Runtime, stop: threading.Event) -> Counts:
    """Questions without an answer come before people, who decide what is learnt; and what became of their decisions."""
    from bots.unanswered import collecting, deciding  # late: NumPy and SciPy take a second

    taken = collecting.collect(rt.db, rt.book, now=rt.clock())
    return {**taken, **deciding.settle(rt.db, rt.book, now=rt.clock())}


def replay_answers(rt: Runtime, stop: threading.Event) -> Counts:
    """What a new wording would change, for who asked; takes about a minute and a core."""
    return replays.work(
        rt.db, rt.answers.shipped, train=rt.answers.train, worker=rt.worker, clock=rt.clock, stop=stop.is_set
    )


def simulate_receipts(rt: Runtime, stop: threading.Event) -> Counts:
    """The simulator posts the receipts and answers that are due to our own hooks."""
    simulator = rt.gateways.get("simulator")
    return {"posted": simulator.deliver_due(rt.clock())} if simulator else {}


#: Quick things first: what a person waits for.
TASKS = (
    Task("heartbeat", workers.BEAT_SECONDS, heartbeat),
    Task("take_in", 1.0, replies.take_in),
    Task("answer_waiting", 1.0, replies.answer_waiting),
    Task("send_replies", 1.0, replies.send_replies, at_once=8),
    Task("call_out", 1.0, alerts.call_out),
    Task("send_mail", 1.0, alerts.send_mail),
    Task("send_tests", 1.0, trials.send_tests),
    Task("open_due", 1.0, open_due),
    Task("open_series", 30.0, open_series),
    Task("send", 1.0, send),
    Task("simulate_receipts", 1.0, simulate_receipts),
    Task("apply_receipts", 1.0, apply_receipts),
    Task("finish", 2.0, finish),
    Task("work_through_uploads", 2.0, work_through_uploads),
    Task("count_lists", 5.0, count_lists),
    Task("expire_members", 60.0, expire_members),
    Task("reconcile", 10.0, reconcile),
    Task("ask_recalled", 5.0, ask_recalled),
    Task("look_after_gateways", 5.0, look_after_gateways),
    Task("count_waves", 2.0, count_waves),
    Task("mend_figures", 600.0, mend_figures),
    Task("compare_wordings", 60.0, compare_wordings),
    Task("let_bot_return", 10.0, replies.let_bot_return),
    Task("tidy_inbox", 600.0, replies.tidy_inbox),
    Task("index_cases", 5.0, index_cases),
    Task("keep_tokens", 600.0, keep_tokens),
    Task("collect_unanswered", 30.0, collect_unanswered),
    Task("send_report", 600.0, reports.send_report),
    Task("replay_answers", 5.0, replay_answers),
)


def run(rt: Runtime, task: Task, stop: threading.Event) -> Counts:
    """Runs a task once and notes the run when it did something or failed. Never raises: the next tick tries again."""
    started, begun, error = rt.clock(), time.monotonic(), None
    try:
        counts = {name: n for name, n in task.run(rt, stop).items() if n}
    except Exception as why:  # one bad row must not stop the clock
        _tell("%s failed", task.name, why)
        counts, error = {}, f"{type(why).__name__}"
    if counts or error:
        _note(rt, task.name, started, begun, counts, error)
    return counts


def _note(rt: Runtime, name: str, started, begun: float, counts: Counts, error: str | None) -> None:
    ms = round((time.monotonic() - begun) * 1000)
    try:
        runs.note(rt.db, name=name, started_at=started, ms=ms, counts=counts, error=error)
    except Exception as why:  # the database may be what failed
        _tell("the run of %s could not be noted", name, why)


def _tell(words: str, name: str, why: Exception) -> None:
    """A full disk is nobody's mistake: one line, not where in the program it was met."""
    if is_full(why):
        log.error(f"{words}: the disk is full", name)
    else:
        log.error(words, name, exc_info=why)
