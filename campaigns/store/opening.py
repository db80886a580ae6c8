"""Opening a wave: one INSERT … SELECT makes its deliveries, whatever their number; the same SELECT, grouped, is the
preview.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, case, func, insert, literal, select, text

from campaigns.model import DeliveryStatus, Texts, Wave
from campaigns.store import audience, tally
from db.engine import Database
from db.tables import contacts, deliveries

S = DeliveryStatus
#: A wave larger than this leaves PostgreSQL's statistics so wrong that claims crawl until autovacuum comes by.
WORTH_TIDYING = 10_000


def insert_deliveries(c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime) -> None:
    """Everybody of the audience, queued or skipped with the reason, and the tally of them."""
    before = tally.last_id(c)
    reason = _reason(c, wave, texts, leaves_machine, now)
    people, belong = audience.people(wave.audience, now)
    rows = (
        select(
            literal(wave.id),
            contacts.c.id,
            contacts.c.area,
            case((reason.is_(None), literal(str(S.QUEUED))), else_=literal(str(S.SKIPPED))),
            reason,
        )
        .select_from(people)
        .where(belong)
    )
    c.execute(insert(deliveries).from_select(["wave_id", "contact_id", "area", "status", "reason"], rows))
    tally.count_new(c, wave.id, before)


def _reason(c: Connection, wave: Wave, texts: Texts, leaves_machine: bool, now: datetime):
    matters = audience.limit_matters(c, wave.id, now)
    return audience.skip_reason(wave, texts, leaves_machine=leaves_machine, limit_matters=matters, now=now)


def would_be(c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime) -> list:
    """Rows (reason or None, reader's language, carrier, n) of the whole audience."""
    reason = _reason(c, wave, texts, leaves_machine, now).label("reason")
    reader = audience.reader().label("reader")
    people, belong = audience.people(wave.audience, now)
    counted = (
        select(reason, reader, contacts.c.carrier, func.count().label("n"))
        .select_from(people)
        .where(belong)
        .group_by(reason, reader, contacts.c.carrier)
    )
    return list(c.execute(counted))


def recipients(
    c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime, most: int, of: int
) -> Iterator:
    """At most about `most` of the `of` people who would get something, spread evenly: (fields, language, carrier)."""
    reason = _reason(c, wave, texts, leaves_machine, now)
    step = max(1, of // most)
    people, belong = audience.people(wave.audience, now)
    statement = (
        select(contacts.c.fields_sealed, contacts.c.language, contacts.c.carrier)
        .select_from(people)
        .where(belong, reason.is_(None), contacts.c.id % step == 0)
        .limit(most)
    )
    return iter(c.execute(statement))


def tidy(db: Database, rows: int) -> None:
    """Tells PostgreSQL what the table holds now. Outside any transaction; SQLite needs nothing."""
    if db.dialect == "postgresql" and rows > WORTH_TIDYING:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.execute(text("VACUUM (ANALYZE) deliveries"))
