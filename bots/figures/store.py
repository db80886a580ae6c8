"""The statements about the bot's counters. Private to the room of bots."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table, and_, case, func, select

from bots.figures.stretches import Cover
from db.new_rows import insert_in
from db.tables import bot_days, conversations, topic_areas, turns, wave_topics

#: The counters, in the order in which they are locked.
TABLES = (bot_days, topic_areas, wave_topics)
#: Rows counted in one go: what is sorted into groups takes no memory that grows with the table.
COUNTED_AT_ONCE = 100_000


def shift(c: Connection, *changes: Mapping[tuple, int]) -> None:
    """Adds to the counters of each of TABLES. Sorted, so that two writers on PostgreSQL lock the rows in one order."""
    for table, sums in zip(TABLES, changes, strict=True):
        keys = table.primary_key.columns.keys()
        rows = [{**dict(zip(keys, place, strict=True)), "n": n} for place, n in sorted(sums.items()) if n]
        if rows:
            c.execute(_shift(c.dialect.name, table), rows)


@cache
def _shift(dialect: str, table: Table):
    statement = insert_in(dialect, table)
    keys = list(table.primary_key.columns)
    return statement.on_conflict_do_update(index_elements=keys, set_={"n": table.c.n + statement.excluded.n})


# -- counting anew


def stored(c: Connection) -> Iterator[dict[tuple, int]]:
    """What each of TABLES says."""
    for table in TABLES:
        yield {tuple(row[:-1]): row.n for row in c.execute(select(table)) if row.n}


def _hour(column):
    """The hour of a stored time: a day in Vietnam begins with a full hour of UTC, in summer and in winter."""
    return func.substr(column, 1, 13).label("hour")


def begun(c: Connection) -> list:
    """(hour, platform, n) of conversations."""
    hour = _hour(conversations.c.created_at)
    return c.execute(select(hour, conversations.c.platform, func.count()).group_by("hour", conversations.c.platform))


def _in_parts(c: Connection, statement) -> Iterator:
    last = c.execute(select(func.coalesce(func.max(turns.c.id), 0))).scalar_one()
    for first in range(0, last, COUNTED_AT_ONCE):
        yield from c.execute(statement.where(turns.c.id > first, turns.c.id <= first + COUNTED_AT_ONCE))


def heard(c: Connection) -> Iterator:
    """Messages of people that are alike in hour, platform, kind, what was thought of them, area and wave, with their
    n; danger is NULL where nothing was thought yet.
    """
    sure = case((turns.c.confidence >= 1.0, 1.0), else_=0.0).label("confidence")
    keys = (_hour(turns.c.at), conversations.c.platform, turns.c.kind, turns.c.topic, turns.c.danger, sure,
            turns.c.language, turns.c.register, turns.c.area, turns.c.wave_id)
    found = select(*keys, func.count().label("n")).select_from(turns.join(conversations))
    return _in_parts(c, found.where(turns.c.direction == "in").group_by(*keys))


def said(c: Connection) -> Iterator:
    """Answers of the machine that are alike in hour, platform, topic and what was said of them, with their n."""
    keys = (_hour(turns.c.at), conversations.c.platform, turns.c.topic, turns.c.helpful)
    found = select(*keys, func.count().label("n")).select_from(turns.join(conversations))
    answers = and_(turns.c.direction == "out", turns.c.written_by.is_(None), turns.c.topic.is_not(None))
    return _in_parts(c, found.where(answers).group_by(*keys))


# -- reading


def _summed(table: Table, cover: Cover):
    """The sum of n over a cover, and the condition that goes with it."""
    n = case((table.c.day.in_(cover.taken), -table.c.n), else_=table.c.n) if cover.taken else table.c.n
    return func.sum(n), table.c.day.in_([*cover.added, *cover.taken])


def of_days(c: Connection, cover: Cover, platform: str | None) -> list:
    """(platform, what, key, n) of this time."""
    n, within = _summed(bot_days, cover)
    found = select(bot_days.c.platform, bot_days.c.what, bot_days.c.key, n).where(within)
    if platform is not None:
        found = found.where(bot_days.c.platform == platform)
    return c.execute(found.group_by(bot_days.c.platform, bot_days.c.what, bot_days.c.key).having(n != 0)).all()


def topics(c: Connection, stretches: Sequence[str], topics: Sequence[str] | None) -> list:
    """(day or week, topic, n), of these topics only where some are named."""
    n = func.sum(bot_days.c.n)
    wanted = bot_days.c.day.in_(stretches) & (bot_days.c.what == "topic")
    if topics is not None:
        wanted &= bot_days.c.key.in_(topics)
    found = select(bot_days.c.day, bot_days.c.key, n).where(wanted).group_by(bot_days.c.day, bot_days.c.key)
    return c.execute(found.having(n != 0).order_by(bot_days.c.day)).all()


def by_area(c: Connection, cover: Cover) -> list:
    """(area, n) of this time: days tell their topics, weeks and months none, so nothing is counted twice."""
    n, within = _summed(topic_areas, cover)
    found = select(topic_areas.c.area, n).where(within).group_by(topic_areas.c.area)
    return c.execute(found.having(n != 0)).all()


def topics_by_area(c: Connection, days: Sequence[str], areas: Sequence[str] | None) -> list:
    """(area, topic, n), of these areas only where some are named."""
    n = func.sum(topic_areas.c.n)
    wanted = topic_areas.c.day.in_(days)
    if areas is not None:
        wanted &= topic_areas.c.area.in_(areas)
    found = select(topic_areas.c.area, topic_areas.c.topic, n).where(wanted)
    return c.execute(found.group_by(topic_areas.c.area, topic_areas.c.topic).having(n != 0)).all()


def of_waves(c: Connection, wave_ids: list[int]) -> list:
    """(wave_id, topic, n)."""
    wanted = wave_topics.c.wave_id.in_(wave_ids) & (wave_topics.c.n != 0)
    return c.execute(select(wave_topics.c.wave_id, wave_topics.c.topic, wave_topics.c.n).where(wanted)).all()


def newest_waves(c: Connection, limit: int) -> list[int]:
    """The newest waves after which anything was asked."""
    found = select(wave_topics.c.wave_id).distinct().order_by(wave_topics.c.wave_id.desc()).limit(limit)
    return list(c.execute(found).scalars())
