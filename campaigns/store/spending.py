"""What waves have used up, by day in Vietnam: shifted in the transaction that moves the deliveries."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from db.new_rows import insert_in
from db.tables import campaigns, spending, waves


class Amount(NamedTuple):
    """Messages handed over (or being handed over), their segments, and VND where a price is known."""

    messages: int = 0
    segments: int = 0
    vnd: int = 0


class Limits(NamedTuple):
    """Of a campaign; None = none."""

    daily_cap: int | None = None
    budget_vnd: int | None = None


def shift(c: Connection, changes: Mapping[tuple[int, str], Amount]) -> None:
    """Adds each change to its (wave, day). Sorted, so that two writers on PostgreSQL lock the rows in one order."""
    rows = [
        {"wave_id": wave_id, "day": day, **change._asdict()}
        for (wave_id, day), change in sorted(changes.items())
        if any(change)
    ]
    if rows:
        c.execute(_shift(c.dialect.name), rows)


@cache
def _shift(dialect: str):
    statement = insert_in(dialect, spending)
    added = {name: spending.c[name] + statement.excluded[name] for name in Amount._fields}
    return statement.on_conflict_do_update(index_elements=[spending.c.wave_id, spending.c.day], set_=added)


#: (wave id, day, what: a field of Amount)
Spent = tuple[int, str, str]


def named(wave_id: int, day: str, amount: Sequence[int]) -> dict[Spent, int]:
    """The three of an Amount by their names."""
    return {(wave_id, day, what): n for what, n in zip(Amount._fields, amount, strict=True)}


def amounts(changes: Mapping[Spent, int]) -> dict[tuple[int, str], Amount]:
    """Back from `named`, of many days; what is not named is 0."""
    found: dict[tuple[int, str], Amount] = {}
    for (wave_id, day, what), n in changes.items():
        found[wave_id, day] = found.get((wave_id, day), Amount())._replace(**{what: n})
    return found


def stored(c: Connection, wave_id: int) -> dict[Spent, int]:
    said = (named(wave_id, day, amount) for day, amount in by_day(c, wave_id).items())
    return {key: n for each in said for key, n in each.items() if n}


def limits(c: Connection, campaign_id: int, *, lock: bool = False) -> Limits:
    """A campaign's limits; `lock` keeps other claims of its waves waiting until the transaction ends."""
    statement = select(campaigns.c.daily_cap, campaigns.c.budget_vnd).where(campaigns.c.id == campaign_id)
    row = c.execute(statement.with_for_update(key_share=True) if lock else statement).first()
    return Limits(*row) if row else Limits()


_SUMS = tuple(func.coalesce(func.sum(spending.c[name]), 0) for name in Amount._fields)


def of_wave(c: Connection, wave_id: int, day: str | None = None) -> Amount:
    """Altogether, or on a day."""
    return _amount(c, select(*_SUMS).where(spending.c.wave_id == wave_id), day)


def of_campaign(c: Connection, campaign_id: int, day: str | None = None) -> Amount:
    joined = select(*_SUMS).join(waves, waves.c.id == spending.c.wave_id)
    return _amount(c, joined.where(waves.c.campaign_id == campaign_id), day)


def _amount(c: Connection, statement, day: str | None) -> Amount:
    return Amount(*map(int, c.execute(statement if day is None else statement.where(spending.c.day == day)).one()))


def by_day(c: Connection, wave_id: int) -> dict[str, Amount]:
    rows = c.execute(select(spending).where(spending.c.wave_id == wave_id).order_by(spending.c.day))
    return {row.day: Amount(row.messages, row.segments, row.vnd) for row in rows}


def siblings(c: Connection, campaign_id: int) -> list[int]:
    """Every wave of the campaign."""
    return list(c.execute(select(waves.c.id).where(waves.c.campaign_id == campaign_id)).scalars())
