"""The clock jumps while messages go out: nobody gets one twice, nobody is missed, nobody is written to at night.

How long something takes is measured by the machine's uptime, which nobody sets; the clock says only what day it is.
"""

import time
from datetime import UTC, datetime, timedelta
from datetime import time as hour_of

import pytest

from campaigns import holidays, stats, waves
from campaigns.pacing import ZONE
from tests.torture.machine import kill, messages, mix_in_troubles, set_clock, to_the_end, until_it_sends

pytestmark = pytest.mark.slow


class Clock:
    """Vietnam's time for the machine's processes, and how it jumps; the provider's clock never does."""

    def __init__(self, file, server: str):
        self.file, self._server, self._wrong_by = file, server, timedelta()

    def set(self, hour: int, minute: int, second: int = 0) -> None:
        """The next day that is no holiday, at this hour in Vietnam, for the machine and the provider."""
        day = datetime.now(ZONE).date() + timedelta(days=1)
        while not holidays.sendable(day):
            day += timedelta(days=1)
        self._be(datetime.combine(day, hour_of(hour, minute, second), ZONE) - datetime.now(UTC))
        set_clock(self._server, self._wrong_by.total_seconds())

    def jump(self, **how_far: float) -> None:
        self._be(self._wrong_by + timedelta(**how_far))

    def _be(self, wrong_by: timedelta) -> None:
        self._wrong_by = wrong_by
        draft = self.file.with_suffix(".draft")  # never half a number for who reads it just now
        draft.write_text(str(wrong_by.total_seconds()))
        draft.replace(self.file)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._wrong_by


@pytest.fixture
def clock(tmp_path, server):
    return Clock(tmp_path / "clock", server)


def send(machine, clock, wave_id):
    program = ("-m", "tests.torture.other_clock", str(clock.file))
    return machine.start("waves", "run", str(wave_id), "--json", program=program)


def a_wave(machine, clock, count, **plan):
    object.__setattr__(machine.rt, "clock", clock.now)
    return machine.wave(count, **plan)


def people(machine, size) -> int:
    return size.people[machine.rt.db.dialect]


@pytest.mark.parametrize("hours", [2, -2], ids=["forwards", "backwards"])
def test_it_jumps_while_messages_go_out(machine, size, chance, clock, hours):
    clock.set(12, 0)
    count = people(machine, size)
    wave_id = a_wave(machine, clock, count, ignore_quiet_hours=False)
    mix_in_troubles(machine.server, count, chance, share=0.03)
    process = send(machine, clock, wave_id)
    until_it_sends(process, machine.server, count // 4)
    clock.jump(hours=hours)
    until_it_sends(process, machine.server, count // 4)
    clock.jump(hours=-hours)
    assert process.poll() is None, "both jumps came while it was sending"
    to_the_end(process)
    machine.everybody_once(wave_id, count)


def test_killed_and_found_two_hours_earlier(machine, size, chance, clock):
    """What a process that died had in its hands is asked about, whatever the clock says of when that was."""
    clock.set(14, 0)
    count = people(machine, size)
    wave_id = a_wave(machine, clock, count, ignore_quiet_hours=False)
    process = send(machine, clock, wave_id)
    until_it_sends(process, machine.server, count // 4)
    assert kill(process), "it was killed while it was sending"
    clock.jump(hours=-2)
    to_the_end(send(machine, clock, wave_id))
    machine.everybody_once(wave_id, count)


def test_it_jumps_into_the_night(machine, size, clock):
    clock.set(20, 30)
    count = people(machine, size)
    wave_id = a_wave(machine, clock, count, ignore_quiet_hours=False, rate=max(50, count // 20))
    process = send(machine, clock, wave_id)
    until_it_sends(process, machine.server, count // 10)
    clock.jump(hours=2)
    time.sleep(2.5)
    at_night = messages(machine.server)
    report = to_the_end(process)
    assert "outside messaging hours" in process.said
    assert messages(machine.server) == at_night < count
    assert report["queued"] == count - at_night > 0
    clock.jump(hours=-2)
    to_the_end(send(machine, clock, wave_id))
    machine.everybody_once(wave_id, count)


def test_midnight_comes_while_messages_go_out(machine, size, clock):
    """Today's messages are used up at 23:59; a minute later it is another day, and its own count begins."""
    count = people(machine, size)
    clock.set(23, 59, 0)
    wave_id = a_wave(machine, clock, count, daily_quota=count // 2)
    to_the_end(send(machine, clock, wave_id))
    assert messages(machine.server) == count // 2
    clock.jump(minutes=2)
    to_the_end(send(machine, clock, wave_id))
    assert stats.of_wave(machine.rt.db, wave_id)["accepted"] == count
    assert waves.show(machine.rt.db, wave_id).wave.status == "finished"
    machine.everybody_once(wave_id, count)
