"""Workers that die with alerts in their hands: a letter goes out all the same, an SMS is never sent twice."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bots.alerts import calling
from campaigns import workers
from scheduler import alerts
from sms.gateway import Found, OutOfReach, Whereabouts
from tests.bots.alerts.making import a_case, on_duty
from tests.make import NOW
from tests.scheduler.alerts.house import MINE, STOP, beat, house, statuses
from tests.servers.smtp import Step

ROOT = Path(__file__).parents[3]
WORKER = """
import sys
from datetime import timedelta
from db.engine import open_database
from scheduler import alerts
from tests.conftest import SEAL
from tests.scheduler.alerts.house import STOP, house
alerts.send_mail(house(open_database(sys.argv[1], SEAL), SMTP_HOST="127.0.0.1", SMTP_PORT=sys.argv[2]), STOP)
"""


def died(rt, monkeypatch, channel: str) -> None:
    """A worker that claimed, and is gone before anything was handed over or recorded."""
    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", lambda: 2**22 - 1)
        workers.beat(rt.db, "dead", kind="alerts", now=NOW)
    assert calling.claim(rt.db, "dead", channel, 9, NOW)


def test_killed_in_the_middle_of_a_letter_it_goes_out_once(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    a_case(rt.db)
    alerts.call_out(rt, STOP)
    post.office.script(Step("MAIL", delay=60))
    url = rt.db.engine.url.render_as_string(hide_password=False)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, url, str(post.port)], cwd=ROOT)
    end = time.monotonic() + 30
    while post.office.steps and time.monotonic() < end:  # until it stands at the mail server's counter
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    assert statuses(rt) == [("email", 1, "sending")]
    for minute in (0.1, 0.2, 0.3):
        beat(rt, minute)
    assert (statuses(rt), post.office.to) == ([("email", 1, "sent")], ["ha@nghean.example"])


def test_killed_between_claim_and_send_a_letter_goes_out(rt, post, by, monkeypatch):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    a_case(rt.db)
    alerts.call_out(rt, STOP)
    died(rt, monkeypatch, "email")
    assert statuses(rt) == [("email", 1, "sending")]
    beat(rt, 0.1)
    assert statuses(rt) == [("email", 1, "to-send")]
    beat(rt, 0.2)
    assert (statuses(rt), len(post.office.to)) == ([("email", 1, "sent")], 1)


@pytest.mark.parametrize(
    ("finds", "afterwards"),
    [
        (lambda *_: Found(Whereabouts.THERE, "ref"), "sent"),
        (lambda *_: Found(Whereabouts.NOT_THERE), "to-send"),
        (lambda *_: Found(Whereabouts.CANNOT_TELL), "failed"),
    ],
)
def test_killed_with_an_sms_in_hand_the_gateway_is_asked(db, by, monkeypatch, finds, afterwards):
    rt = house(db)
    on_duty(db, by=by, number=MINE)
    a_case(db)
    calling.begin_rounds(db, timedelta(minutes=5), NOW)
    died(rt, monkeypatch, "sms")
    monkeypatch.setattr(rt.gateways["fake"], "find", finds)
    beat(rt, 0.1)
    assert statuses(rt) == [("sms", 1, afterwards)]


def test_a_gateway_out_of_reach_is_asked_later(db, by, monkeypatch):
    rt = house(db)
    on_duty(db, by=by, number=MINE)
    a_case(db)
    calling.begin_rounds(db, timedelta(minutes=5), NOW)
    died(rt, monkeypatch, "sms")

    def away(*_):
        raise OutOfReach

    monkeypatch.setattr(rt.gateways["fake"], "find", away)
    beat(rt, 0.1)
    assert statuses(rt) == [("sms", 1, "sending")]
