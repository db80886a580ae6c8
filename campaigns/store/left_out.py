"""Who of an audience is left out for something that is not a matter of their kind: one statement over ids.

Ids are all that is compared until each person stands there once with their first reason; only then is it asked whether
they are in the audience at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from campaigns.model import DAILY_LIMIT, Skip
from campaigns.store import audience as store
from db.tables import contacts, deliveries, list_members, optouts, wave_counts, waves

#: The reasons looked for here, in the order of campaigns.model.Skip.
_REASONS = (
    Skip.OPTED_OUT,
    Skip.DEAD,
    Skip.EXCLUDED_LIST,
    Skip.EXCLUDED_WAVE,
    Skip.RECENTLY,
    Skip.DAILY_LIMIT,
)


@dataclass(frozen=True)
class Flags:
    """What else has to be known of the people found: whether they are made up, whether they read one of `mute`."""

    made_up: bool = False
    mute: frozenset[str] | set[str] = frozenset()


@dataclass(frozen=True)
class Found:
    why: Skip
    made_up: bool
    mute: bool
    people: int


def found(c: Connection, audience: Mapping[str, object], flags: Flags, now: datetime) -> list[Found]:
    """How many of the audience are left out for which reason, each for their first one. Flags that were not asked for
    are False.
    """
    arms = [ids.add_columns(literal(_REASONS.index(why)).label("why")) for why, ids in _each(c, audience, now)]
    every = union_all(*arms).subquery("every")
    first = select(every.c.id, func.min(every.c.why).label("why")).group_by(every.c.id).subquery("first")
    people, conditions = _within(audience, flags, first, now)
    columns = [first.c.why]
    if flags.made_up:
        columns.append(contacts.c.made_up)
    if flags.mute:
        columns.append(store.reader().in_(flags.mute).label("mute"))
    grouped = select(*columns, func.count().label("people")).select_from(people).where(*conditions).group_by(*columns)
    nothing = {"made_up": False, "mute": False}
    rows = ({**nothing, **row} for row in c.execute(grouped).mappings())
    return [Found(_REASONS[row["why"]], bool(row["made_up"]), bool(row["mute"]), row["people"]) for row in rows]


def _within(
    audience: Mapping[str, object], flags: Flags, first: FromClause, now: datetime
) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """The people found, beside their contact where something is asked of it; and what makes them of the audience."""
    conditions = list(store.of_kind(audience))
    people = first
    if conditions or flags.made_up or flags.mute:
        people = first.join(contacts, contacts.c.id == first.c.id)
    if ids := audience.get("lists"):
        on_list = store.on_lists(audience, ids, now)
        conditions.append(exists().where(list_members.c.contact_id == first.c.id, on_list).correlate(first))
    return people, conditions


def _each(c: Connection, audience: Mapping[str, object], now: datetime) -> Iterator[tuple[Skip, Select]]:
    """Each reason with the ids of the people it is about, in the audience or not."""
    person, excluded = select(contacts.c.id.label("id")), audience.get("except", {})
    yield Skip.OPTED_OUT, person.where(contacts.c.number_index.in_(select(optouts.c.person_index)))
    yield Skip.DEAD, person.where(contacts.c.dead)
    if ids := excluded.get("lists"):
        yield Skip.EXCLUDED_LIST, select(list_members.c.contact_id.label("id")).where(store.still_on(ids, now))
    if ids := excluded.get("waves"):
        yield Skip.EXCLUDED_WAVE, store.reached_by(ids)
    if days := excluded.get("messaged_days"):
        yield from _messaged(c, Skip.RECENTLY, now - timedelta(days=days), 1)
    if store.limit_matters(c, 0, now):
        yield from _messaged(c, Skip.DAILY_LIMIT, store.since(now), DAILY_LIMIT)


def _messaged(c: Connection, why: Skip, since: datetime, least: int) -> Iterator[tuple[Skip, Select]]:
    """Who got at least so many messages since then: looked for among the messages of recent waves, or, where those
    are more than there are people, person by person.
    """
    ids = _recent_waves(c, since)
    if not ids:
        return
    messages = c.execute(select(func.sum(wave_counts.c.n)).where(wave_counts.c.wave_id.in_(ids))).scalar_one() or 0
    if messages > (c.execute(select(func.max(contacts.c.id))).scalar_one() or 0):
        yield why, select(contacts.c.id.label("id")).where(store.messaged_since(since, least))
        return
    person = deliveries.c.contact_id
    sent = select(person.label("id")).where(deliveries.c.wave_id.in_(ids), deliveries.c.sent_at > since)
    yield why, sent if least == 1 else sent.group_by(person).having(func.count() >= least)


def _recent_waves(c: Connection, since: datetime) -> list[int]:
    """Whose messages may have gone out since then; one that ended counts an hour longer, as in `limit_matters`."""
    lately = or_(waves.c.finished_at.is_(None), waves.c.finished_at > since - timedelta(hours=1))
    return list(c.execute(select(waves.c.id).where(waves.c.opened_at.is_not(None), lately)).scalars())
