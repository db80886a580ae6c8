"""A wave by the routing table, its claims and its answers, for the tests that tell of them."""

from collections import Counter

from sqlalchemy import select, update

from campaigns import deliveries, route_table, waves
from db.tables import deliveries as rows
from db.tables import gateway_health
from sms.gateway import Outcome
from tests import make
from tests.fakes import FakeGateway


def three_gateways() -> dict[str, FakeGateway]:
    """`c` leads out of this machine."""
    return {"a": FakeGateway("a", rate=50_000.0), "b": FakeGateway("b"), "c": FakeGateway("c", leaves_machine=True)}


def route(db, gateways, now, gateway, position=1, **row):
    route_table.put(db, position=position, gateway=gateway, known=gateways, by=None, now=now, **row)


def opened(db, gateways, now, **options) -> int:
    wave_id = make.a_wave(db, gateway="routes", **options)
    waves.open_due(db, gateways, now)
    return wave_id


def weigh(db, **weights):
    with db.transaction() as c:
        for name, weight in weights.items():
            c.execute(update(gateway_health).where(gateway_health.c.gateway == name).values(weight=weight))


def through(db, gateways, wave_id, name) -> deliveries.Line:
    return deliveries.line(db, wave_id, gateways, name)


def claim(db, line, now, limit=1000, worker="w"):
    return deliveries.claim(db, line, worker=worker, limit=limit, now=now)


def record(db, line, claimed, now, answer=None, worker="w"):
    results = [(each, answer or Outcome.accepted(f"{line.gateway}-{each.id}")) for each in claimed]
    return deliveries.record(
        db, gateway=line.gateway, worker=worker, results=results, now=now, chance=lambda: 0.0, find_after=0.0
    )


def ways(db, wave_id) -> Counter:
    with db.reading() as c:
        return Counter(c.execute(select(rows.c.gateway).where(rows.c.wave_id == wave_id)).scalars())
