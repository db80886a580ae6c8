"""The disk is full: a clear stop, nothing lost, nothing twice, and on it goes when there is space."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from runtime.build import build
from runtime.settings import load
from tests import make
from tests.servers import twilio
from tests.torture.machine import Machine, counts, settings_of, to_the_end, until_it_sends

pytestmark = pytest.mark.slow
MEGABYTE = 1024 * 1024
#: Room for a wave and for what the bot learns at its first start.
DISK = 128 * MEGABYTE


@pytest.fixture
def disk(tmp_path):
    """A file system of DISK bytes of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)], capture_output=True
    ).returncode
    if not mounted:
        pytest.skip("mounting a small file system needs rights that this user does not have")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def small(disk, server, tmp_path):
    """A machine whose data lies on the small disk."""
    settings = settings_of(disk / "data", server, RUNNER="embedded", PUBLIC_URL="http://127.0.0.1")
    rt = build(load(settings, env_file=None))
    machine = Machine(rt, server, settings, tmp_path)
    yield machine
    machine.end()
    rt.close()


class Ballast:
    """A file that takes all the space there is."""

    def __init__(self, place: Path):
        self._file = place / "ballast"

    def fill(self) -> None:
        with open(self._file, "ab", buffering=0) as file:
            for size in (MEGABYTE, 4096):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue

    def drop(self) -> None:
        self._file.unlink()


def stopped_clearly(process) -> None:
    process.communicate(timeout=120)
    assert process.returncode == 1
    assert "The disk is full" in process.said
    assert "Traceback" not in process.said


def test_a_wave_stops_clearly_and_goes_on_when_there_is_space(small, disk):
    count = 1500
    wave_id = small.wave(count)
    ballast = Ballast(disk)
    process = small.send(wave_id)
    until_it_sends(process, small.server, count // 10)
    ballast.fill()
    stopped_clearly(process)
    at_the_stop = counts(small.server)["messages"]
    assert at_the_stop < count
    stopped_clearly(small.send(wave_id))
    assert counts(small.server)["messages"] == at_the_stop, "what cannot be written down is not sent"
    ballast.drop()
    to_the_end(small.send(wave_id))
    small.everybody_once(wave_id, count)


def test_files_of_a_limited_size(server, tmp_path):
    """The same where nothing can be mounted: no file may grow beyond its size."""
    settings = settings_of(tmp_path / "data", server)
    rt = build(load(settings, env_file=None))
    machine = Machine(rt, server, settings, tmp_path)
    wave_id = machine.wave(1500)
    log = tmp_path / "data" / "an-lo.db-wal"
    limit = str(log.stat().st_size + 200_000)
    stopped_clearly(machine.start("waves", "run", str(wave_id), program=("-m", "tests.torture.small_disk", limit)))
    assert 0 < counts(server)["messages"] < 1500
    to_the_end(machine.send(wave_id))
    machine.everybody_once(wave_id, 1500)
    rt.close()


def served(process, seconds: float = 60.0) -> str:
    """The address at which it serves, once it says so."""
    end = time.monotonic() + seconds
    while "http://127.0.0.1:" not in process.said:
        assert process.poll() is None and time.monotonic() < end, process.said
        time.sleep(0.1)
    return "http://127.0.0.1:" + process.said.partition("http://127.0.0.1:")[2].split()[0].rstrip("/.,")


def asked(address: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def receipt(address: str, ref: str) -> tuple[int, str]:
    """A signed status callback, as Twilio posts it."""
    from twilio.request_validator import RequestValidator

    path, form = "/hooks/sms/twilio/receipt", {"MessageSid": ref, "MessageStatus": "delivered"}
    signature = RequestValidator(twilio.AUTH_TOKEN).compute_signature("http://127.0.0.1" + path, form)
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    return asked(address + path, body, **{"X-Twilio-Signature": signature,
                                          "Content-Type": "application/x-www-form-urlencoded"})


def test_the_server_says_so_and_recovers_by_itself(small, disk):
    count = 600
    process = small.start("run", "--port", "0", "--no-demo")
    address = served(process)
    assert asked(f"{address}/healthz")[0] == 200
    ballast = Ballast(disk)
    list_id = make.a_list(small.rt.db, "everybody", make.people(small.rt.db, count))
    wave_id = make.a_wave(small.rt.db, list_ids=[list_id], gateway="twilio", ignore_quiet_hours=True, rate=100)
    until_it_sends(process, small.server, 50)
    ballast.fill()
    time.sleep(3)
    status, body = receipt(address, "SM" + "0" * 32)
    assert status == 503 and json.loads(body) == {"error": "disk-full"}
    assert asked(f"{address}/sign-in")[0] < 500, "what only reads goes on"
    assert process.poll() is None
    ballast.drop()
    end = time.monotonic() + 240
    while counts(small.server)["messages"] < count and time.monotonic() < end:
        time.sleep(0.2)
    assert receipt(address, "SM" + "0" * 32)[0] == 200, process.said[-2000:]
    while time.monotonic() < end and process.poll() is None:
        try:
            small.everybody_once(wave_id, count)
            break
        except AssertionError:
            time.sleep(1)
    process.terminate()
    process.communicate(timeout=20)
    assert "Traceback" not in process.said, process.said[-3000:]
    small.everybody_once(wave_id, count)
    assert os.path.exists(disk)
