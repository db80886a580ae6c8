"""Opening a wave: one INSERT … SELECT makes its deliveries, or those of a part of its people; the same SELECT, grouped,
is the preview.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, insert, literal, null, or_, select, text

from campaigns.hours import CLOCKS, HOME
from campaigns.model import DeliveryStatus, Texts, Wave
from campaigns.store import audience, recalled, tally
from campaigns.store.audience import EVERYBODY, Part
from db.engine import Database
from db.tables import contacts, deliveries

S = DeliveryStatus
#: A wave larger than this leaves PostgreSQL's statistics so wrong that claims crawl until autovacuum comes by.
WORTH_TIDYING = 10_000


def insert_deliveries(
    c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime, arms: int = 1,
    part: Part = EVERYBODY,
) -> Counter[str]:
    """Everybody of the audience, or of a part of it, queued or skipped with the reason, fallen to one of `arms`
    wordings by chance; and the tally of them. How many of them stand where.
    """
    before = tally.last_id(c)
    reason = _reason(c, wave, texts, leaves_machine, now, part)
    people, belong = audience.people(wave.audience, now, part)
    rows = (
        select(
            literal(wave.id),
            contacts.c.id,
            contacts.c.area,
            contacts.c.carrier,
            case((reason.is_(None), literal(str(S.QUEUED))), else_=literal(str(S.SKIPPED))),
            reason,
            zone(),
            _arm(c, arms),
        )
        .select_from(people)
        .where(belong)
    )
    c.execute(insert(deliveries).from_select(_COLUMNS, rows))
    return tally.count_new(c, wave.id, recalled.beyond_the_copy(c, wave.id, before))


_COLUMNS = ["wave_id", "contact_id", "area", "carrier", "status", "reason", "zone", "arm"]


def _arm(c: Connection, arms: int) -> ColumnElement[int | None]:
    """Chance of the database's own: nothing about a person or a list decides which wording they get."""
    if arms == 1:
        return null()
    if c.dialect.name == "postgresql":
        return func.floor(func.random() * arms)
    return func.abs(func.random() % arms)


def _reason(
    c: Connection, wave: Wave, texts: Texts, leaves_machine: bool, now: datetime, part: Part = EVERYBODY
) -> ColumnElement[str | None]:
    matters = audience.limit_matters(c, wave.id, now)
    return audience.skip_reason(wave, texts, leaves_machine=leaves_machine, limit_matters=matters, now=now, part=part)


def zone() -> ColumnElement[str | None]:
    """The country whose hours hold for a contact; NULL for Vietnam, and for countries without a clock of their own."""
    abroad = (contacts.c.country.in_(sorted(CLOCKS)), contacts.c.country)
    return case((contacts.c.country == HOME, null()), abroad, else_=null())


def would_be(c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime) -> list:
    """Rows (reason or None, reader's language, carrier, zone, area, n) of the whole audience."""
    reason = _reason(c, wave, texts, leaves_machine, now).label("reason")
    columns = (reason, audience.reader().label("reader"), contacts.c.carrier, zone().label("zone"), contacts.c.area)
    people, belong = audience.people(wave.audience, now)
    counted = select(*columns, func.count().label("n")).select_from(people).where(belong).group_by(*columns)
    return list(c.execute(counted))


def someone_in(c: Connection, wave: Wave, zones: Collection[str | None], now: datetime) -> bool:
    """Whether anybody of the audience is in one of the zones: quick when somebody is."""
    abroad = zone().in_(sorted(each for each in zones if each is not None))
    those = or_(zone().is_(None), abroad) if None in zones else abroad
    people, belong = audience.people(wave.audience, now)
    found = select(contacts.c.id).select_from(people).where(belong, those).limit(1)
    return c.execute(found).first() is not None


def countries(c: Connection, whom: Mapping[str, object], now: datetime) -> set[str]:
    """Of everybody in an audience: ISO codes."""
    people, belong = audience.people(whom, now)
    return set(c.execute(select(contacts.c.country).select_from(people).where(belong).distinct()).scalars())


def carriers(c: Connection, wave: Wave, now: datetime) -> set[str]:
    """Of everybody in the audience."""
    people, belong = audience.people(wave.audience, now)
    return set(c.execute(select(contacts.c.carrier).select_from(people).where(belong).distinct()).scalars())


def recipients(
    c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime, most: int, of: int
) -> Iterator:
    """At most about `most` of the `of` people who would get something, spread evenly: (number, fields, language,
    carrier).
    """
    reason = _reason(c, wave, texts, leaves_machine, now)
    step = max(1, of // most)
    people, belong = audience.people(wave.audience, now)
    statement = (
        select(contacts.c.number_sealed, contacts.c.fields_sealed, contacts.c.language, contacts.c.carrier)
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
