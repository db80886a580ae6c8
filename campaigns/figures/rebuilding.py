"""Counting the figures of waves anew from the rows, while messages go on being sent.

Counters and rows are read as of one moment, and only the difference is added: whatever is counted meanwhile stays
right, nobody waits, and of two who do so at once one begins anew (db.moment).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import responses
from campaigns.pacing import day_of
from campaigns.store import figures as store
from campaigns.store import recounting
from campaigns.store import responses as response_store
from db import keepsakes, moment
from db.engine import Database

#: (table, *its keys) → (what it said, what the rows say)
Differences = Mapping[tuple, tuple[int, int]]

_TURN, _FILLED = "figures-recounted", "figures-filled"
#: A wave that an older version of this software moved meanwhile is found by its counts while it is as young as this.
YOUNG = timedelta(days=30)
#: People looked up in one transaction.
_AT_ONCE = 500


def never() -> bool:
    return False


def rebuild(db: Database, *, stop: Callable[[], bool] = never) -> Differences:
    """Makes every counter what the rows say; where they differed. May take minutes, wave after wave."""
    with db.reading() as c:
        wave_ids = recounting.opened(c)
    found: dict[tuple, tuple[int, int]] = {}
    for wave_id in wave_ids:
        if stop():
            return found
        found |= recount(db, wave_id)
    return found | _recount(db, _responses) | _recount(db, _optouts)


def mend(db: Database, now: datetime, *, stop: Callable[[], bool] = never) -> int:
    """Counts those waves anew whose counters cannot be right by themselves; how many there were.

    After an upgrade from a version without these counters that is every wave, and what people did after them is filled
    in: done once, a part at a time; whoever is stopped goes on later.
    """
    filled = keepsakes.get(db, _FILLED) is not None
    with db.reading() as c:
        wave_ids = store.doubtful(c, now - YOUNG if filled else None)
    for n, wave_id in enumerate(wave_ids):
        if stop():
            return n
        recount(db, wave_id)
    if not filled:
        _fill(db, stop)
    return len(wave_ids)


def recount(db: Database, wave_id: int) -> Differences:
    """One wave: where its counters differed from its rows."""
    with db.reading() as c:
        after = 0 if store.lacks_carriers(c, wave_id) else None
    while after is not None:
        with db.transaction() as c:
            after = recounting.fill_carriers(c, wave_id, after)

    def look(c: Connection):
        said, there = recounting.stored(c, wave_id), recounting.counted(c, wave_id)
        return recounting.differences(said, there), lambda c: recounting.add(c, said, there)

    return _recount(db, look)


#: What differs in this moment, and what adds it.
Look = Callable[[Connection], tuple[Differences, Callable[[Connection], None]]]


def _recount(db: Database, look: Look) -> Differences:
    while True:
        with db.reading() as c:
            moment.see_one_moment(c)
            seen = moment.turn(c, _TURN)
            found, add = look(c)
        if not found:
            return found
        with db.transaction() as c:
            if moment.take_turn(c, _TURN, seen):
                add(c)
                return found


def _responses(c: Connection):
    said, there = response_store.stored(c), response_store.recount(c)
    found = recounting.unlike(said, there)
    missing = {key: rows - counter for key, (counter, rows) in found.items()}
    return _named("response_counts", found), lambda c: response_store.count(c, missing)


def _optouts(c: Connection):
    """A day and channel with more opt-outs than were counted is counted anew; with less it stays as it is: who came
    back since stands in the book no more, and said so on that day all the same.
    """
    said, there = response_store.stored_days(c), _days(response_store.standing(c))
    lacking = {key for key, n in _by_day_and_channel(there).items() if n > _by_day_and_channel(said)[key]}
    wrong = {key: pair for key, pair in recounting.unlike(said, there).items() if (key[0], key[2]) in lacking}
    missing = {key: rows - counter for key, (counter, rows) in wrong.items()}
    return _named("optout_days", wrong), lambda c: response_store.count_days(c, missing)


def _days(standing: Iterable[tuple[str, str, str, int]]) -> Counter[response_store.Day]:
    days: Counter[response_store.Day] = Counter()
    for hour, area, channel, n in standing:
        days[day_of(store.hour_from(hour)), area, channel] += n
    return days


def _by_day_and_channel(days: Mapping[response_store.Day, int]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for (day, _, channel), n in days.items():
        found[day, channel] += n
    return found


def _named(table: str, found: Mapping[tuple, tuple[int, int]]) -> Differences:
    return {(table, *key): pair for key, pair in found.items()}


def _fill(db: Database, stop: Callable[[], bool]) -> None:
    """What people did before this was noted, as far as it can be found out; noting it twice changes nothing."""
    for kind, part in ((responses.REPLIED, _wrote), (responses.OPTED_OUT, _told)):
        for rows in _all(db, part):
            if stop():
                return
            with db.transaction() as c:
                for row in rows:
                    responses.note(c, bytes(row.person_index), kind, row.at)
    _recount(db, _optouts)
    keepsakes.put_once(db, _FILLED, b"1")


def _wrote(c: Connection, last: int | None) -> list:
    return response_store.written(c, responses.PLATFORMS, last or 0, _AT_ONCE)


def _told(c: Connection, last: bytes | None) -> list:
    return response_store.told(c, responses.CARRIED_OVER, responses.BY_GATEWAY, last or b"", _AT_ONCE)


def _all(db: Database, part: Callable[[Connection, object], list]) -> Iterator[list]:
    last = None
    while True:
        with db.reading() as c:
            rows = part(c, last)
        if not rows:
            return
        yield rows
        last = rows[-1].key
