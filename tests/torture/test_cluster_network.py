"""Two workers, each in a network of its own as on a machine of its own, on one PostgreSQL. The cable of one is pulled
for longer than it takes to be given up: nobody is told, its connections hang, its locks are let go. Then it is back.
"""

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
from sqlalchemy.engine import make_url

from tests import postgres
from tests.torture.cluster import a_cluster
from tests.torture.machine import ROOT, Process, counting_server, messages
from tests.torture.networks import NEAR, networks

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]
PORT = 5432


@pytest.fixture
def nets():
    with networks(2) as found:
        yield found


@pytest.fixture
def database(nets):
    """A PostgreSQL in the middle; the URL of a database by its socket file, which every network sees."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, postgres.server(Path(folder), fast=False) as server:
        if not server.can_restart:
            pytest.skip("this PostgreSQL is somebody else's: it cannot be moved into a network")
        url = server.create("an_lo_networks")
        server.move(nets.inside(nets.middle), PORT)
        yield url


@contextmanager
def forwarding(*words: str):
    """tests.torture.forward with these words, run by the program they begin with."""
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


@pytest.fixture
def server(nets, tmp_path):
    """The provider: reached by every network in another way than the cables, at the same address."""
    with ExitStack() as open_until, counting_server("--latency", "0.05") as address, TemporaryDirectory() as folder:
        forward, port = (sys.executable, "-m", "tests.torture.forward"), f"tcp:{urlsplit(address).port}"
        open_until.enter_context(forwarding(*forward, f"unix:{folder}/provider", port))
        for name in nets.others:
            open_until.enter_context(forwarding(*nets.inside(name, *forward, port, f"unix:{folder}/provider")))
        yield address


def work_in(cluster, nets, n: int, url: str) -> Process:
    """A worker in the n-th network, that reaches the database through its cable alone."""
    through = make_url(url).set(host=NEAR.format(n=n), port=PORT, query={}).render_as_string(hide_password=False)
    enter = "import os, sys; os.execvp('ip', ['ip', 'netns', 'exec', *sys.argv[1:]])"  # the process stays the same
    worker = ("env", f"DATABASE_URL={through}", sys.executable, "-m", "tests.torture.hurried")
    return cluster.work(("-c", enter, nets.others[n], *worker))


def test_a_pulled_cable(database, server, nets, tmp_path, size, report):
    count = 10_000 if size.full else 2_000
    with a_cluster(tmp_path, database, server) as cluster:
        wave_id = cluster.slow_wave(count, rate=30)
        near, far = (work_in(cluster, nets, n, database) for n in range(2))
        cluster.until(lambda: all(map(cluster.accepted_by, cluster.started)), 240, "both have sent")
        cluster.until(lambda: cluster.held_by(far), 60, "one has messages in its hands")
        nets.cut(1)
        held = cluster.held_by(far)
        before = cluster.accepted_by(near)
        stood = cluster.until(lambda: cluster.accepted_by(near) > before + 30, 90, "the other goes on")
        given_up = cluster.until(lambda: cluster.held_by(far) == 0, 120, "what the one held is taken over")
        assert messages(cluster.server) < count
        nets.mend(1)
        before = cluster.accepted_by(far)
        back = cluster.until(lambda: cluster.accepted_by(far) > before, 120, "the one works again")
        cluster.finish_quickly(wave_id)
        took = cluster.tell_to_end()
        cluster.everybody_once(wave_id, count)
        assert {"doing", "succeeded", "failed"} & cluster.jobs().keys() == set()
        told = {"went_on_after": stood, "taken_over": given_up, "back_after": back, "ended": max(took)}
        report(held=held, **{what: f"{seconds:.1f} s" for what, seconds in told.items()})
