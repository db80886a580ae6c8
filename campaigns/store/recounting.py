"""What the counters of a wave should say, counted from its rows a part at a time, beside what they say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, update

from campaigns.pacing import day_of
from campaigns.store import figures, spending, tally
from campaigns.store.deliveries import lock_in_order
from db.tables import contacts, deliveries, wave_counts, wave_figures, wave_tally, waves
from db.tables import spending as spending_table

#: Rows of a wave that are sorted into groups in one go: more would take memory that grows with the wave.
AT_ONCE = 50_000
#: Rows whose carrier is filled in by one transaction: nobody waits long behind it.
FILLED_AT_ONCE = 5_000
#: Of rows that were handed over.
_SUMS = tuple(func.coalesce(func.sum(column), 0) for column in (deliveries.c.segments, deliveries.c.vnd))


class Counts(NamedTuple):
    """Of a wave, as the tables hold them."""

    areas: Mapping[tally.Place, int]
    whole: Mapping[tally.Whole, int]
    figures: Mapping[figures.Figure, int]
    spending: Mapping[spending.Spent, int]

    @property
    def named(self) -> Iterator[tuple[str, Mapping[tuple, int]]]:
        """(table, its counts)."""
        return zip((each.name for each in (wave_tally, wave_counts, wave_figures, spending_table)), self, strict=True)


def stored(c: Connection, wave_id: int) -> Counts:
    return Counts(
        tally.stored(c, wave_id), tally.stored_whole(c, wave_id), figures.stored(c, wave_id),
        spending.stored(c, wave_id),
    )  # fmt: skip


def counted(c: Connection, wave_id: int) -> Counts:
    """From the rows: takes seconds for a wave of a million."""
    areas: Counter[tally.Place] = Counter()
    found: Counter[figures.Figure] = Counter()
    spent: Counter[spending.Spent] = Counter()
    status, reason, sent_at = deliveries.c.status, deliveries.c.reason, deliveries.c.sent_at
    hour = func.substr(sent_at, 1, figures.HOUR_LETTERS)
    for part in _parts(c, wave_id):
        for area, *stand, n in _groups(c, part, deliveries.c.area, status, reason):
            areas[tally.place(wave_id, area, *stand)] += n
        for carrier, *stand, n in _groups(c, part, deliveries.c.carrier, status, reason):
            found.update(dict.fromkeys(figures.figures_of(wave_id, carrier, None, *stand), n))
        handed_over = (*part, sent_at.is_not(None))
        for which, *stand, segments, vnd, n in _groups(c, handed_over, hour, status, reason, sums=_SUMS):
            found.update({figures.of_hour(wave_id, which, *stand): n})
            spent.update(spending.named(wave_id, day_of(figures.hour_from(which)), (n, int(segments), int(vnd))))
    return Counts(areas, tally.added_up(areas), found, +spent)


Part = tuple[ColumnElement[bool], ...]


def _groups(c: Connection, part: Part, *by: ColumnElement, sums: Sequence[ColumnElement] = ()) -> Iterator:
    """Of rows that are alike in `by`: these, their `sums`, and how many they are."""
    return iter(c.execute(select(*by, *sums, func.count()).where(*part).group_by(*by)))


def _parts(c: Connection, wave_id: int) -> Iterator[Part]:
    after: int | None = 0
    while after is not None:
        part, after = _part(c, wave_id, after, AT_ONCE)
        yield part


def _part(c: Connection, wave_id: int, after: int, size: int) -> tuple[Part, int | None]:
    """So many of the wave's rows, by who they are for (the order of an index), and the last of these; None when there
    are no more.
    """
    mine, contact = deliveries.c.wave_id == wave_id, deliveries.c.contact_id
    ahead = select(contact).where(mine, contact > after).order_by(contact).offset(size - 1).limit(1)
    last = c.execute(ahead).scalar_one_or_none()
    return ((mine, contact > after) if last is None else (mine, contact > after, contact <= last)), last


def add(c: Connection, said: Counts, there: Counts) -> None:
    """What the counts lack, and takes off what they have too many of."""
    tally.shift_areas(c, missing(said.areas, there.areas))
    tally.shift_whole(c, missing(said.whole, there.whole))
    figures.shift(c, missing(said.figures, there.figures))
    spending.shift(c, spending.amounts(missing(said.spending, there.spending)))


def missing(said: Mapping[tuple, int], there: Mapping[tuple, int]) -> dict[tuple, int]:
    return {key: there.get(key, 0) - n for key, (n, _) in unlike(said, there).items()}


def differences(said: Counts, there: Counts) -> dict[tuple, tuple[int, int]]:
    """(table, *its keys) → (what it says, what the rows say), where these differ."""
    return {
        (table, *key): pair
        for (table, stored), (_, found) in zip(said.named, there.named, strict=True)
        for key, pair in unlike(stored, found).items()
    }


def unlike(said: Mapping[tuple, int], there: Mapping[tuple, int]) -> dict[tuple, tuple[int, int]]:
    pairs = {key: (said.get(key, 0), there.get(key, 0)) for key in sorted(said.keys() | there.keys())}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def fill_carriers(c: Connection, wave_id: int, after: int) -> int | None:
    """Writes the carriers of today to a part of the wave's people, those after a contact; who is the last of them, None
    when they are all. The counts are wrong until they are counted anew.
    """
    part, last = _part(c, wave_id, after, FILLED_AT_ONCE)
    lacking = select(deliveries.c.id).where(*part, deliveries.c.carrier.is_(None))
    ids = list(c.execute(lacking.order_by(deliveries.c.id)).scalars())
    if ids:
        lock_in_order(c, ids)
        theirs = select(contacts.c.carrier).where(contacts.c.id == deliveries.c.contact_id).scalar_subquery()
        c.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(carrier=theirs))
    return last


def opened(c: Connection) -> list[int]:
    """Every wave with deliveries."""
    return list(c.execute(select(waves.c.id).where(waves.c.opened_at.is_not(None)).order_by(waves.c.id)).scalars())
