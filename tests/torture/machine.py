"""One machine to be tortured: its settings, its processes (real ones), and a provider in a process of its own that
counts.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from campaigns import stats, waves
from runtime.build import Runtime
from tests import make
from tests.servers import twilio

ROOT = Path(__file__).parents[2]
#: What befalls a call now and then: an answer lost with or without the message, "too fast", a server's own trouble.
TROUBLES: Sequence[Mapping[str, object]] = (
    {"keep": True, "close": True},
    {"close": True},
    {"status": 429, "code": 20429, "retry_after": "0.1"},
    {"status": 500, "code": 20500},
    {"status": 503, "code": 20503, "keep": True},
)
#: A process that has not ended after this many seconds hangs.
LONGEST = 600.0


@contextmanager
def counting_server(*options: str) -> Iterator[str]:
    """The address of a Twilio-speaking server in a process of its own."""
    command = [sys.executable, "-m", "tests.servers.twilio", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def settings_of(folder: Path, server: str, **more: str) -> dict[str, str]:
    return {
        "DATA_DIR": str(folder),
        "PHONE_KEY": "a key for this test alone",
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": twilio.AUTH_TOKEN,
        "TWILIO_FROM": "ANLO",
        "TWILIO_API_BASE": server,
        **more,
    }


def counts(server: str) -> dict:
    with urllib.request.urlopen(f"{server}/_counts") as answer:
        return json.load(answer)


def script(server: str, to: str, *steps: Mapping[str, object]) -> None:
    request = urllib.request.Request(f"{server}/_script", json.dumps({"to": to, "steps": steps}).encode())
    urllib.request.urlopen(request).close()


def set_clock(server: str, ahead: float) -> None:
    """The provider's own clock is `ahead` seconds ahead of this machine's."""
    request = urllib.request.Request(f"{server}/_clock", json.dumps({"ahead": ahead}).encode())
    urllib.request.urlopen(request).close()


def mix_in_troubles(server: str, count: int, chance: random.Random, share: float = 0.06) -> int:
    """About `share` of `count` people meet one or two troubles; how many do."""
    those = [n for n in range(1, count + 1) if chance.random() < share]
    for n in those:
        script(server, make.number(n), *chance.choices(TROUBLES, k=chance.choice((1, 1, 2))))
    return len(those)


class Process(subprocess.Popen):
    """A process whose words for people go to a file."""

    def __init__(self, command: Sequence[str], log: Path, **options):
        self.log = log
        with open(log, "wb") as said:
            super().__init__(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, **options)

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@dataclass
class Machine:
    """A runtime on the data to look into, and the environment of processes on the same data."""

    rt: Runtime
    server: str
    settings: Mapping[str, str]
    #: Where logs of its processes go.
    folder: Path
    started: list["Process"] = field(default_factory=list)

    def wave(self, count: int, *, opened: bool = True, **plan: object) -> int:
        """A wave to `count` people; not `opened`, its first sender opens it."""
        list_id = make.a_list(self.rt.db, "everybody", make.people(self.rt.db, count))
        given = {"list_ids": [list_id], "gateway": "twilio", "ignore_quiet_hours": True, **plan}
        wave_id = make.a_wave(self.rt.db, **given)
        if opened:
            waves.open_due(self.rt.db, self.rt.gateways, self.rt.clock())
        return wave_id

    def start(self, *words: str, program: Sequence[str] = ("app.py",), **options) -> "Process":
        """`app.py` with these words."""
        environment = {**os.environ, **self.settings, "LANG": "en_GB.UTF-8"}
        log = self.folder / f"said-{len(self.started)}.txt"
        self.started.append(Process([sys.executable, *program, *words], log, env=environment, **options))
        return self.started[-1]

    def send(self, wave_id: int, **options) -> "Process":
        return self.start("waves", "run", str(wave_id), "--json", **options)

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                kill(process)

    def everybody_once(self, wave_id: int, count: int) -> None:
        """Duplicates 0, missed 0, unknown 0 (the server can tell of everybody), and all books agree."""
        there = counts(self.server)["by_to"]
        twice = {to: n for to, n in there.items() if n > 1}
        missed = {make.number(n) for n in range(1, count + 1)} - there.keys()
        assert (twice, missed) == ({}, set()), self.whereabouts(twice, missed)
        self.books_agree(wave_id)
        figures = stats.of_wave(self.rt.db, wave_id)
        assert {status: n for status, n in figures.counts.items() if n} == {"accepted": count}
        assert waves.show(self.rt.db, wave_id).wave.status == "finished"

    def whereabouts(self, twice: Mapping[str, int], missed: AbstractSet[str]) -> str:
        """What the rows and the processes say of these numbers, for whoever looks into a failure."""
        numbers = {make.number(n): n for n in range(1, 100_000)}
        those = sorted(numbers[to] for to in [*twice, *missed])
        with self.rt.db.reading() as c:
            rows = c.execute(text("SELECT * FROM deliveries WHERE contact_id BETWEEN :low AND :high"),
                             {"low": those[0], "high": those[-1]}).mappings()  # fmt: skip
            found = [dict(row) for row in rows if row["contact_id"] in those]
        said = [f"{each.pid}: {each.said[-4000:]}" for each in self.started]
        return "\n".join([f"twice {twice}, missed {missed}", *map(str, found), *said])

    def books_agree(self, wave_id: int) -> None:
        assert stats.faults(self.rt.db, wave_id) == {}


def to_the_end(process: Process, status: int = 0) -> dict:
    """What it printed for machines, once it has ended with this exit status."""
    out, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == status, (process.returncode, process.said)
    return json.loads(out) if out else {}


def messages(server: str) -> int:
    return counts(server)["messages"]


def until_it_sends(process: Process, server: str, more: int = 1) -> None:
    """Until the process has handed `more` messages over, or ended."""
    before = messages(server)
    while messages(server) < before + more and process.poll() is None:
        time.sleep(0.02)


def kill(process: Process) -> bool:
    """SIGKILL; False when it came to its end first."""
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def kill_while_it_sends(process: Process, server: str, chance: random.Random, longest: float = 0.3) -> bool:
    """Lets the sender hand over something, then a moment more; False when it came to its end first."""
    until_it_sends(process, server)
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.0, longest))
    return kill(process)


def kill_some_time(process: Process, chance: random.Random, longest: float = 2.0) -> bool:
    """Whatever it is doing: starting, claiming, asking, sending."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.0, longest))
    return kill(process)
