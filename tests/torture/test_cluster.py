"""Three workers on a real PostgreSQL: one is killed, one frozen until it is given up and then thawed, and the database
is lost to all of them three times. Nobody is sent to twice, nobody is missed, and who is left goes on by itself.
"""

import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import postgres
from tests.torture.cluster import Cable, a_cluster
from tests.torture.machine import counting_server, kill, messages

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]
#: Messages in a second, of all workers together.
RATE = 30


@pytest.fixture(scope="module")
def durable_postgres():
    """A server of its own: it is restarted, and must not lose what it said was committed."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, postgres.server(Path(folder), fast=False) as server:
        yield server


@pytest.fixture
def cable(durable_postgres):
    cable = Cable(durable_postgres.create("an_lo_cluster"))
    yield cable
    cable.close()
    durable_postgres.drop("an_lo_cluster")


@pytest.fixture
def cluster(cable, durable_postgres, tmp_path):
    with counting_server("--latency", "0.05") as server, a_cluster(tmp_path, cable.url, server) as cluster:
        yield cluster


def sends_on(cluster, seconds: float, what: str) -> float:
    """How long until another message goes out."""
    before = messages(cluster.server)
    return cluster.until(lambda: messages(cluster.server) > before + RATE, seconds, f"messages after {what}")


def test_killed_frozen_and_cut_off(cluster, cable, durable_postgres, size, report):
    count = 20_000 if size.full else 3_600
    wave_id = cluster.slow_wave(count, RATE)
    killed, frozen, _ = (cluster.work() for _ in range(3))
    cluster.until(lambda: all(map(cluster.accepted_by, cluster.started)), 240, "each of the three has sent")
    cluster.until(lambda: cluster.held_by(killed), 60, "one has messages in its hands")
    assert kill(killed)
    cluster.until(lambda: cluster.held_by(frozen), 60, "another has messages in its hands")
    frozen.send_signal(signal.SIGSTOP)
    held = cluster.held_by(frozen)
    taken_over = cluster.until(lambda: cluster.held_by(frozen) == 0, 120, "what the frozen one held is taken over")
    there = messages(cluster.server)
    frozen.send_signal(signal.SIGCONT)
    assert held > 0 and there < count
    waits = {}
    by_then = cluster.accepted_by(frozen)
    assert cluster.drop_connections() > 3
    waits["dropped"] = sends_on(cluster, 90, "the connections were dropped")
    cable.cut()
    time.sleep(5)
    cable.mend()
    waits["cut"] = sends_on(cluster, 90, "the cable was cut")
    if durable_postgres.can_restart:
        durable_postgres.restart()
        waits["restarted"] = sends_on(cluster, 90, "the server was restarted")
    waits["thawed"] = cluster.until(lambda: cluster.accepted_by(frozen) > by_then, 90, "the thawed worker works on")
    cluster.finish_quickly(wave_id)
    took = cluster.tell_to_end()
    cluster.everybody_once(wave_id, count)
    assert {"doing", "succeeded", "failed"} & cluster.jobs().keys() == set()
    waits = {what: f"{seconds:.1f} s" for what, seconds in waits.items()}
    report(frozen_with=held, taken_over=f"{taken_over:.1f} s", ended=f"{max(took):.1f} s", **waits)
