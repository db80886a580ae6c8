"""Through which gateway a message goes when its wave goes "by the routing table". Pure.

Of the routes that fit a person (their carrier, the language they read) those with the lowest position come first, and
share them by weight. What a gateway loses because it does not fare well goes to the next position; where there is none,
to the others of its own. So every message of a hundred falls to one gateway at each moment, and which one may change
from claim to claim: a claim takes what falls to its gateway then, so nothing goes out twice and nothing is left behind.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: What stands as the gateway of a wave that goes by the table.
ROUTES = "routes"
#: The languages of readers, as campaigns.store.audience.reader tells them.
READERS = ("vi", "en")
#: Messages are dealt out by the hundred.
WHOLE = 100
#: A message that is tried again falls this much further on, so that it seldom meets the gateway that refused it.
STEP = 37


@dataclass(frozen=True)
class Route:
    """`carrier` and `language` None = any. `weight` is its share among those of the same position."""

    id: int
    position: int
    carrier: str | None
    language: str | None
    gateway: str
    weight: int = 100

    def fits(self, carrier: str | None, language: str) -> bool:
        """`carrier` None = one that no route names."""
        return self.carrier in (None, carrier) and self.language in (None, language)


#: (carrier or None for any that no route names, reader's language)
Kind = tuple[str | None, str]


@dataclass(frozen=True)
class Part:
    """Of the people of a kind, the messages whose turn (0 to 99) is from `first` on and below `end` are `gateway`'s."""

    gateway: str
    first: int
    end: int


def kinds(routes: Iterable[Route]) -> list[Kind]:
    """The kinds of people that the table tells apart."""
    named = sorted({route.carrier for route in routes if route.carrier is not None})
    return [(carrier, language) for carrier in (*named, None) for language in READERS]


def share(routes: Sequence[Route], health: Mapping[str, float]) -> dict[Kind, list[Part]]:
    """What falls to whom. `health`: gateway → 0 (sick) to 1; one that is not in it cannot send at all.

    A kind without a part waits: no gateway of its routes can send now.
    """
    return {kind: _dealt(_shares([route for route in routes if route.fits(*kind)], health)) for kind in kinds(routes)}


def uncovered(routes: Sequence[Route], able: Collection[str] | None = None) -> list[Kind]:
    """The kinds that no route leads to (or none through one of the gateways `able`)."""
    usable = [route for route in routes if able is None or route.gateway in able]
    those = kinds(routes) or [(None, language) for language in READERS]
    return [kind for kind in those if not any(route.fits(*kind) for route in usable)]


def first_choice(parts: Sequence[Part]) -> str | None:
    """The gateway with the largest part; None while there is none."""
    return max(parts, key=lambda part: part.end - part.first).gateway if parts else None


def _shares(fitting: Sequence[Route], health: Mapping[str, float]) -> dict[str, float]:
    """Gateway → share, which need not add up to anything."""
    shares: dict[str, float] = {}
    left = 1.0
    for position in sorted({route.position for route in fitting}):
        level, here = [route for route in fitting if route.position == position], left
        whole = sum(route.weight for route in level)
        for route in level:
            part = here * route.weight / whole * health.get(route.gateway, 0.0)
            shares[route.gateway] = shares.get(route.gateway, 0.0) + part
            left -= part
    return {gateway: part for gateway, part in shares.items() if part > 0}


def _dealt(shares: Mapping[str, float]) -> list[Part]:
    """Shares as whole turns of a hundred; the rounding leaves no turn over."""
    whole, passed, parts, first = sum(shares.values()), 0.0, [], 0
    for gateway, part in shares.items():
        passed += part
        end = round(WHOLE * passed / whole)
        if end > first:
            parts.append(Part(gateway, first, end))
        first = end
    return parts
