"""Statements about campaigns: their row, the order of their waves, what they have spent."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from campaigns.model import WaveStatus
from db.tables import campaigns, message_versions, messages, series, spending, wave_previews, waves


def add(c: Connection, row: Mapping[str, object]) -> int:
    return c.execute(insert(campaigns).values(**row).returning(campaigns.c.id)).scalar_one()


def change(c: Connection, campaign_id: int, **values: object) -> None:
    c.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(**values))


def get(c: Connection, campaign_id: int, *, lock: bool = False) -> Mapping[str, object] | None:
    statement = select(campaigns).where(campaigns.c.id == campaign_id)
    return c.execute(statement.with_for_update(key_share=True) if lock else statement).mappings().first()


def id_of(c: Connection, name: str) -> int | None:
    return c.execute(select(campaigns.c.id).where(campaigns.c.name == name)).scalar_one_or_none()


def every(c: Connection) -> list[Mapping[str, object]]:
    """Open ones first, the newest first."""
    ordered = select(campaigns).order_by(campaigns.c.closed_at.is_not(None), campaigns.c.id.desc())
    return list(c.execute(ordered).mappings())


def wave_ids(c: Connection, campaign_id: int) -> list[int]:
    """In the order of the campaign; those that were given no place come last."""
    order = waves.c.position == 0, waves.c.position, waves.c.id
    ordered = select(waves.c.id).where(waves.c.campaign_id == campaign_id).order_by(*order)
    return list(c.execute(ordered).scalars())


def next_position(c: Connection, campaign_id: int) -> int:
    last = select(func.coalesce(func.max(waves.c.position), 0)).where(waves.c.campaign_id == campaign_id)
    return c.execute(last).scalar_one() + 1


def place(c: Connection, wave_ids: Sequence[int]) -> None:
    """These waves in this order, from 1 on."""
    for position, wave_id in enumerate(wave_ids, 1):
        c.execute(update(waves).where(waves.c.id == wave_id, waves.c.position != position).values(position=position))


def active_series(c: Connection, campaign_id: int) -> list:
    """(name, author) of the campaign's series that make waves."""
    of = select(series.c.name, series.c.author_id).where(series.c.campaign_id == campaign_id)
    return list(c.execute(of.where(series.c.status == "active").order_by(series.c.id)))


def authors(c: Connection, campaign_id: int, statuses: Sequence[str]) -> set[int | None]:
    """Who wrote the campaign's waves of these statuses, and its series that make waves."""
    of = select(waves.c.author_id).where(waves.c.campaign_id == campaign_id, waves.c.status.in_(statuses))
    return {*c.execute(of).scalars(), *(row.author_id for row in active_series(c, campaign_id))}


def statuses(c: Connection) -> dict[int, dict[str, int]]:
    """Campaign → status → waves."""
    found: dict[int, dict[str, int]] = {}
    counted = select(waves.c.campaign_id, waves.c.status, func.count()).where(waves.c.campaign_id.is_not(None))
    for campaign_id, status, n in c.execute(counted.group_by(waves.c.campaign_id, waves.c.status)):
        found.setdefault(campaign_id, {})[status] = n
    return found


def spent(c: Connection, campaign_id: int | None = None) -> dict[int, tuple[int, int]]:
    """Campaign → (messages handed over, VND)."""
    total = (
        select(waves.c.campaign_id, func.sum(spending.c.messages), func.sum(spending.c.vnd))
        .join(waves, waves.c.id == spending.c.wave_id)
        .where(waves.c.campaign_id.is_not(None))
        .group_by(waves.c.campaign_id)
    )
    if campaign_id is not None:
        total = total.where(waves.c.campaign_id == campaign_id)
    return {id: (int(count), int(vnd)) for id, count, vnd in c.execute(total)}


def spent_on(c: Connection, campaign_id: int) -> dict[str, tuple[int, int]]:
    """Day in Vietnam → (messages, VND)."""
    by_day = (
        select(spending.c.day, func.sum(spending.c.messages), func.sum(spending.c.vnd))
        .join(waves, waves.c.id == spending.c.wave_id)
        .where(waves.c.campaign_id == campaign_id)
        .group_by(spending.c.day)
        .order_by(spending.c.day)
    )
    return {day: (int(count), int(vnd)) for day, count, vnd in c.execute(by_day)}


def message_titles(c: Connection, campaign_id: int) -> list[tuple[int, str]]:
    """(message, title) of those that were put into the campaign or that its waves send."""
    sent = (
        select(message_versions.c.message_id)
        .join(waves, waves.c.version_id == message_versions.c.id)
        .where(waves.c.campaign_id == campaign_id)
    )
    found = select(messages.c.id, messages.c.title).where(
        or_(messages.c.campaign_id == campaign_id, messages.c.id.in_(sent))
    )
    return [tuple(row) for row in c.execute(found.order_by(messages.c.id.desc()))]


def previews(c: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, object]]:
    """Wave → its last preview as it was kept, also when the wave has changed a little since."""
    found = select(wave_previews.c.wave_id, wave_previews.c.preview).where(wave_previews.c.wave_id.in_(ids))
    return {wave_id: json.loads(words) for wave_id, words in c.execute(found)}


def overlapping(c: Connection, begins: datetime, ends: datetime) -> list[int]:
    """Ids of the waves that go on, or are to begin, from `begins` to before `ends`; given up ones are left out."""
    start = func.coalesce(waves.c.opened_at, waves.c.starts_at)
    running = and_(waves.c.opened_at.is_not(None), or_(waves.c.finished_at.is_(None), waves.c.finished_at >= begins))
    known = select(waves.c.id).where(
        waves.c.status != WaveStatus.CANCELLED, start < ends, or_(start >= begins, running)
    )
    return list(c.execute(known.order_by(start, waves.c.id)).scalars())
