"""The routing table as officers keep it: which gateway carries whose messages, and in which order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.model import actor
from campaigns.routes import READERS, Route, uncovered
from campaigns.routing import CARRIERS
from campaigns.store import allowances
from campaigns.store import routes as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: Positions and weights: more is a slip of the finger.
MOST = 1000
#: More routes than this nobody looks through.
MOST_ROUTES = 100


def every(db: Database) -> list[Route]:
    """In the order in which routes are asked."""
    with db.reading() as c:
        return store.every(c)


def put(
    db: Database, route_id: int | None = None, *, position: int, gateway: str, carrier: str | None = None,
    language: str | None = None, weight: int = 100, known: Collection[str], by: int | None, now: datetime,
) -> int:
    """Adds a route, or changes the one called `route_id`; its id. `known` are the gateways there are.

    Raises Mistake: gateway-unknown, route-carrier-wrong, route-wrong (position, weight, language), route-twice,
    routes-many, route-unknown, routes-in-use.
    """
    row = {"position": position, "carrier": carrier, "language": language, "gateway": gateway, "weight": weight}
    _check(row, known)
    with db.transaction() as c:
        there = store.locked(c)
        others = [route for route in there if route.id != route_id]
        if route_id is not None and len(others) == len(there):
            raise Mistake("route-unknown", id=route_id)
        if any(all(getattr(route, name) == row[name] for name in row if name != "weight") for route in others):
            raise Mistake("route-twice")
        if len(others) >= MOST_ROUTES:
            raise Mistake("routes-many", most=MOST_ROUTES)
        _check_leads_on(c, there, [*others, Route(0, **row)])
        if route_id is None:
            route_id = store.add(c, row)
        else:
            store.change(c, route_id, row)
        _settle(c, now)
        _note(c, "routes.put", route_id, row, by, now)
    return route_id


def remove(db: Database, route_id: int, *, by: int | None, now: datetime) -> None:
    """Raises Mistake: route-unknown, routes-in-use (somebody of a wave under way would be led nowhere)."""
    with db.transaction() as c:
        there = store.locked(c)
        gone = next((route for route in there if route.id == route_id), None)
        if gone is None:
            raise Mistake("route-unknown", id=route_id)
        _check_leads_on(c, there, [route for route in there if route.id != route_id])
        store.remove(c, route_id)
        _settle(c, now)
        detail = {name: value for name, value in vars(gone).items() if name != "id"}
        _note(c, "routes.remove", route_id, detail, by, now)


def _note(c: Connection, action: str, route_id: int, row: Mapping[str, object], by: int | None, now: datetime) -> None:
    audit.record(c, at=now, actor=actor(by), action=action, object=f"route:{route_id}", detail=dict(row))


def _check(row: Mapping[str, object], known: Collection[str]) -> None:
    if row["gateway"] not in known:
        raise Mistake("gateway-unknown", name=row["gateway"], known=", ".join(known))
    if row["carrier"] is not None and row["carrier"] not in CARRIERS:
        raise Mistake("route-carrier-wrong", carrier=row["carrier"])
    fine = 1 <= row["position"] <= MOST and 1 <= row["weight"] <= MOST and row["language"] in (None, *READERS)
    if not fine:
        raise Mistake("route-wrong", most=MOST)


def _check_leads_on(c: Connection, before: Sequence[Route], after: Sequence[Route]) -> None:
    """No change may strand the messages of a wave under way."""
    if uncovered(after) and not uncovered(before) and (wave_id := store.unfinished(c)) is not None:
        raise Mistake("routes-in-use", id=wave_id)


def _settle(c: Connection, now: datetime) -> None:
    """Every gateway of the table has a health, and no other."""
    names = sorted({route.gateway for route in store.every(c)})
    for name in names:
        store.begin(c, name, now)
    store.forget_others(c, names)


def try_again(db: Database, gateway: str, *, by: int | None, now: datetime) -> None:
    """A gateway that rests may be tried at once, because somebody has mended what was wrong."""
    with db.transaction() as c:
        allowances.go_on(c, gateway)
        audit.record(c, at=now, actor=actor(by), action="routes.try", object=f"gateway:{gateway}", detail={})
