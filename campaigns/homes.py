"""Where people are at home whose number is on a list, looked up without their number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from campaigns.places import COMMUNE
from campaigns.store import areas as area_store
from campaigns.store import members as store


@dataclass(frozen=True)
class Home:
    """`area` is the code of a commune, where it is known."""

    area: str | None
    made_up: bool


def homes(c: Connection, indexes: Sequence[bytes]) -> dict[bytes, Home]:
    """The home of those of these people (blind indexes of their numbers) who are contacts."""
    return {bytes(index): Home(area, made_up) for index, area, made_up in store.homes(c, indexes)}


def communes(c: Connection, codes: Collection[str]) -> set[str]:
    """Those of `codes` that are communes or wards of today."""
    return {code for code, level in area_store.levels(c, list(codes)).items() if level == COMMUNE}
