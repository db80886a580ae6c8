"""Senders killed with SIGKILL at random moments, alone and side by side: nobody is sent to twice, nobody is missed.

The senders are real processes (`app.py waves run`), the gateway is the real Twilio adapter, the other side a server in
another process that speaks Twilio's API, answers badly now and then, and counts.
"""

import time

import pytest

from campaigns import stats
from tests.torture.machine import counts, kill_some_time, kill_while_it_sends, mix_in_troubles, to_the_end

pytestmark = pytest.mark.slow
#: The wave is opened by those who are killed, a part at a time.
IN_PARTS = ("-m", "tests.torture.in_parts")


def test_killed_at_random_moments(machine, size, chance, report):
    kind = machine.rt.db.dialect
    count, kills = size.people[kind], size.kills[kind]
    wave_id = machine.wave(count, opened=False)
    troubled = mix_in_troubles(machine.server, count, chance)
    began, killed, ended = time.monotonic(), 0, 0
    while killed < kills and not ended:
        process = machine.send(wave_id, program=IN_PARTS)
        if chance.random() < 0.2:
            died = kill_some_time(process, chance)
        else:
            died = kill_while_it_sends(process, machine.server, chance)
        killed += died
        ended += not died
        assert stats.faults(machine.rt.db, wave_id) == {}
    assert killed == kills, "the wave was over before its senders had been killed often enough"
    left = count - counts(machine.server)["messages"]
    done = to_the_end(machine.send(wave_id, program=IN_PARTS))
    report(people=count, kills=killed, troubled=troubled, left_at_the_last_kill=left, unknown=done["unknown"],
           seconds=round(time.monotonic() - began))
    assert done["unknown"] == 0, "the server can tell of everybody"
    machine.everybody_once(wave_id, count)


def test_two_side_by_side_and_one_of_them_is_killed_now_and_then(machine, size, chance, report):
    kind = machine.rt.db.dialect
    count, kills = size.people[kind], max(2, size.kills[kind] // 3)
    wave_id = machine.wave(count, opened=False)
    troubled = mix_in_troubles(machine.server, count, chance, share=0.03)
    began, killed = time.monotonic(), 0
    running = [machine.send(wave_id, program=IN_PARTS) for _ in range(2)]
    while killed < kills:
        victim = running.pop(chance.randrange(2))
        died = kill_while_it_sends(victim, machine.server, chance, longest=1.0)
        killed += died
        if not died:
            break
        running.append(machine.send(wave_id, program=IN_PARTS))
    for process in running:
        to_the_end(process)
    report(people=count, kills=killed, troubled=troubled, seconds=round(time.monotonic() - began))
    assert killed == kills
    machine.everybody_once(wave_id, count)
