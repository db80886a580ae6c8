"""What a message says to one person alone, made by us: their own short link, and the address at which they stop."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns import links, stops
from campaigns.deliveries.lines import Line
from campaigns.model import LINK, STOP
from db.engine import Database

Own = Mapping[str, str]


def values(db: Database, line: Line, rows: Sequence, now: datetime) -> Mapping[int, Own]:
    """Contact → placeholder → what stands there, where the wave's texts have such places."""
    if not rows or (line.follows is None and not line.stop_base):
        return {}
    made: dict[int, dict[str, str]] = {row.contact_id: {} for row in rows}
    for contact, link in _links(db, line, rows, now).items():
        made[contact][LINK] = link
    for contact, stop in _stops(db, line, rows, now).items():
        made[contact][STOP] = stop
    return made


def _links(db: Database, line: Line, rows: Sequence, now: datetime) -> Mapping[int, str]:
    if line.follows is None:
        return {}
    with db.transaction() as c:
        codes = links.for_people(c, line.follows, {row.contact_id: row.arm or 0 for row in rows}, now)
    return {contact: links.address(line.follows.link_base or "", code) for contact, code in codes.items()}


def _stops(db: Database, line: Line, rows: Sequence, now: datetime) -> Mapping[int, str]:
    if not line.stop_base:
        return {}
    codes = stops.for_contacts(db, {row.contact_id for row in rows}, now)
    return {contact: stops.address(line.stop_base, code) for contact, code in codes.items()}
