"""Statements about allowances: how many messages may go now, and gateways that rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from campaigns.pacing import MOST_WAIT, Bucket
from db.new_rows import insert_into
from db.tables import allowances

#: A bucket nobody took from since then is full.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: Nothing rests longer: what is to rest beyond that was told so by a clock that ran ahead.
_LONGEST = timedelta(seconds=MOST_WAIT)


@dataclass(frozen=True)
class Allowance:
    """`bucket` is None when nothing was ever taken; `stopped_until` is None or past when the gateway works."""

    bucket: Bucket | None
    stopped_until: datetime | None
    stopped_why: str | None

    def rests(self, now: datetime) -> bool:
        return self.stopped_until is not None and now < self.stopped_until <= now + _LONGEST


def of(c: Connection, names: Sequence[str], *, lock: bool) -> dict[str, Allowance]:
    """The allowances called `names`, on request held until the end of the transaction; an absent one is as if new."""
    statement = select(allowances).where(allowances.c.name.in_(names)).order_by(allowances.c.name)
    rows = c.execute(statement.with_for_update() if lock else statement).all()
    if lock and len(rows) < len(names):
        # What is not there cannot be held: two claims would both find a full bucket, and write it in another order.
        new = [{"name": name, "tokens": 0.0, "at": _LONG_AGO} for name in sorted(names)]
        c.execute(insert_into(c, allowances).on_conflict_do_nothing(), new)
        rows = c.execute(statement.with_for_update()).all()
    found = {row.name: _allowance(row) for row in rows}
    return {name: found.get(name, Allowance(None, None, None)) for name in names}


def _allowance(row) -> Allowance:
    return Allowance(Bucket(row.tokens, row.at), row.stopped_until, row.stopped_why)


def keep(c: Connection, name: str, bucket: Bucket) -> None:
    statement = insert_into(c, allowances)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[allowances.c.name],
            set_={"tokens": statement.excluded.tokens, "at": statement.excluded.at},
        ),
        {"name": name, "tokens": bucket.tokens, "at": bucket.at},
    )


def stop(c: Connection, name: str, until: datetime, why: str) -> None:
    """`name` rests until `until`, at most MOST_WAIT seconds; a longer rest that was there already stays."""
    statement = insert_into(c, allowances)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[allowances.c.name],
            set_={"stopped_until": statement.excluded.stopped_until, "stopped_why": statement.excluded.stopped_why},
            where=or_(
                allowances.c.stopped_until.is_(None),
                allowances.c.stopped_until < statement.excluded.stopped_until,
                allowances.c.stopped_until > until + _LONGEST,
            ),
        ),
        {"name": name, "tokens": 0.0, "at": until, "stopped_until": until, "stopped_why": why},
    )


def go_on(c: Connection, name: str) -> None:
    c.execute(update(allowances).where(allowances.c.name == name).values(stopped_until=None, stopped_why=None))


def stopped(c: Connection, now: datetime) -> dict[str, tuple[datetime, str]]:
    """Name → (until, why) of whatever rests."""
    statement = select(allowances.c.name, allowances.c.stopped_until, allowances.c.stopped_why)
    return {row.name: (row.stopped_until, row.stopped_why)
            for row in c.execute(statement.where(allowances.c.stopped_until.between(now, now + _LONGEST)))}
