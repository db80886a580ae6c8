"""Statements about what people did within a week of getting a wave, and about the days on which they opted out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from campaigns.model import DeliveryStatus
from campaigns.store import adding
from campaigns.store.bulk import marks
from campaigns.store.figures import HOUR_LETTERS
from db.new_rows import insert_into
from db.tables import (
    contacts,
    conversations,
    deliveries,
    optout_days,
    optouts,
    response_counts,
    responses,
    turns,
    waves,
)

S = DeliveryStatus
#: It is in their hands, as far as anybody can tell.
_GOT = (S.SENDING, S.ACCEPTED, S.DELIVERED, S.UNKNOWN)


class Got(NamedTuple):
    """The newest wave that somebody got, and the commune it was sent to."""

    wave_id: int
    contact_id: int
    area: str | None


def newest(c: Connection, person_index: bytes, since: datetime, until: datetime) -> Got | None:
    """Of those handed over after `since`, at `until` at the latest."""
    statement = (
        select(deliveries.c.wave_id, deliveries.c.contact_id, deliveries.c.area)
        .join(contacts, contacts.c.id == deliveries.c.contact_id)
        .where(contacts.c.number_index == person_index, deliveries.c.sent_at > since, deliveries.c.sent_at <= until)
        .where(deliveries.c.status.in_(_GOT))
        .order_by(deliveries.c.sent_at.desc())
        .limit(1)
    )
    row = c.execute(statement).first()
    return row and Got(*row)


def note(c: Connection, got: Got, kind: str, at: datetime) -> bool:
    """Whether it is the first time."""
    values = {"wave_id": got.wave_id, "contact_id": got.contact_id, "area": got.area, "kind": kind, "at": at}
    added = insert_into(c, responses).values(values).on_conflict_do_nothing().returning(responses.c.wave_id)
    return c.execute(added).first() is not None


#: (wave id, area or "", kind)
Response = tuple[int, str, str]
#: (day, area or "", channel)
Day = tuple[str, str, str]


def count(c: Connection, changes: Mapping[Response, int]) -> None:
    """Adds each change to its count; sorted, as everybody locks them."""
    adding.add(c, response_counts, [(*key, n) for key, n in sorted(changes.items()) if n])


def count_days(c: Connection, changes: Mapping[Day, int]) -> None:
    adding.add(c, optout_days, [(*key, n) for key, n in sorted(changes.items()) if n])


def areas(c: Connection, indexes: Sequence[bytes]) -> dict[bytes, str]:
    """The communes of those people who are contacts and whose commune is known."""
    if not indexes:
        return {}
    words = "SELECT number_index, area FROM contacts WHERE area IS NOT NULL AND number_index IN ({})"
    found = c.exec_driver_sql(words.format(marks(c, len(indexes))), tuple(indexes))
    return {bytes(index): area for index, area in found}


def of_wave(c: Connection, wave_id: int) -> Iterator:
    """(area, kind, n)"""
    statement = select(response_counts.c.area, response_counts.c.kind, response_counts.c.n)
    return iter(c.execute(statement.where(response_counts.c.wave_id == wave_id, response_counts.c.n > 0)))


def of_opened(c: Connection, start: datetime, end: datetime) -> Iterator:
    """(wave id, area, kind, n) of all waves opened from `start` on and before `end`."""
    columns = (response_counts.c.wave_id, response_counts.c.area, response_counts.c.kind, response_counts.c.n)
    statement = select(*columns).join(waves, waves.c.id == response_counts.c.wave_id)
    return iter(c.execute(statement.where(waves.c.opened_at >= start, waves.c.opened_at < end, columns[-1] > 0)))


def opted_out(c: Connection, first: str, last: str, channel_but: str) -> Iterator:
    """(area, n) on the days from `first` to `last`, in whatever channel but this one."""
    day, area, n = optout_days.c.day, optout_days.c.area, func.sum(optout_days.c.n)
    those = (day >= first, day <= last, optout_days.c.channel != channel_but)
    return iter(c.execute(select(area, n).where(*those).group_by(area).having(n > 0)))


# -- counting anew


def stored(c: Connection) -> dict[Response, int]:
    return {tuple(row[:3]): row.n for row in c.execute(select(response_counts).where(response_counts.c.n != 0))}


def recount(c: Connection) -> dict[Response, int]:
    """What the counts should say, from what people did."""
    area = func.coalesce(responses.c.area, "")
    grouped = select(responses.c.wave_id, area, responses.c.kind, func.count())
    counted = c.execute(grouped.group_by(responses.c.wave_id, area, responses.c.kind))
    return {tuple(row[:3]): row[3] for row in counted}


def stored_days(c: Connection) -> dict[Day, int]:
    return {tuple(row[:3]): row.n for row in c.execute(select(optout_days).where(optout_days.c.n != 0))}


def standing(c: Connection) -> Iterator:
    """The opt-outs there are: (hour of UTC as figures.hour_of writes it, area or "", channel, n)."""
    beside = optouts.outerjoin(contacts, contacts.c.number_index == optouts.c.person_index)
    hour = func.substr(optouts.c.at, 1, HOUR_LETTERS)
    by = (hour, func.coalesce(contacts.c.area, ""), optouts.c.channel)
    return iter(c.execute(select(*by, func.count()).select_from(beside).group_by(*by)))


def told(c: Connection, channel_but: str, reason_but: str, after: bytes, limit: int) -> list:
    """Opt-outs of people on our lists, by key, in whatever channel and for whatever reason but these: (key,
    person_index, at).
    """
    person = optouts.c.person_index
    those = (
        select(person.label("key"), person, optouts.c.at)
        .join(contacts, contacts.c.number_index == person)
        .where(person > after, optouts.c.reason != reason_but, optouts.c.channel != channel_but)
    )
    return list(c.execute(those.order_by(person).limit(limit)))


def written(c: Connection, platforms: Sequence[str], after: int, limit: int) -> list:
    """What people on our lists wrote on these platforms, in its order: (key, person_index, at)."""
    statement = (
        select(turns.c.id.label("key"), conversations.c.person_index, turns.c.at)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .join(contacts, contacts.c.number_index == conversations.c.person_index)
        .where(turns.c.id > after, turns.c.direction == "in", conversations.c.platform.in_(platforms))
    )
    return list(c.execute(statement.order_by(turns.c.id).limit(limit)))
