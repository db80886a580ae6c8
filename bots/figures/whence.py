"""Where somebody who writes is at home, and after which wave they write: what their question counts for."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row

from bots.platform import SMS
from campaigns import homes, responses


@dataclass(frozen=True)
class Whence:
    """`area`: their commune. `wave_id`: the newest wave they had got within the week before. None where unknown."""

    area: str | None = None
    wave_id: int | None = None


def of(c: Connection, asked: Row) -> Whence:
    """Whose number is on a list is at home where the list says, others where the poster is that they came by."""
    area = wave_id = None
    person = bytes(asked.person_index)
    if asked.platform in SMS and (home := homes.homes(c, [person]).get(person)):
        area, wave_id = home.area, responses.wave_of(c, person, asked.at)
    if area is None and asked.came_by:
        area = next(iter(homes.communes(c, [asked.came_by])), None)
    return Whence(area, wave_id)
