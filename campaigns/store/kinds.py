"""Statements that count people by kind, and what is kept of such counts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, or_, select, update

from campaigns.kinds import Homes, Kinds, dumped, from_rows
from campaigns.places import COMMUNE, FORMER_DISTRICT
from db.new_rows import insert_into
from db.tables import areas, contacts, keepsakes, list_members, lists, optouts
from db.types import utc_text

_KIND = (
    contacts.c.area,
    contacts.c.former_district,
    contacts.c.language,
    contacts.c.carrier,
    contacts.c.source,
    contacts.c.made_up,
)
_NAME = "contacts.kinds"
#: New people counted in one transaction, some 0.2 s: nobody waits long behind it.
BATCH = 100_000


@dataclass(frozen=True)
class Kept:
    """A list's people by kind as they stood when `people` were on it, `gone` had left and the newest had joined at
    `newest`; `until` somebody's membership ends by itself. `opted_out` and `dead` are of that moment.
    """

    people: int
    gone: int
    newest: str | None
    until: str | None
    opted_out: int
    dead: int
    kinds: Kinds

    def holds(self, row: Row, now: datetime) -> bool:
        """Whether the list (its row) has the same people still."""
        newest = row.newest_at and utc_text(row.newest_at)
        same = (self.people, self.gone, self.newest) == (row.people, row.gone, newest)
        return same and (self.until is None or utc_text(now) < self.until)


def homes(c: Connection, codes: Sequence[str]) -> Homes:
    """The places that the codes of communes, former districts and provinces stand for."""
    columns = areas.c.code, areas.c.level, areas.c.province, areas.c.former_district
    near = or_(areas.c.code.in_(codes), areas.c.province.in_(codes), areas.c.former_district.in_(codes))
    rows = c.execute(select(*columns).where(near, areas.c.level.in_((COMMUNE, FORMER_DISTRICT)))).all()
    named = [row for row in rows if row.code in codes or row.province in codes]
    return Homes(
        communes=frozenset(row.code for row in named if row.level == COMMUNE),
        districts=frozenset(row.code for row in named if row.level == FORMER_DISTRICT),
        came_out=frozenset(row.code for row in rows if row.level == COMMUNE and row.former_district in codes),
    )


def of_members(c: Connection, belong: ColumnElement[bool]) -> Kinds:
    """People by the rows of list_members that `belong` picks: it must not pick two of one person."""
    people = list_members.join(contacts, contacts.c.id == list_members.c.contact_id)
    return _counted(c, select(*_KIND, func.count()).select_from(people).where(belong))


def of_everybody(c: Connection) -> Kinds:
    """Everybody there is: what is kept, and who came since."""
    kinds, last = _kept(c)
    return kinds + _counted(c, select(*_KIND, func.count()).where(contacts.c.id > last))


def keep_everybody(c: Connection) -> bool:
    """Adds up to BATCH of those who came since to what is kept; whether there are more."""
    kinds, last = _kept(c)
    newest = select(contacts.c.id).where(contacts.c.id > last).order_by(contacts.c.id).limit(BATCH).subquery()
    upto, found = c.execute(select(func.max(newest.c.id), func.count())).one()
    if not found:
        return False
    kinds += _counted(c, select(*_KIND, func.count()).where(contacts.c.id > last, contacts.c.id <= upto))
    value = dumped(kinds, last=upto).encode()
    statement = insert_into(c, keepsakes).values(name=_NAME, value=value)
    c.execute(statement.on_conflict_do_update(index_elements=[keepsakes.c.name], set_={"value": value}))
    return found == BATCH


def forget(c: Connection) -> None:
    """Nothing that is kept holds any more: somebody's kind changed, or somebody is gone from the tables."""
    c.execute(delete(keepsakes).where(keepsakes.c.name == _NAME))
    c.execute(update(lists).where(lists.c.figures.is_not(None)).values(figures=None))


def forget_list(c: Connection, list_id: int) -> None:
    """What is kept of the list does not hold any more, though nobody joined or left."""
    c.execute(update(lists).where(lists.c.id == list_id).values(figures=None))


def kept_of(c: Connection, list_id: int) -> Kept | None:
    words = c.execute(select(lists.c.figures).where(lists.c.id == list_id)).scalar_one_or_none()
    return words and _read(json.loads(words))


def keep(c: Connection, list_id: int, kept: Kept, now: datetime) -> None:
    words = dumped(
        kept.kinds, people=kept.people, gone=kept.gone, newest=kept.newest, until=kept.until,
        opted_out=kept.opted_out, dead=kept.dead,
    )  # fmt: skip
    c.execute(update(lists).where(lists.c.id == list_id).values(figures=words, figures_at=now))


def look(c: Connection, row: Row, on_list: ColumnElement[bool], now: datetime | None = None) -> Kept:
    """Counts the people of a list (its row) whom `on_list` picks. Two seconds for a million. With `now` it also says
    until when that may be kept.
    """
    ends = now and _first_end(c, row.id, now)
    return Kept(
        people=row.people,
        gone=row.gone,
        newest=row.newest_at and utc_text(row.newest_at),
        until=ends and utc_text(ends),
        kinds=of_members(c, on_list),
        **unreachable(c, on_list),
    )


def unreachable(c: Connection, on_list: ColumnElement[bool]) -> dict[str, int]:
    """How many people on the list opted out, and how many have a dead number: what changes while nobody comes or
    goes.
    """
    return {
        "opted_out": _how_many(c, on_list, contacts.c.number_index.in_(select(optouts.c.person_index))),
        "dead": _how_many(c, on_list, contacts.c.dead),
    }


def _first_end(c: Connection, list_id: int, now: datetime) -> datetime | None:
    mine = list_members.c.list_id == list_id, list_members.c.expires_at > now
    return c.execute(select(func.min(list_members.c.expires_at)).where(*mine)).scalar_one()


def _how_many(c: Connection, on_list: ColumnElement[bool], condition: ColumnElement[bool]) -> int:
    member = exists().where(list_members.c.contact_id == contacts.c.id, on_list).correlate(contacts)
    return c.execute(select(func.count()).select_from(contacts).where(condition, member)).scalar_one()


def _kept(c: Connection) -> tuple[Kinds, int]:
    value = c.execute(select(keepsakes.c.value).where(keepsakes.c.name == _NAME)).scalar_one_or_none()
    if value is None:
        return Kinds(), 0
    found = json.loads(value)
    return from_rows(found["kinds"]), found["last"]


def _read(found: Mapping[str, object]) -> Kept:
    return Kept(**{**found, "kinds": from_rows(found["kinds"])})


def _counted(c: Connection, statement) -> Kinds:
    return from_rows(c.execute(statement.group_by(*_KIND)))
