"""What the routing table means for a wave: through which gateways it goes now, and at what price.

A wave's gateway is the name of one, or "routes": then each message goes through the gateway it falls to when it is
claimed (campaigns.routes), by the table and by how the gateways fare (campaigns.health) at that moment.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns import health, pacing
from campaigns.prices import ANY, price_of
from campaigns.routes import READERS, ROUTES, Kind, Part, first_choice, share, uncovered
from campaigns.store import allowances
from campaigns.store import prices as price_store
from campaigns.store import routes as store
from db.engine import Database
from messages.errors import Mistake
from sms import numbers
from sms.gateway import Gateway, Traits

#: Carriers as contacts have them: those of our table, and what stands where nobody knows.
CARRIERS = (*numbers.carriers(), "unknown")

Gateways = Mapping[str, Gateway]


@dataclass(frozen=True)
class Standing:
    """How a gateway of the table fares: its `weight` (0 sick to 1) and what pulled it down (campaigns.health); when it
    rests `until` when, and for which error.
    """

    gateway: str
    ready: bool
    weight: float
    why: str | None = None
    until: datetime | None = None
    rests_for: str | None = None


def standing(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> list[Standing]:
    """Every gateway of the table, in its order."""
    with db.reading() as c:
        fares = {row.gateway: row for row in store.health(c)}
        there, stopped = [name for name in names(c, ROUTES) if name in fares], allowances.stopped(c, now)
    able = set(ready(gateways, there))
    return [
        Standing(name, name in able, fares[name].weight, fares[name].why, *stopped.get(name, (None, None)))
        for name in there
    ]


def dealt(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> dict[Kind, list[Part]]:
    """What falls to whom at the moment, by the table."""
    with db.reading() as c:
        return shares(c, ready(gateways, names(c, ROUTES)), now)


def names(c: Connection, gateway: str) -> list[str]:
    """The gateways that a wave through `gateway` may go through."""
    return [gateway] if gateway != ROUTES else list(dict.fromkeys(route.gateway for route in store.every(c)))


def ready(gateways: Gateways, among: Iterable[str]) -> list[str]:
    return [name for name in among if name in gateways and gateways[name].readiness().ready]


def ways(c: Connection, gateway: str, gateways: Gateways, now: datetime) -> list[str]:
    """The gateways through which something of such a wave may go at the moment: ready, not resting, with a share."""
    able, resting = ready(gateways, names(c, gateway)), allowances.stopped(c, now)
    if gateway == ROUTES:
        falling = {part.gateway for parts in shares(c, able, now).values() for part in parts}
        able = [name for name in able if name in falling]
    return [name for name in able if name not in resting]


def shares(c: Connection, able: Collection[str] | None, now: datetime) -> dict[Kind, list[Part]]:
    """What falls to whom now; `able` are the gateways that can send, None = all of the table."""
    weights = health.weights(store.weights(c), allowances.stopped(c, now), now)
    return share(store.every(c), {name: w for name, w in weights.items() if able is None or name in able})


def falls_to(c: Connection, gateway: str, able: Collection[str], now: datetime) -> store.Falling | None:
    """The conditions under which a delivery falls to `gateway` now: none where all do. None while nothing does."""
    return store.falls_to(gateway, shares(c, able, now))


def traits(c: Connection, gateway: str, gateways: Gateways) -> Traits | None:
    """What a plan may reckon with; None when there is no such gateway. Of the table: its gateways together."""
    if gateway != ROUTES:
        return gateways[gateway].traits if gateway in gateways else None
    there = [name for name in names(c, gateway) if name in gateways]
    each = [gateways[name].traits for name in ready(gateways, there) or there]
    if not each:
        return None
    rate = sum(pacing.speed(one) for one in each)
    at_once = sum(one.concurrency * one.recipients_per_call for one in each)
    return Traits(rate=rate, concurrency=at_once, leaves_machine=any(one.leaves_machine for one in each))


def traits_of(db: Database, gateway: str, gateways: Gateways) -> Traits | None:
    """As `traits`."""
    with db.reading() as c:
        return traits(c, gateway, gateways)


def required(c: Connection, gateway: str, gateways: Gateways) -> Traits:
    """As `traits`. Raises Mistake: gateway-unknown, routes-missing (the table leads some people nowhere)."""
    check_leads(c, gateway)
    found = traits(c, gateway, gateways)
    if found is None:
        raise Mistake("gateway-unknown", name=gateway, known=", ".join(gateways))
    return found


def reckonable(c: Connection, gateway: str, gateways: Gateways) -> bool:
    """Whether `required` finds something to reckon with."""
    return traits(c, gateway, gateways) is not None and (gateway != ROUTES or not uncovered(store.every(c)))


def checked(db: Database, gateways: Gateways) -> str:
    """The name of the table, where it can be used here. Raises Mistake: routes-missing, gateway-not-ready."""
    with db.reading() as c:
        check_leads(c, ROUTES)
        there = names(c, ROUTES)
    if not ready(gateways, there):
        missing = [each for name in there if name in gateways for each in gateways[name].readiness().missing]
        raise Mistake("gateway-not-ready", name=", ".join(there), missing=", ".join(missing))
    return ROUTES


def check_leads(c: Connection, gateway: str) -> None:
    """Raises Mistake: routes-missing, where a wave goes by a table that leads some people nowhere."""
    if gateway == ROUTES and uncovered(store.every(c)):
        raise Mistake("routes-missing")


def leads(c: Connection, gateway: str, gateways: Gateways) -> bool:
    """Whether a wave through `gateway` can begin here: some gateway is ready, and everybody is led somewhere."""
    there = gateway != ROUTES or not uncovered(store.every(c))
    return there and bool(ready(gateways, names(c, gateway)))


def first_for(c: Connection, gateway: str, now: datetime, able: Collection[str] | None = None) -> Callable[[str], str]:
    """Carrier → the gateway that most of its people's messages fall to; while none can send, as if all could."""
    if gateway != ROUTES:
        return lambda carrier: gateway
    table = store.every(c)
    each = (shares(c, able, now), share(table, {route.gateway: 1.0 for route in table}))

    def first(carrier: str) -> str:
        parts = (dealt.get((carrier, READERS[0]), dealt.get((None, READERS[0]), ())) for dealt in each)
        return next(filter(None, map(first_choice, parts)), gateway)

    return first


def prices_of(db: Database, gateway: str, gateways: Gateways, now: datetime) -> dict[str, int]:
    """As `prices_on`, today and with the gateways that are ready here."""
    with db.reading() as c:
        return prices_on(c, gateway, now, now, ready(gateways, names(c, gateway)))


def prices_on(
    c: Connection, gateway: str, moment: datetime, now: datetime, able: Collection[str] | None = None
) -> dict[str, int]:
    """Carrier → VND per segment at `moment`, through the gateway that its messages fall to first now."""
    day = pacing.day_of(moment)
    if gateway != ROUTES:
        return price_store.on(c, gateway, day)
    first, known = first_for(c, gateway, now, able), {name: price_store.on(c, name, day) for name in names(c, gateway)}
    each = {carrier: price_of(carrier, known.get(first(carrier), {})) for carrier in CARRIERS}
    found = {carrier: vnd for carrier, vnd in each.items() if vnd is not None}
    other = known.get(first(""), {}).get(ANY)
    return found | ({ANY: other} if other is not None and len(found) == len(CARRIERS) else {})
