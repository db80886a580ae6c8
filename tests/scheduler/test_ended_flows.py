"""A flow that cannot write down how it ended, in a process that lives on: what it held is looked after all the same."""

import sqlite3
import threading

import pytest
from sqlalchemy.exc import OperationalError

from campaigns import deliveries, stats, waves, workers
from scheduler import dispatch, tasks
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime


def test_what_could_not_be_recorded_is_asked_about_as_soon_as_there_is_space(sqlite_db, now, monkeypatch):
    gateway = FakeGateway()
    rt = a_runtime(sqlite_db, {"fake": gateway}, clock=lambda: now)
    wave_id = make.a_wave(sqlite_db, count=40)
    waves.open_due(sqlite_db, rt.gateways, now)

    def full(*_args, **_named):
        raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    with monkeypatch.context() as patch:
        for room, name in ((deliveries, "record"), (deliveries, "release"), (workers, "leave")):
            patch.setattr(room, name, full)
        with pytest.raises(OperationalError):
            dispatch.send(rt, [deliveries.line(sqlite_db, wave_id, rt.gateways)], stop=threading.Event())
        assert stats.of_wave(sqlite_db, wave_id)["sending"] == 40
    tasks.reconcile(rt, threading.Event())
    tasks.send(rt, threading.Event())
    assert stats.of_wave(sqlite_db, wave_id)["accepted"] == 40
    assert set(gateway.got.values()) == {1}
