"""Statements about comparisons of wordings and what came of each."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, func, insert, select, update

from campaigns.model import DeliveryStatus
from campaigns.store.deliveries import stands
from db.tables import contacts, conversations, deliveries, experiments, optouts, turns, waves

S = DeliveryStatus
#: Handed over, whatever the phone said afterwards.
_SENT = (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED)


def put(c: Connection, wave_id: int, row: Mapping[str, object]) -> None:
    remove(c, wave_id)
    c.execute(insert(experiments).values(wave_id=wave_id, **row))


def remove(c: Connection, wave_id: int) -> bool:
    return bool(c.execute(delete(experiments).where(experiments.c.wave_id == wave_id)).rowcount)


#: The first arm is the wave's own wording, whatever the plan says since.
_WITH_WAVE = select(experiments, waves.c.version_id, waves.c.form).join(waves)


def get(c: Connection, wave_id: int):
    return c.execute(_WITH_WAVE.where(experiments.c.wave_id == wave_id)).first()


def others(c: Connection, wave_id: int) -> list[tuple[int, str]]:
    """(version id, form) of every wording beside the wave's own."""
    row = get(c, wave_id)
    return [(arm["version"], arm["form"]) for arm in json.loads(row.arms)[1:]] if row else []


def arms(c: Connection, wave_id: int) -> int:
    """How many wordings the wave has."""
    return 1 + len(others(c, wave_id))


def change(c: Connection, wave_id: int, **values: object) -> None:
    c.execute(update(experiments).where(experiments.c.wave_id == wave_id).values(**values))


def unfinished(c: Connection) -> list:
    """Comparisons of opened waves that are not over."""
    going = experiments.c.status.in_(("planned", "running"))
    return list(c.execute(_WITH_WAVE.where(going, waves.c.opened_at.is_not(None))))


def people(c: Connection, wave_id: int, until: datetime, arms: int) -> tuple[list[int], list[int]]:
    """By arm: everybody handed a message, and those handed it `until` then."""
    sent, complete = [0] * arms, [0] * arms
    early = func.sum(case((deliveries.c.sent_at <= until, 1), else_=0))
    counted = (
        select(deliveries.c.arm, func.count(), early)
        .where(deliveries.c.wave_id == wave_id, deliveries.c.arm.is_not(None), deliveries.c.status.in_(_SENT))
        .group_by(deliveries.c.arm)
    )
    for arm, n, over in c.execute(counted):
        sent[arm], complete[arm] = n, int(over or 0)
    return sent, complete


_OF_WAVE = (deliveries.c.arm.is_not(None), deliveries.c.status.in_(_SENT), deliveries.c.sent_at.is_not(None))


def replied(c: Connection, wave_id: int) -> Iterator:
    """(arm, sent, first word after it) of people who wrote back by SMS and did not ask to be left alone."""
    out = select(optouts.c.person_index).where(optouts.c.person_index == contacts.c.number_index).exists()
    statement = (
        select(deliveries.c.arm, deliveries.c.sent_at, func.min(turns.c.at, type_=turns.c.at.type))
        .select_from(conversations)
        .join(contacts, contacts.c.number_index == conversations.c.person_index)
        .join(deliveries, and_(deliveries.c.contact_id == contacts.c.id, deliveries.c.wave_id == wave_id))
        .join(turns, and_(turns.c.conversation_id == conversations.c.id, turns.c.direction == "in",
                          turns.c.at >= deliveries.c.sent_at))
        .where(conversations.c.platform == "sms", *_OF_WAVE, ~out)
        .group_by(deliveries.c.id, deliveries.c.arm, deliveries.c.sent_at)
    )
    return iter(c.execute(statement))


def opted_out(c: Connection, wave_id: int) -> Iterator:
    """(arm, sent, opted out) of people who opted out after they were written to."""
    statement = (
        select(deliveries.c.arm, deliveries.c.sent_at, optouts.c.at)
        .select_from(optouts)
        .join(contacts, contacts.c.number_index == optouts.c.person_index)
        .join(deliveries, and_(deliveries.c.contact_id == contacts.c.id, deliveries.c.wave_id == wave_id))
        .where(*_OF_WAVE, optouts.c.at >= deliveries.c.sent_at)
    )
    return iter(c.execute(statement))


def move_queued(c: Connection, wave_id: int, arm: int, to: int) -> int:
    """Who waits for wording `arm` gets wording `to`; how many."""
    waiting = update(deliveries).where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), deliveries.c.arm == arm)
    return c.execute(waiting.values(arm=to)).rowcount
