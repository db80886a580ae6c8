"""What came of a wave, broken down by hour, by carrier and by reason: masked once, for pages, files and the terminal.
Two of them that hid other cells of the same numbers would tell what each of them hides.

How many got a wave, are still to get it and did not get it are its own whole numbers and stand everywhere.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby

from campaigns import stats
from campaigns.figures import reading
from campaigns.figures.masking import LEAST, masked
from campaigns.figures.masking_tables import MaskedTable, masked_table
from campaigns.model import DeliveryStatus as S
from campaigns.pacing import ZONE
from db.engine import Database

#: More hours than this are told by the day.
HOURS = 48
ARRIVED, UNDER_WAY, LOST = "arrived", "under-way", "lost"
#: Reasons of so few people together that they are told as one.
OTHERS = "others"
PARTS = {ARRIVED: (S.DELIVERED,), UNDER_WAY: (S.QUEUED, S.SENDING, S.ACCEPTED, S.UNKNOWN),
         LOST: (S.UNDELIVERED, S.FAILED)}  # fmt: skip
_PART = {status: name for name, statuses in PARTS.items() for status in statuses}


def left_out(db: Database, wave_id: int) -> dict[str, int | None]:
    """Reason → people, the most first."""
    reasons = stats.of_wave(db, wave_id).reasons.get(S.SKIPPED, {})
    return most_first(masked(reasons, sum(reasons.values())))


def carriers(db: Database, wave_id: int) -> MaskedTable[str, str]:
    """Carrier × ARRIVED, UNDER_WAY and the reasons for which the rest was lost. Rare reasons are told as OTHERS: by
    carrier they would name people.
    """
    counted = {carrier: _outcomes(stands) for carrier, stands in sorted(reading.wave_carriers(db, wave_id).items())}
    counted = {carrier: cells for carrier, cells in counted.items() if cells.total()}
    sums = sum(counted.values(), Counter())
    rare = {key for key, n in sums.items() if n < LEAST and key not in PARTS}
    rows = {carrier: _with_others(cells, rare) for carrier, cells in counted.items()}
    columns = [key for key in (ARRIVED, UNDER_WAY) if sums[key]]
    columns += sorted(key for key in sums if key not in {*rare, *PARTS}) + [OTHERS] * bool(rare)
    return masked_table(rows, columns, known_columns={key: sums[key] for key in (ARRIVED, UNDER_WAY)})


def lost(by_carrier: MaskedTable[str, str]) -> dict[str, int | None]:
    """Why messages were lost, of all carriers together: reason → people, the most first."""
    return most_first({key: n for key, n in by_carrier.columns.items() if key not in PARTS})


def over_time(db: Database, wave_id: int) -> MaskedTable[datetime | date, str]:
    """Hours (in Vietnam; days, when the hours are many) × PARTS, of what was handed over."""
    hours = [(at.astimezone(ZONE), _parts(counts)) for at, counts in reading.wave_hours(db, wave_id)]
    rows: Mapping[datetime | date, Counter[str]] = dict(hours)
    if len(hours) > HOURS:
        by_day = groupby(hours, lambda hour: hour[0].date())
        rows = {day: sum((cells for _, cells in those), Counter()) for day, those in by_day}
    sums = sum((cells for _, cells in hours), Counter())
    return masked_table(rows, list(PARTS), known_columns={name: sums[name] for name in PARTS})


def most_first(cells: Mapping[str, int | None]) -> dict[str, int | None]:
    """Those that are hidden last and by name, so that their order tells nothing either."""
    return dict(sorted(cells.items(), key=lambda cell: (cell[1] is None, -(cell[1] or 0), cell[0])))


def _parts(counts: Mapping[str, int]) -> Counter[str]:
    return Counter({name: sum(counts.get(each, 0) for each in those) for name, those in PARTS.items()})


def _outcomes(cells: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (status, why), n in cells.items():
        if status in _PART:
            found[why if _PART[status] == LOST else _PART[status]] += n
    return +found


def _with_others(cells: Counter[str], rare: set[str]) -> Counter[str]:
    kept = Counter({key: n for key, n in cells.items() if key not in rare})
    kept[OTHERS] = sum(cells[key] for key in rare)
    return kept
