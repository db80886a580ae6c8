"""Counting the bot's figures anew, while the bot goes on answering."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bots.figures import store
from bots.figures.counting import Counts, Thought, day
from db import keepsakes, moment
from db.engine import Database

#: (table, *its keys)
Place = tuple

_TURN, _FILLED = "bot-figures-recounted", "bot-figures-filled"


def rebuild(db: Database) -> dict[Place, tuple[int, int]]:
    """Makes the counters what the rows say; where they differed: place → (counted so far, counted anew).

    Counters and rows are read as of one moment, and only the difference is added: what is counted meanwhile stays. Of
    two who do so at once one begins anew.
    """
    while True:
        with db.reading() as c:
            moment.see_one_moment(c)
            seen = moment.turn(c, _TURN)
            before, after = tuple(store.stored(c)), _counted(c)
        anew = after.sums()
        differences = _differences(before, anew)
        if not differences or _added(db, seen, _missing(before, anew)):
            return differences


def fill(db: Database) -> int:
    """After an upgrade from a version without these counters, once: how many of them were not what the rows say."""
    if keepsakes.get(db, _FILLED) is not None:
        return 0
    found = len(rebuild(db))
    keepsakes.put_once(db, _FILLED, b"1")
    return found


def _added(db: Database, seen: bytes | None, missing: Sequence[Mapping[tuple, int]]) -> bool:
    with db.transaction() as c:
        mine = moment.take_turn(c, _TURN, seen)
        if mine:
            store.shift(c, *missing)
    return mine


def _missing(before, anew) -> list[dict[tuple, int]]:
    return [
        {place: is_so.get(place, 0) - said.get(place, 0) for place in said.keys() | is_so.keys()}
        for said, is_so in zip(before, anew, strict=True)
    ]


def _differences(before, anew) -> dict[Place, tuple[int, int]]:
    return {
        (table.name, *place): (said.get(place, 0), is_so.get(place, 0))
        for table, said, is_so in zip(store.TABLES, before, anew, strict=True)
        for place in sorted(said.keys() | is_so.keys())
        if said.get(place, 0) != is_so.get(place, 0)
    }


def _counted(c) -> Counts:
    counts, days = Counts(), _Days()
    for hour, platform, n in store.begun(c):
        counts.began(days[hour], platform, n)
    for row in store.heard(c):
        counts.heard(days[row.hour], row.platform, row.kind, row.n)
        if row.danger is not None:
            counts.thought(days[row.hour], row.platform, _thought(row), row.n)
    for row in store.said(c):
        counts.answered(days[row.hour], row.platform, row.topic, row.n)
        if row.helpful is not None:
            counts.judged(days[row.hour], row.platform, row.topic, row.helpful, row.n)
    return counts


def _thought(row) -> Thought:
    return Thought(
        kind=row.kind, topic=row.topic, danger=row.danger, confidence=row.confidence, language=row.language,
        register=row.register, area=row.area, wave_id=row.wave_id,
    )


class _Days(dict[str, str]):
    """Hour of UTC ("2026-12-01T02") → day in Vietnam."""

    def __missing__(self, hour: str) -> str:
        self[hour] = day(datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC))
        return self[hour]
