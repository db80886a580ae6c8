"""Durable dispatch against the same SDK calls with no database, to a Twilio-speaking server in another process.

Both sides make the same calls through the same adapter with as many threads as the gateway declares; they take turns in
rounds, so that whatever else the machine does hits both. The durable side claims (committed to the disk), hands over,
records, counts, and could be killed at any moment. Beside each rate stands what the processor worked for a message.
The middle one of the rounds' ratios counts: a moment in which the machine did something else is one round's.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import crowd
from campaigns import deliveries, stats
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch
from sms.gateway import Fate, Outgoing
from tests import make
from tests.servers import twilio

ROUNDS = 16
WANTED = 0.9


@contextmanager
def server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.servers.twilio", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def a_runtime(folder: str, address: str) -> Runtime:
    settings = {
        "DATA_DIR": folder,
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": twilio.AUTH_TOKEN,
        "TWILIO_FROM": "ANLO",
        "TWILIO_API_BASE": address,
    }
    return build(load(settings, env_file=None))


#: Seconds of the clock, and of the processor.
Took = tuple[float, float]


def bare(rt: Runtime, messages: list[Outgoing]) -> Took:
    """The calls alone: each thread takes its share and calls, one message after the other."""
    gateway = rt.gateways["twilio"]
    threads = gateway.traits.concurrency
    shares = [messages[n::threads] for n in range(threads)]
    begun, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        for outcomes in pool.map(lambda share: [gateway.send([each])[0] for each in share], shares):
            assert all(outcome.fate is Fate.ACCEPTED for outcome in outcomes)
    return time.perf_counter() - begun, time.process_time() - worked


def durable(rt: Runtime, line: deliveries.Line, count: int) -> Took:
    """As many deliveries of the wave."""
    begun, worked = time.perf_counter(), time.process_time()
    counts = dispatch.send(rt, [line], stop=threading.Event(), most=count)
    assert counts["accepted"] == count, counts
    return time.perf_counter() - begun, time.process_time() - worked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=40_000)
    count = parser.parse_args().deliveries // ROUNDS
    with tempfile.TemporaryDirectory() as folder, server() as address:
        rt = a_runtime(folder, address)
        line = crowd.a_line(rt, ROUNDS * count, "twilio")
        messages = [Outgoing(f"bare-{n}", make.number(9_000_000 + n), make.VI) for n in range(count)]
        bare(rt, messages[:200])  # the connections stand before the clock runs
        print(f"{'round':>6} {'bare SDK':>20} {'durable':>20} {'ratio':>7}")
        rounds: list[tuple[Took, Took]] = []
        for n in range(ROUNDS):
            sides = [lambda: bare(rt, messages), lambda: durable(rt, line, count)]
            rounds.append(_in_turn(sides, n))
            print(_row(str(n + 1), count, *rounds[-1]), flush=True)
        totals = [tuple(map(sum, zip(*side, strict=True))) for side in zip(*rounds, strict=True)]
        print(_row("all", ROUNDS * count, *totals))
        assert stats.faults(rt.db, line.wave_id) == {}
        size = Path(folder, "an-lo.db").stat().st_size / 1e6
        print(f"{line.traits.concurrency} threads; database {size:.0f} MB; wanted: {WANTED}")
        rt.close()
        ratio = median(bare_took[0] / durable_took[0] for bare_took, durable_took in rounds)
        print(f"the middle one of {ROUNDS} ratios: {ratio:.2f}")
    sys.exit(ratio < WANTED)


def _in_turn(sides: list[Callable[[], Took]], n: int) -> tuple[Took, Took]:
    """Every other round the second side goes first."""
    if n % 2 == 0:
        return sides[0](), sides[1]()
    second = sides[1]()
    return sides[0](), second


def _row(name: str, count: int, *sides: Took) -> str:
    told = "".join(f" {count / clock:>9.0f}/s {1e6 * worked / count:>5.0f} µs" for clock, worked in sides)
    return f"{name:>6}{told} {sides[0][0] / sides[1][0]:>7.2f}"


if __name__ == "__main__":
    main()
