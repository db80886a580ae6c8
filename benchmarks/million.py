"""One wave to 1,000,000 people, from its start to the last message; then again beside 10,000,000 old deliveries.

The gateway takes every message at once and only counts, so what is measured is our own work. The people (and the old
deliveries, finished waves of last month) are made by another process than the one that sends, so that the memory told
is the sending's own. While the first messages go out, a thread beside them opens the rest of the wave, as `waves run`
does. Half-way the wave is paused at full speed and goes on when it stands still. Times of slices of 10,000 messages are
those of the processor without that thread, which a busy machine changes least; the clock stands beside them, with it.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import String as Text
from sqlalchemy import insert, literal, select

from benchmarks import crowd
from campaigns import deliveries, stats, waves
from db.engine import Database
from db.tables import contacts, wave_counts
from db.tables import deliveries as rows_of_deliveries
from db.tables import waves as wave_rows
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch, opening
from tests import make

#: Wanted: seconds to the first message and until a pause holds, megabytes, how much slower the end may be than the
#: beginning, and how much worse any of these may be beside the old deliveries.
FIRST, PAUSED, MEMORY, SLOWER, BESIDE = 3.0, 2.0, 200.0, 1.10, 1.20
SLICE = 10_000
#: Slices at either end that are held against each other.
ENDS = 10


@dataclass
class Measured:
    """`first` and `opened` are seconds after the start: of the first message, and when everybody was in the wave
    (`opening`: of the processor for that). `marks` are (messages, clock, processor) at each slice.
    """

    opened: float = 0.0
    opening: float = 0.0
    first: float = 0.0
    paused: float = 0.0
    memory: float = 0.0
    grown: float = 0.0
    marks: list[tuple[int, float, float]] = field(default_factory=list)
    #: The processor's clock of the thread that opens, while it does.
    opener: int | None = None

    def worked(self) -> float:
        """Seconds of the processor so far, without that thread's."""
        opener = self.opener
        return time.process_time() - (self.opening if opener is None else time.clock_gettime(opener))

    def each(self, which: slice, column: int) -> float:
        """Seconds for a message in those slices, the middle one."""
        steps = zip(self.marks, self.marks[1:], strict=False)
        return median([(after[column] - before[column]) / (after[0] - before[0]) for before, after in steps][which])

    @property
    def slower(self) -> float:
        return self.each(slice(-ENDS, None), 2) / self.each(slice(0, ENDS), 2)


class Watched:
    """The memory of this process, every quarter of a second."""

    def __init__(self):
        self._end, self.samples = threading.Event(), []
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process()
        while not self._end.wait(0.25):
            self.samples.append(process.memory_info().rss / 1e6)


def measure(rt: Runtime, people: int) -> Measured:
    gateway, told = crowd.Counting(recipients_per_call=100, concurrency=4), Measured()
    rt = replace(rt, gateways={gateway.name: gateway})
    wave_id = make.a_wave(rt.db, list_ids=[1], gateway=gateway.name, ignore_quiet_hours=True)
    with Watched() as watched:
        begun = time.perf_counter()
        waves.open_due(rt.db, rt.gateways, rt.clock())
        opener = threading.Thread(target=_open_on, args=(rt, told, begun))
        opener.start()
        line = deliveries.line(rt.db, wave_id, rt.gateways)
        pause = Pause(rt, wave_id, people // 2)
        handed = 0
        while not pause.asked_at:  # the opener may be behind for a moment
            handed = _send(rt, line, told, handed, pause)
        told.first = gateway.first_at - begun
        told.paused = max(0.0, gateway.last_at - pause.asked_at)
        waves.resume(rt.db, wave_id, by=None, now=rt.clock())
        while handed < people:
            handed = _send(rt, line, told, handed, None)
        opener.join()
    told.memory, early = max(watched.samples), watched.samples[len(watched.samples) // 4]
    told.grown = watched.samples[-1] - early
    assert gateway.sent() == (people, 0), gateway.sent()
    assert stats.of_wave(rt.db, wave_id).counts == {"accepted": people}
    assert stats.faults(rt.db, wave_id) == {}
    return told


def _open_on(rt: Runtime, told: Measured, begun: float) -> None:
    """Until everybody is in the wave."""
    told.opener = time.pthread_getcpuclockid(threading.get_ident())
    while opening.open_on(rt, threading.Event()):
        continue
    told.opening, told.opener = time.thread_time(), None
    told.opened = time.perf_counter() - begun


class Pause:
    """Presses the button once `after` messages are out."""

    def __init__(self, rt: Runtime, wave_id: int, after: int):
        self._rt, self._wave, self.after, self.asked_at = rt, wave_id, after, 0.0

    def press(self) -> None:
        self.asked_at = time.perf_counter()
        button = {"reason": "", "by": None, "now": self._rt.clock()}
        threading.Thread(target=waves.pause, args=(self._rt.db, self._wave), kwargs=button).start()


def _send(rt: Runtime, line: deliveries.Line, told: Measured, before: int, pause: Pause | None) -> int:
    """Sends until nothing is left or the wave is paused; how many messages went out."""

    def progress(counts: Counter[str]) -> None:
        out = before + counts["handed"]
        if not told.marks or out - told.marks[-1][0] >= SLICE:
            told.marks.append((out, time.perf_counter(), told.worked()))
        if pause and not pause.asked_at and out >= pause.after:
            pause.press()

    return before + dispatch.send(rt, [line], stop=threading.Event(), progress=progress)["handed"]


def prepare(folder: Path, people: int, rows: int) -> None:
    """`people` on list 1, unless they are there; and `rows` deliveries of waves that ended a month ago."""
    rt = build(load({"DATA_DIR": str(folder)}, env_file=None))
    if not rows:
        crowd.a_list_of(rt.db, people)
    version = make.a_version(rt.db)
    for first in range(0, rows, people):
        _old_wave(rt.db, version, min(people, rows - first))
    rt.close()


def _old_wave(db: Database, version: int, count: int) -> None:
    then = make.NOW - timedelta(days=30)
    wave = {"name": "a month ago", "version_id": version, "audience": '{"lists": [1]}', "gateway": "counting",
            "status": "finished", "created_at": then, "opened_at": then, "finished_at": then}
    with db.transaction() as c:
        wave_id = c.execute(insert(wave_rows).values(wave).returning(wave_rows.c.id)).scalar_one()
        each = {
            "wave_id": literal(wave_id), "contact_id": contacts.c.id, "status": literal("delivered"),
            "attempts": literal(1), "worker": literal("old/1"), "segments": literal(1),
            "ref": literal(f"old-{wave_id}-") + contacts.c.id.cast(Text), "sent_at": contacts.c.created_at,
            "done_at": contacts.c.created_at,
        }  # fmt: skip
        those = select(*each.values()).order_by(contacts.c.id).limit(count)
        c.execute(insert(rows_of_deliveries).from_select(list(each), those))
        c.execute(insert(wave_counts).values(wave_id=wave_id, status="delivered", n=count))


def show(words: str, told: Measured) -> None:
    first, last = (told.each(part, 1) * 1e6 for part in (slice(0, ENDS), slice(-ENDS, None)))
    worked = [told.each(part, 2) * 1e6 for part in (slice(0, ENDS), slice(-ENDS, None))]
    print(f"{words:>24} first message {told.first:.1f} s after the start; everybody in the wave after "
          f"{told.opened:.1f} s (processor {told.opening:.1f} s); a pause holds after {told.paused:.2f} s")
    print(f"{'':>24} µs a message, first and last {ENDS} slices: processor {worked[0]:.0f} and {worked[1]:.0f} "
          f"({told.slower:.2f}), clock {first:.0f} and {last:.0f}")
    print(f"{'':>24} memory {told.memory:.0f} MB at most, {told.grown:+.0f} MB from the first quarter on", flush=True)


def missed(told: Measured) -> list[str]:
    """What is wanted and was not met."""
    wanted = {
        "first message": told.first <= FIRST, "pause": told.paused <= PAUSED, "memory": told.memory < MEMORY,
        "slices": told.slower <= SLOWER,
    }  # fmt: skip
    return [name for name, met in wanted.items() if not met]


def worse(told: Measured, beside: Measured) -> list[str]:
    """What the old deliveries change by more than they may."""
    pairs = {
        "first message": (told.first, beside.first), "memory": (told.memory, beside.memory),
        "µs a message": (told.each(slice(None), 2), beside.each(slice(None), 2)),
        "pause": (max(told.paused, PAUSED / 2), beside.paused),
    }  # fmt: skip
    print(f"{'beside old deliveries':>24} "
          + ", ".join(f"{name} ×{after / before:.2f}" for name, (before, after) in pairs.items()))
    return [f"{name} beside old deliveries" for name, (before, after) in pairs.items() if after > BESIDE * before]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=0, help="old deliveries in the table, for a second time")
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        return _measured(given.prepare, given.people)
    if given.prepare:
        return prepare(given.prepare, given.people, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        told = _prepared(folder, given.people, 0)
        show(f"{given.people:,} people", told)
        failed = missed(told)
        if given.rows:
            beside = _prepared(folder, given.people, given.rows)
            show(f"beside {given.rows:,}", beside)
            failed += worse(told, beside)
    print(f"wanted: first message {FIRST:.0f} s, pause {PAUSED:.0f} s, {MEMORY:.0f} MB, slices within {SLOWER:.2f}, "
          f"old deliveries change nothing by more than {BESIDE:.2f}; missed: {', '.join(failed) or 'nothing'}")
    sys.exit(bool(failed))


def _prepared(folder: str, people: int, rows: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.million", "--prepare", folder, "--people", str(people)]
    subprocess.run([*command, "--rows", str(rows)], check=True)
    told = subprocess.run([*command, "--measure"], check=True, stdout=subprocess.PIPE).stdout
    return pickle.loads(told)


def _measured(folder: Path, people: int) -> None:
    """In a process of its own: what an earlier run left in memory is not this one's."""
    rt = build(load({"DATA_DIR": str(folder)}, env_file=None))
    told = measure(rt, people)
    rt.close()
    sys.stdout.buffer.write(pickle.dumps(told))


if __name__ == "__main__":
    main()
