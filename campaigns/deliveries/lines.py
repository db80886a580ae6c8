"""All that sending a wave needs besides its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns import rules
from campaigns.deliveries import wordings
from campaigns.deliveries.script import Script
from campaigns.hours import Hours
from campaigns.model import LINK, Wave
from campaigns.store import waves as wave_store
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway, Traits


@dataclass(frozen=True)
class Line:
    """Read once, for an opened wave never changes; its limits may, and are looked at with every claim."""

    wave_id: int
    gateway: str
    traits: Traits
    rate: float | None
    hours: Hours
    scripts: tuple[Script, ...] = field(repr=False)
    #: The wave, where every person has a link of their own.
    follows: Wave | None = field(default=None, repr=False)

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


def line(db: Database, wave_id: int, gateways: Mapping[str, Gateway]) -> Line:
    """Raises Mistake when there is no such wave or its gateway is not here."""
    with db.reading() as c:
        wave = wave_store.get(c, wave_id)
        if wave is None:
            raise Mistake("wave-unknown", id=wave_id)
        scripts = wordings.scripts(c, wave, wave_store.texts(c, wave.version_id))
    if wave.gateway not in gateways:
        raise Mistake("gateway-unknown", name=wave.gateway, known=", ".join(gateways))
    traits = gateways[wave.gateway].traits
    hours = rules.hours_of(wave, leaves_machine=traits.leaves_machine)
    follows = wave if wave.link_personal and any(script.uses(LINK) for script in scripts) else None
    return Line(wave.id, wave.gateway, traits, wave.rate, hours, scripts, follows)
