"""One wave worked through while somebody watches (`waves run`): may be killed and run again, or run twice at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaigns import deliveries, recall, routing, stats, waves, workers
from campaigns.model import Figures, WaveStatus
from campaigns.routes import ROUTES
from runtime.build import Runtime
from scheduler import flows, opening, retry, tasks
from scheduler import recall as asking

#: Between two looks at a wave that waits for something: another attempt, another process, a resting gateway.
LOOK_SECONDS = 0.5
#: Receipts are waited for while they keep coming: until none came for so long, and at most so long, in seconds.
RECEIPT_GAP, RECEIPTS_AT_MOST = 4.0, 20.0


@dataclass(frozen=True)
class Ran:
    """How a run ended. `handed` messages went out in `seconds`; when some are left, `why` says what they wait for
    (a code of waves.Waiting, "stopped" or a status of the wave) and `until` when it goes on, where that is known."""

    figures: Figures
    handed: int
    seconds: float
    why: str = ""
    until: datetime | None = None


def run_wave(rt: Runtime, wave_id: int, *, stop: threading.Event, progress: Callable[[Figures], None]) -> Ran:
    """Opens the wave when it is due, and sends until nothing is left that this process could send now.

    Raises Mistake: wave-unknown, wave-not-approved, and, with something left to send, gateway-unknown or
    gateway-not-ready.
    """
    started = time.monotonic()
    waves.check_may_run(rt.db, wave_id)
    wave = waves.show(rt.db, wave_id).wave
    if wave.status in (WaveStatus.SCHEDULED, WaveStatus.SENDING):
        _check_gateway(rt, wave.gateway)
    _beat(rt)
    with _Pump(rt):
        run = _Run(rt, wave_id, stop, progress)
        why, until = run.to_the_end()
        seconds = time.monotonic() - started
        if not why:
            _wait_for_receipts(rt, wave_id, stop, progress)
    return Ran(stats.of_wave(rt.db, wave_id), run.handed, seconds, why, until)


def _check_gateway(rt: Runtime, name: str) -> None:
    if name == ROUTES:
        routing.checked(rt.db, rt.gateways)
    else:
        rt.gateway(name)


class _Run:
    def __init__(self, rt: Runtime, wave_id: int, stop: threading.Event, progress: Callable[[Figures], None]):
        self._rt, self._id, self._stop, self._progress = rt, wave_id, stop, progress
        self.handed = 0

    def to_the_end(self) -> tuple[str, datetime | None]:
        """("", None) when nothing is left, else what it waits for."""
        while True:
            waves.open_due(self._rt.db, self._rt.gateways, self._rt.clock())
            asking.ask_recalled(self._rt, self._stop, [self._id])
            if obstacle := self._obstacle():
                return obstacle
            self._send()
            waves.finish_done(self._rt.db, self._rt.clock())
            figures = stats.of_wave(self._rt.db, self._id)
            self._progress(figures)
            left = figures.left or self._is_opening()
            if not left or self._stop.is_set():
                return ("stopped" if left else ""), None
            self._stop.wait(LOOK_SECONDS)

    def _send(self) -> None:
        before = self.handed
        lines = deliveries.lines(self._rt.db, self._id, self._rt.gateways, self._rt.clock())
        counts = flows.send(
            self._rt, lines, stop=self._stop,
            progress=lambda _: self._progress(stats.of_wave(self._rt.db, self._id)),
        )
        self.handed = before + counts["handed"]
        retry.reconcile(self._rt, wave_ids=[self._id], stop=self._stop)

    def _is_opening(self) -> bool:
        return waves.show(self._rt.db, self._id).wave.opening_after is not None

    def _obstacle(self) -> tuple[str, datetime | None] | None:
        wave, now = waves.show(self._rt.db, self._id).wave, self._rt.clock()
        if wave.status in (WaveStatus.PAUSED, WaveStatus.CANCELLED):
            return wave.status, None
        waiting = waves.waiting_why(self._rt.db, wave, self._rt.gateways, now)
        return None if waiting is None else (waiting.code, waiting.until)


def _beat(rt: Runtime) -> tasks.Counts:
    """That this database is being worked on is known outside it, too."""
    if rt.mark:
        recall.beat(rt.db, rt.mark, rt.clock())
    return {}


_BEAT = tasks.Task("watermark", workers.BEAT_SECONDS, lambda rt, stop: _beat(rt))


_MEANWHILE = ("simulate_receipts", "apply_receipts", "look_after_gateways")


#: In a thread of its own: the first messages of a large wave go out while it is still being opened.
_OPEN_ON = tasks.Task("open_due", 0.2, lambda rt, stop: {"queued": opening.open_on(rt, stop)})


class _Pump:
    """Meanwhile, once a second: the simulator's receipts are posted, whatever receipts came are applied, and the
    gateways of the routing table are looked after. Beside that, large waves are opened on.
    """

    def __init__(self, rt: Runtime):
        self._rt, self._end = rt, threading.Event()
        works = {"receipts": self._work, "opening": self._open_on}
        self._threads = [threading.Thread(target=work, name=name, daemon=True) for name, work in works.items()]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _open_on(self) -> None:
        while not self._end.wait(_OPEN_ON.seconds):
            tasks.run(self._rt, _OPEN_ON, self._end)

    def _work(self) -> None:
        mine = [task for task in tasks.TASKS if task.name in _MEANWHILE]
        beaten = workers.uptime()
        while not self._end.wait(1.0):
            for task in mine:
                tasks.run(self._rt, task, self._end)
            if workers.uptime() - beaten > workers.BEAT_SECONDS:
                tasks.run(self._rt, _BEAT, self._end)
                beaten = workers.uptime()


def _wait_for_receipts(rt: Runtime, wave_id: int, stop: threading.Event, progress: Callable[[Figures], None]) -> None:
    """A gateway that reports back may do so within seconds; one that does not is not waited for."""
    figures = stats.of_wave(rt.db, wave_id)
    end = time.monotonic() + RECEIPTS_AT_MOST
    last = time.monotonic()
    while figures["accepted"] and time.monotonic() < min(end, last + RECEIPT_GAP) and not stop.wait(LOOK_SECONDS):
        before, figures = figures["accepted"], stats.of_wave(rt.db, wave_id)
        if figures["accepted"] < before:
            last = time.monotonic()
            progress(figures)
