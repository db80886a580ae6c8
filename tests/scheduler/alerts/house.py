"""A house that calls people out: its mail server, its SMS gateway, and its clock."""

import dataclasses
import threading
from datetime import timedelta

from runtime.build import Runtime
from scheduler import alerts
from tests.bots.alerts.making import written
from tests.fakes import FakeGateway
from tests.make import NOW
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
PUBLIC = "https://anlo.nghean.example"
MINE = "+84912345678"


def house(db, post=None, gateway=None, **settings) -> Runtime:
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post.port)} if post else {}
    gateway = gateway or FakeGateway()
    given = {"SMTP_FROM": "anlo@nghean.example", "SMTP_SECURITY": "none", "PUBLIC_URL": PUBLIC, **mail, **settings}
    return a_runtime(db, {gateway.name: gateway}, SMS_GATEWAY=gateway.name, **given)


def later(rt: Runtime, minutes: float) -> Runtime:
    return dataclasses.replace(rt, clock=lambda: NOW + timedelta(minutes=minutes))


def beat(rt: Runtime, minutes: float = 0) -> None:
    """Everything that happens at one beat of the clock."""
    for task in (alerts.call_out, alerts.send_mail):
        task(later(rt, minutes), STOP)


def statuses(rt: Runtime) -> list[tuple]:
    return [(row.channel, row.round, row.status) for row in written(rt.db)]
