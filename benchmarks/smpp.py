"""Durable dispatch over SMPP against bare smpplib with no database, to an SMSC in another process, window 200.

The bare side is smpplib as one writes it for speed: one thread sends, one listens, a semaphore is the window. Both
sides send the same text to as many numbers and ask for receipts; they take turns in rounds, so that whatever else the
machine does hits both. The durable side claims (committed to the disk), hands over, records, counts, and could be
killed at any moment.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from smpplib.client import Client
from smpplib.consts import SMPP_SMSC_DELIVERY_RECEIPT_BOTH
from smpplib.exceptions import ConnectionError as Lost

from benchmarks import crowd
from campaigns import deliveries, stats
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch
from tests import make
from tests.servers import smsc

ROUNDS = 8
WINDOW = 200
SOURCE = "ANLO"
WANTED = 0.8


@contextmanager
def server(latency: float, receipt: str) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.servers.smsc", "--latency", str(latency), "--receipt", receipt]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.kill()


def a_runtime(folder: str, port: str) -> Runtime:
    settings = {
        "DATA_DIR": folder,
        "SMPP_HOST": "127.0.0.1",
        "SMPP_PORT": port,
        "SMPP_SYSTEM_ID": smsc.SYSTEM_ID,
        "SMPP_PASSWORD": smsc.PASSWORD,
        "SMPP_SOURCE": SOURCE,
        "SMPP_WINDOW": str(WINDOW),
    }
    return build(load(settings, env_file=None))


class Bare:
    """smpplib's client with a window."""

    def __init__(self, port: str):
        self._slots = threading.Semaphore(WINDOW)
        self._client = Client("127.0.0.1", int(port), timeout=60, logger_name="bare", allow_unknown_opt_params=True)
        logging.getLogger("bare").setLevel(logging.CRITICAL)  # it complains of being closed
        self._client.set_message_sent_handler(lambda pdu: self._slots.release())
        self._client.set_message_received_handler(lambda pdu: None)
        self._client.connect()
        self._client.bind_transceiver(system_id=smsc.SYSTEM_ID, password=smsc.PASSWORD)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            self._client.listen()
        except Lost:
            return  # closed at the end

    def close(self) -> None:
        self._client.disconnect()

    def send(self, numbers: list[str], text: str) -> float:
        """Seconds until everything is answered."""
        octets = text.encode("utf-16-be")
        begun = time.perf_counter()
        for number in numbers:
            self._slots.acquire()
            self._client.send_message(
                source_addr_ton=5, source_addr_npi=0, source_addr=SOURCE, dest_addr_ton=1, dest_addr_npi=1,
                destination_addr=number, short_message=octets, data_coding=8, esm_class=0,
                registered_delivery=SMPP_SMSC_DELIVERY_RECEIPT_BOTH,
            )  # fmt: skip
        for _ in range(WINDOW):
            self._slots.acquire()
        seconds = time.perf_counter() - begun
        self._slots.release(WINDOW)
        return seconds


def durable(rt: Runtime, line: deliveries.Line, count: int) -> float:
    """Seconds for as many deliveries of the wave."""
    begun = time.perf_counter()
    counts = dispatch.send(rt, [line], stop=threading.Event(), most=count)
    assert counts["accepted"] == count, counts
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=40_000)
    parser.add_argument("--latency", type=float, default=0.02, help="seconds until the SMSC answers")
    parser.add_argument("--receipt", default="", help="DELIVRD: the SMSC reports of every message at once, too")
    given = parser.parse_args()
    count = given.deliveries // ROUNDS
    with tempfile.TemporaryDirectory() as folder, server(given.latency, given.receipt) as port:
        rt = a_runtime(folder, port)
        line = crowd.a_line(rt, ROUNDS * count, "smpp")
        bare = Bare(port)
        numbers = [make.number(9_000_000 + n)[1:] for n in range(count)]
        bare.send(numbers[:WINDOW], make.VI)
        print(f"{'round':>6} {'bare smpplib':>14} {'durable':>12} {'ratio':>7}")
        totals = [0.0, 0.0]
        for n in range(ROUNDS):
            seconds = [bare.send(numbers, make.VI), durable(rt, line, count)]
            totals = [total + more for total, more in zip(totals, seconds, strict=True)]
            print(_row(str(n + 1), count, *seconds), flush=True)
        print(_row("all", ROUNDS * count, *totals))
        assert stats.faults(rt.db, line.wave_id) == {}
        print(f"window {WINDOW}, an answer after {given.latency * 1000:.0f} ms; wanted: {WANTED}")
        rt.close()
        bare.close()
    sys.exit(totals[0] / totals[1] < WANTED)


def _row(name: str, count: int, without: float, with_it: float) -> str:
    return f"{name:>6} {count / without:>12.0f}/s {count / with_it:>10.0f}/s {without / with_it:>7.2f}"


if __name__ == "__main__":
    main()
