"""Senders killed with SIGKILL at random moments, and two at once: nobody is sent to twice, nobody is missed.

The senders are real processes (`app.py waves run`), the gateway is the real Twilio adapter, the other side a server in
another process that speaks Twilio's API and counts.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from campaigns import stats, waves
from runtime.build import build
from runtime.settings import load
from tests import make
from tests.servers import twilio

ROOT = Path(__file__).parents[2]
#: A start takes a second or two, so PostgreSQL gets a shorter story of the same kind.
KILLS = {"sqlite": 20, "postgresql": 6}


@contextmanager
def counting_server(*options: str):
    """The address of a Twilio-speaking server in a process of its own."""
    command = [sys.executable, "-m", "tests.servers.twilio", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def counts(address: str) -> dict:
    with urllib.request.urlopen(f"{address}/_counts") as answer:
        return json.load(answer)


def script(address: str, to: str, *steps: dict) -> None:
    request = urllib.request.Request(f"{address}/_script", json.dumps({"to": to, "steps": steps}).encode())
    urllib.request.urlopen(request).close()


@pytest.fixture
def server():
    with counting_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, server):
    """The settings of a machine, as the environment of its processes, and a runtime on the same data."""
    settings = {
        "DATA_DIR": str(tmp_path / "data"),
        "PHONE_KEY": "a key for this test alone",
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": twilio.AUTH_TOKEN,
        "TWILIO_FROM": "ANLO",
        "TWILIO_API_BASE": server,
    }
    if request.param == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    rt = build(load(settings, env_file=None))
    yield rt, {**os.environ, **settings}
    rt.close()


def a_wave(rt, count: int) -> int:
    list_id = make.a_list(rt.db, "everybody", make.people(rt.db, count))
    wave_id = make.a_wave(rt.db, list_ids=[list_id], gateway="twilio", ignore_quiet_hours=True)
    waves.open_due(rt.db, rt.gateways, rt.clock())
    return wave_id


def start(environment, wave_id: int) -> subprocess.Popen:
    return app(environment, "waves", "run", str(wave_id), "--json")


def app(environment, *words: str) -> subprocess.Popen:
    command = [sys.executable, "app.py", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def to_the_end(process: subprocess.Popen) -> dict:
    out, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    return json.loads(out)


def everybody_once(rt, server: str, wave_id: int, count: int) -> None:
    there = counts(server)
    assert there["messages"] == count
    assert set(there["by_to"].values()) == {1}
    assert stats.faults(rt.db, wave_id) == {}
    assert stats.of_wave(rt.db, wave_id).counts == {"accepted": count}
    assert waves.show(rt.db, wave_id).wave.status == "finished"


def kill_while_it_sends(process: subprocess.Popen, server: str, chance: random.Random) -> bool:
    """Lets the sender hand over something, then a moment more; False when it came to its end first."""
    before = counts(server)["messages"]
    while counts(server)["messages"] == before and process.poll() is None:
        time.sleep(0.01)
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.0, 0.3))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_killed_at_random_moments(place, server):
    rt, environment = place
    kills, chance = KILLS[rt.db.dialect], random.Random(20261122)
    count = 150 * kills
    wave_id = a_wave(rt, count)
    for n in range(1, count, 97):  # some answers are lost, some calls fail: the server has the message or it has not
        step = chance.choice([{"keep": True, "close": True}, {"close": True}, {"status": 500, "code": 20500}])
        script(server, make.number(n), step)
    killed = 0
    for _ in range(kills):
        killed += kill_while_it_sends(start(environment, wave_id), server, chance)
        assert stats.faults(rt.db, wave_id) == {}
    assert killed == kills
    to_the_end(start(environment, wave_id))
    everybody_once(rt, server, wave_id, count)


@pytest.mark.slow
def test_two_side_by_side_and_one_of_them_dies(place, server):
    rt, environment = place
    count, chance = 1500, random.Random(7)
    wave_id = a_wave(rt, count)
    first, second = (start(environment, wave_id) for _ in range(2))
    kill_while_it_sends(first, server, chance)
    report = to_the_end(second)
    assert report["accepted"] == count, report
    everybody_once(rt, server, wave_id, count)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_two_workers_of_a_cluster_and_one_of_them_dies(place, server):
    rt, environment = place
    count, chance = 1500, random.Random(9)
    list_id = make.a_list(rt.db, "everybody", make.people(rt.db, count))
    wave_id = make.a_wave(rt.db, list_ids=[list_id], gateway="twilio", ignore_quiet_hours=True)
    first, second = (app(environment, "worker", "--concurrency", "1") for _ in range(2))
    kill_while_it_sends(first, server, chance)
    end = time.monotonic() + 120
    while waves.show(rt.db, wave_id).wave.status != "finished" and time.monotonic() < end:
        time.sleep(0.2)
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=20)
    assert second.returncode == 0
    everybody_once(rt, server, wave_id, count)
