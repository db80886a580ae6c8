"""After an upgrade the server counts by itself what was sent and asked before there were counters."""

import threading

from sqlalchemy import delete, update

from bots import figures as talk
from bots import inbox
from campaigns import figures, waves
from db import keepsakes
from db.tables import bot_days, response_counts, responses, wave_figures
from db.tables import deliveries as rows
from scheduler import tasks
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

GATEWAYS = {"fake": FakeGateway()}
TODAY = make.NOW.date()


def runs(rt, stop=False) -> dict:
    asked = threading.Event()
    if stop:
        asked.set()
    [task] = [task for task in tasks.TASKS if task.name == "mend_figures"]
    return tasks.run(rt, task, asked)


def test_once_and_as_far_as_it_came(db):
    rt = a_runtime(db, GATEWAYS)
    wave_id = make.a_wave(db, count=3)
    waves.open_due(db, GATEWAYS, make.NOW)
    inbox.receive(db, platform="sms", address=make.number(7), text="?", provider_id=None, now=make.NOW)
    with db.transaction() as c:
        for table in (wave_figures, response_counts, responses, bot_days):
            c.execute(delete(table))
        c.execute(update(rows).values(carrier=None))
    assert runs(rt, stop=True) == {}
    assert figures.wave_carriers(db, wave_id) == {}, "asked to stop before the first wave"
    assert runs(rt)["waves"] == 1
    assert figures.wave_carriers(db, wave_id) == {"unknown": {("queued", ""): 3}}
    assert talk.period(db, TODAY, TODAY).heard == 1
    assert runs(rt) == {}, "what is right is not counted again"
    assert keepsakes.get(db, "figures-filled") == keepsakes.get(db, "bot-figures-filled") == b"1"


def test_a_new_installation_has_nothing_to_count(db):
    rt = a_runtime(db, GATEWAYS)
    assert runs(rt) == runs(rt) == {}
