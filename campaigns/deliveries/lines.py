"""All that sending a wave needs besides its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from campaigns import routing, rules
from campaigns.deliveries import wordings
from campaigns.deliveries.script import Script
from campaigns.hours import Hours
from campaigns.model import LINK, STOP, Wave
from campaigns.routes import ROUTES
from campaigns.store import routes as route_store
from campaigns.store import waves as wave_store
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway, Traits


@dataclass(frozen=True)
class Line:
    """Read once, for an opened wave never changes; its limits may, and are looked at with every claim.

    A wave by the routing table has a line for each gateway; what falls to which is looked at with every claim too.
    """

    wave_id: int
    gateway: str
    traits: Traits
    rate: float | None
    hours: Hours
    scripts: tuple[Script, ...] = field(repr=False)
    #: The wave, where every person has a link of their own.
    follows: Wave | None = field(default=None, repr=False)
    #: Of a wave by the routing table: the gateways that can send here; None for a wave with one gateway.
    among: tuple[str, ...] | None = None
    #: Our own address, where every person has an address to stop at.
    stop_base: str | None = None
    #: Whether hardly two people get the same text.
    personal: bool = False

    def script_of(self, row) -> Script:
        """What the reader of a delivery gets."""
        return wordings.of_arm(self.scripts, row.arm)

    @property
    def ignore_quiet_hours(self) -> bool:
        return self.hours.restless

    @property
    def buckets(self) -> dict[str, float]:
        """The allowances every message of the wave counts against: name → messages a second."""
        own = {self.gateway: self.traits.rate, f"wave:{self.wave_id}": self.rate}
        return {name: rate for name, rate in own.items() if rate}


def line(db: Database, wave_id: int, gateways: Mapping[str, Gateway], through: str | None = None) -> Line:
    """Through the wave's gateway; of a wave by the routing table `through` says which one.

    Raises Mistake when there is no such wave or its gateway is not here.
    """
    with db.reading() as c:
        wave = wave_store.get(c, wave_id)
        if wave is None:
            raise Mistake("wave-unknown", id=wave_id)
        scripts = wordings.scripts(c, wave, wave_store.texts(c, wave.version_id))
        routed = wave.gateway == ROUTES
        among = tuple(routing.ready(gateways, routing.names(c, ROUTES))) if routed else None
        planned = routing.traits(c, wave.gateway, gateways)
    gateway = through if routed else wave.gateway
    if gateway not in gateways:
        raise Mistake("gateway-unknown", name=gateway or ROUTES, known=", ".join(gateways))
    traits = gateways[gateway].traits
    if routed:
        # What one gateway cannot tell might go through another the next time, and that one knows of no repeat.
        traits = replace(traits, idempotent=False)
    leaves = traits.leaves_machine or (planned is not None and planned.leaves_machine)
    hours = rules.hours_of(wave, leaves_machine=leaves)
    follows = wave if wave.link_personal and any(script.uses(LINK) for script in scripts) else None
    stop_base = wave.link_base if any(script.uses(STOP) for script in scripts) else None
    personal = wordings.personal(scripts, wave.link_personal)
    return Line(wave.id, gateway, traits, wave.rate, hours, scripts, follows, among, stop_base, personal)


def lines(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> list[Line]:
    """One for each gateway through which something of the wave may go at the moment.

    Raises Mistake when there is no such wave.
    """
    with db.reading() as c:
        wave = wave_store.get(c, wave_id)
        if wave is None:
            raise Mistake("wave-unknown", id=wave_id)
        ways = routing.ways(c, wave.gateway, gateways, now)
    return [line(db, wave_id, gateways, through) for through in ways]


def lines_to_ask(
    db: Database, wave_id: int, gateways: Mapping[str, Gateway], *, unknown_too: bool = False
) -> list[Line]:
    """One for each gateway that has messages of the wave of which nobody knows what became; for a wave with one
    gateway, that one.
    """
    with db.reading() as c:
        wave = wave_store.get(c, wave_id)
        routed = wave is not None and wave.gateway == ROUTES
        ways = route_store.ways_of(c, wave_id, unknown_too=unknown_too) if routed else [None]
    return [line(db, wave_id, gateways, through) for through in ways]
