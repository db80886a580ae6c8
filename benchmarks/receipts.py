"""A burst of delivery receipts: two thousand a second, for three seconds, to a real server, each signed as Twilio does.

The server is `app.py run` in a process of its own, with a wave behind it whose messages were just handed over. Each
receipt must be answered 200 (its row is on the disk then) soon after it was due, and all must be applied to their
deliveries shortly after the burst: each once, the figures of the wave in step.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import psutil
from twilio.request_validator import RequestValidator

from benchmarks import crowd
from benchmarks.http_client import Connection
from campaigns import deliveries, stats
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch
from tests import make
from tests.servers.twilio import ACCOUNT_SID, AUTH_TOKEN

HOME = Path(__file__).resolve().parents[1]
A_SECOND, SECONDS, CONNECTIONS = 2_000, 3, 64
#: Wanted, in seconds: the slowest answer, and until the last receipt is applied after the burst.
WITHIN, APPLIED = 2.0, 15.0


def settings_of(folder: str) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "DATA_DIR": folder, "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "TWILIO_FROM": "ANLO",
        "TWILIO_API_BASE": "http://127.0.0.1:9",
    }  # fmt: skip


def handed_over(rt: Runtime, count: int) -> tuple[int, list[int]]:
    """A wave whose messages Twilio has just accepted; the ids of its deliveries."""
    taker = crowd.Counting(recipients_per_call=100)
    taker.name = "twilio"
    there = replace(rt, gateways={"twilio": taker})
    list_id = crowd.a_list_of(rt.db, count)
    wave_id = make.a_wave(rt.db, list_ids=[list_id], gateway="twilio", ignore_quiet_hours=True)
    crowd.open_wholly(there)
    dispatch.send(there, [deliveries.line(rt.db, wave_id, there.gateways)], stop=threading.Event())
    assert taker.sent() == (count, 0)
    return wave_id, taker.ids()


@contextmanager
def a_server(settings: dict[str, str]) -> Iterator[psutil.Process]:
    with open(Path(settings["DATA_DIR"]) / "log", "w") as log:
        command, environment = [sys.executable, "app.py", "run", "--no-demo"], {**os.environ, **settings}
        with subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log) as process:
            try:
                yield psutil.Process(process.pid)
            finally:
                process.terminate()


def callback(settings: dict[str, str], delivery: int) -> tuple[str, bytes, dict[str, str]]:
    """Path, body and headers of "delivered", as Twilio would post it."""
    path = f"/hooks/sms/twilio/receipt?key={delivery}"
    fields = {"AccountSid": ACCOUNT_SID, "MessageSid": f"ref-{delivery}", "MessageStatus": "delivered"}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(settings["PUBLIC_URL"] + path, fields)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return path, urlencode(fields).encode(), headers


async def ready(port: int, server: psutil.Process) -> None:
    """Waits until the server answers and has learnt what its bot learns at the start."""
    until, busy = time.monotonic() + 180, 1.0
    while busy > 0.3:
        assert time.monotonic() < until, "the server did not start"
        before = crowd.cpu(server)
        await asyncio.sleep(1.0)
        with suppress(OSError):
            await Connection(port).ask("GET", "/chat")
            busy = crowd.cpu(server) - before


async def burst(port: int, posts: Sequence[tuple[str, bytes, dict[str, str]]]) -> tuple[list[float], int]:
    """The posts spread evenly: seconds each took from the moment it was due, and how many were not answered 200."""
    due, times, wrong = iter(enumerate(posts)), [], 0
    begun = time.monotonic() + 0.2

    async def send() -> None:
        nonlocal wrong
        connection = Connection(port)
        for n, (path, body, headers) in due:
            at = begun + n / A_SECOND
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            answer = await connection.ask("POST", path, body, headers)
            times.append(time.monotonic() - at)
            wrong += answer.status != 200
        connection.close()

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return times, wrong


def applied(rt: Runtime, wave_id: int, count: int, seconds: float) -> float:
    """Seconds until all are delivered, waiting at most so long."""
    begun = time.monotonic()
    while stats.of_wave(rt.db, wave_id)["delivered"] < count and time.monotonic() - begun < seconds:
        time.sleep(0.1)
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    count = A_SECOND * parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(folder)
        rt = build(load(settings, env_file=None))
        wave_id, ids = handed_over(rt, count)
        posts = [callback(settings, each) for each in ids]
        with a_server(settings) as server:
            asyncio.run(ready(int(settings["PORT"]), server))
            before = crowd.cpu(server)
            times, wrong = asyncio.run(burst(int(settings["PORT"]), posts))
            work = (crowd.cpu(server) - before) / count
            took = applied(rt, wave_id, count, 10 * APPLIED)
        figures, faults = stats.of_wave(rt.db, wave_id), stats.faults(rt.db, wave_id)
        rt.close()
    times.sort()
    told = [1000 * value for value in (times[count // 2], times[int(0.95 * count)], times[-1])]
    print(f"{count} receipts, {A_SECOND} a second: answered after p50 {told[0]:.0f} ms, p95 {told[1]:.0f} ms, "
          f"most {told[2]:.0f} ms; {wrong} not answered 200; all applied {took:.1f} s after the burst; "
          f"the server worked {1e6 * work:.0f} µs for each")
    print(f"wanted: answered within {WITHIN:.0f} s, applied within {APPLIED:.0f} s")
    assert figures.counts == {"delivered": count}, figures
    assert faults == {}
    sys.exit(bool(wrong) or times[-1] > WITHIN or took > APPLIED)


if __name__ == "__main__":
    main()
