"""Statements about short links and how often they were opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, func, select, update

from db.new_rows import insert_into
from db.tables import link_hits, links


def add(
    c: Connection, *, code: str, wave_id: int, arm: int, contact_id: int | None, target: str, now: datetime
) -> bool:
    """False when the code is taken."""
    row = {"code": code, "wave_id": wave_id, "arm": arm, "contact_id": contact_id, "target": target, "created_at": now}
    added = insert_into(c, links).values(**row).on_conflict_do_nothing().returning(links.c.code)
    return c.execute(added).first() is not None


def of_wave(c: Connection, wave_id: int) -> dict[int, str]:
    """Arm → code, those of single people aside."""
    found = select(links.c.arm, links.c.code).where(links.c.wave_id == wave_id, links.c.contact_id.is_(None))
    return {arm: code for arm, code in c.execute(found)}


def of_people(c: Connection, wave_id: int, contact_ids: Sequence[int]) -> dict[int, str]:
    found = select(links.c.contact_id, links.c.code).where(
        links.c.wave_id == wave_id, links.c.contact_id.in_(contact_ids)
    )
    return {contact: code for contact, code in c.execute(found)}


def lead(c: Connection, wave_id: int, target: str) -> None:
    """All links of the wave lead there from now on."""
    c.execute(update(links).where(links.c.wave_id == wave_id, links.c.target != target).values(target=target))


def target(c: Connection, code: str) -> str | None:
    return c.execute(select(links.c.target).where(links.c.code == code)).scalar_one_or_none()


def count(c: Connection, code: str, kind: str, hour: datetime) -> None:
    added = insert_into(c, link_hits).values(code=code, hour=hour, kind=kind, n=1)
    c.execute(
        added.on_conflict_do_update(
            index_elements=list(link_hits.primary_key.columns), set_={"n": link_hits.c.n + added.excluded.n}
        )
    )


def opened(c: Connection, wave_id: int) -> list[tuple]:
    """(a code, arm, target, openings by people, by machines, conversations) by arm."""
    kinds = [
        func.coalesce(func.sum(case((link_hits.c.kind == kind, link_hits.c.n), else_=0)), 0)
        for kind in ("person", "machine", "conversation")
    ]
    shared = func.coalesce(func.min(case((links.c.contact_id.is_(None), links.c.code))), func.min(links.c.code))
    statement = (
        select(shared, links.c.arm, func.min(links.c.target), *kinds)
        .select_from(links.outerjoin(link_hits))
        .where(links.c.wave_id == wave_id)
        .group_by(links.c.arm)
        .order_by(links.c.arm)
    )
    return [tuple(row[:3]) + tuple(map(int, row[3:])) for row in c.execute(statement)]
