"""Statements about campaigns, messages and their versions."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from db.new_rows import insert_into
from db.tables import campaigns, message_versions, messages


def campaign(c: Connection, name: str, goal: str, now: datetime) -> int:
    """The id of the campaign called `name`, made when there is none."""
    c.execute(insert_into(c, campaigns).values(name=name, goal=goal, created_at=now).on_conflict_do_nothing())
    return c.execute(select(campaigns.c.id).where(campaigns.c.name == name)).scalar_one()


def all_campaigns(c: Connection) -> list[Mapping]:
    return list(c.execute(select(campaigns).order_by(campaigns.c.id)).mappings())


def add_message(c: Connection, title: str, campaign_id: int, by: int | None, now: datetime) -> int:
    statement = insert(messages).values(title=title, campaign_id=campaign_id, created_by=by, created_at=now)
    return c.execute(statement.returning(messages.c.id)).scalar_one()


def message(c: Connection, message_id: int, *, lock: bool = False) -> Mapping | None:
    """`lock` makes a second writer on PostgreSQL wait; SQLite has one writer anyway."""
    statement = select(messages).where(messages.c.id == message_id)
    return c.execute(statement.with_for_update(key_share=True) if lock else statement).mappings().first()


def rename(c: Connection, message_id: int, title: str) -> None:
    c.execute(update(messages).where(messages.c.id == message_id).values(title=title))


def add_version(c: Connection, row: Mapping[str, object]) -> int:
    """The next number of its message. Two officers at once meet the unique key."""
    last = select(func.coalesce(func.max(message_versions.c.number), 0) + 1).where(
        message_versions.c.message_id == row["message_id"]
    )
    statement = insert(message_versions).values(**row, number=last.scalar_subquery())
    return c.execute(statement.returning(message_versions.c.id)).scalar_one()


_VERSION = (
    message_versions.c.id,
    message_versions.c.message_id,
    message_versions.c.number,
    messages.c.title,
    messages.c.campaign_id,
    message_versions.c.vi,
    message_versions.c.vi_unaccented,
    message_versions.c.en,
    message_versions.c.written_by,
    message_versions.c.written_at,
    message_versions.c.advert,
    message_versions.c.starter,
)
_VERSIONS = select(*_VERSION).join(messages, messages.c.id == message_versions.c.message_id)


def version(c: Connection, version_id: int) -> Mapping | None:
    return c.execute(_VERSIONS.where(message_versions.c.id == version_id)).mappings().first()


def versions(c: Connection, message_id: int) -> list[Mapping]:
    """Newest first."""
    found = _VERSIONS.where(message_versions.c.message_id == message_id).order_by(message_versions.c.number.desc())
    return list(c.execute(found).mappings())


def newest_versions(c: Connection) -> list[Mapping]:
    """The last version of every message, the message written last first."""
    newest = select(func.max(message_versions.c.id)).group_by(message_versions.c.message_id)
    found = _VERSIONS.where(message_versions.c.id.in_(newest)).order_by(message_versions.c.id.desc())
    return list(c.execute(found).mappings())
