"""Who is held back, as a condition on contacts; and what a control group and the others did, counted and kept."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, func, literal, select

from campaigns.controls import PRIME, Draw
from campaigns.model import DeliveryStatus, Skip
from db.new_rows import insert_into
from db.tables import contacts, control_looks, conversations, deliveries, optouts, turns, waves

_HELD = and_(deliveries.c.status == DeliveryStatus.SKIPPED, deliveries.c.reason == Skip.CONTROL)


def held_back(draw: Draw) -> ColumnElement[bool]:
    """As Draw.holds_back. Each step stays below 2⁶³."""
    person = contacts.c.id % _number(PRIME)
    found: ColumnElement = _number(draw.coefficients[0])
    for coefficient in draw.coefficients[1:]:
        found = (found * person + _number(coefficient)) % _number(PRIME)
    return found < _number(draw.below)


def _number(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def wrote(c: Connection, wave_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """How many wrote by SMS in that time and did not ask to be left alone: of those who were to get the wave, and of
    those held back. Looks at the conversations that were alive since then, not at the wave's people.
    """
    out = select(optouts.c.person_index).where(optouts.c.person_index == contacts.c.number_index).exists()
    word = (
        select(turns.c.id)
        .where(turns.c.conversation_id == conversations.c.id, turns.c.direction == "in", turns.c.at >= since,
               turns.c.at < until)
        .exists()
    )
    held = case((_HELD, 1), else_=0)
    row = c.execute(
        select(func.count(), func.sum(held))
        .select_from(conversations)
        .join(contacts, contacts.c.number_index == conversations.c.person_index)
        .join(deliveries, and_(deliveries.c.contact_id == contacts.c.id, deliveries.c.wave_id == wave_id))
        .where(conversations.c.platform == "sms", conversations.c.last_at >= since, word, ~out)
        .where((deliveries.c.status != DeliveryStatus.SKIPPED) | _HELD)
    ).one()
    of_held = int(row[1] or 0)
    return row[0] - of_held, of_held


def keep(c: Connection, wave_id: int, **values: object) -> None:
    """In place of the look before."""
    statement = insert_into(c, control_looks).values(wave_id=wave_id, **values)
    new = {name: statement.excluded[name] for name in values}
    c.execute(statement.on_conflict_do_update(index_elements=[control_looks.c.wave_id], set_=new))


def kept(c: Connection, wave_id: int):
    return c.execute(select(control_looks).where(control_looks.c.wave_id == wave_id)).first()


def unfinished(c: Connection) -> list:
    """(wave id, opened, finished or None, last look or None) of waves with a control group whose last look is to come.
    """
    looked = control_looks.c
    columns = (waves.c.id, waves.c.opened_at, waves.c.finished_at, looked.at)
    statement = (
        select(*columns)
        .select_from(waves.outerjoin(control_looks, looked.wave_id == waves.c.id))
        .where(waves.c.control.is_not(None), waves.c.opened_at.is_not(None), looked.final.is_not(True))
    )
    return list(c.execute(statement.order_by(waves.c.id)))
