"""Where waves arrived and where people answered: by today's communes and by the former districts they came out of.

Both views are masked together, so that a hidden commune is not the difference between a district and the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns import areas, stats
from campaigns.figures import reading
from campaigns.figures.intervals import Rate
from campaigns.figures.masking_rates import Shown, masked_rates
from campaigns.model import DeliveryStatus as S
from campaigns.responses import ASKED, OPTED_OUT
from db.engine import Database

#: Of those who were to get the wave: how many got it, asked something, opted out.
MEASURES = ("delivered", "asked", "opted_out")


@dataclass(frozen=True)
class Place:
    """A commune or a former district; "" is what is not known. `district` is the one a commune came out of, by name.

    Rates are of the people who were to get the wave, of several waves of the messages that were handed over; what is
    hidden is None in them.
    """

    code: str
    name: str
    district: str
    delivered: Shown
    asked: Shown
    opted_out: Shown

    @property
    def people(self) -> int | None:
        return self.delivered.of


@dataclass(frozen=True)
class Places:
    """Both by name's order of people: the most first, what is hidden last."""

    communes: Sequence[Place]
    districts: Sequence[Place]


def of_wave(db: Database, wave_id: int) -> Places:
    counted, responses = stats.by_area(db, wave_id), reading.responses(db, wave_id)
    return _places(db, {code: _rates(_meant(counts), counts, responses.get(code, {}))
                        for code, counts in counted.items()})  # fmt: skip


def of_period(db: Database, start: date, end: date) -> Places:
    """Of all waves that opened on the days from `start` to `end`, both inclusive."""
    counted, responses = reading.by_area(db, start, end), reading.responses_by_area(db, start, end)
    return _places(db, {code: _rates(_handed_over(counts), counts, responses.get(code, {}))
                        for code, counts in counted.items()})  # fmt: skip


def _places(db: Database, rates: Mapping[str, Mapping[str, Rate]]) -> Places:
    with db.reading() as c:
        names, lies_in = areas.names(c), areas.former_districts(c)
    rates = {code: each for code, each in rates.items() if each["delivered"].of}
    parts = {code: lies_in.get(code, "") for code in rates}
    shown = [masked_rates({code: each[name] for code, each in rates.items()}, parts) for name in MEASURES]
    communes = [_place(code, names, parts[code], [each[0] for each in shown]) for code in rates]
    districts = [_place(code, names, "", [each[1] for each in shown]) for code in dict.fromkeys(parts.values())]
    return Places(sorted(communes, key=_order), sorted(districts, key=_order))


def _meant(counts: Mapping[str, int]) -> int:
    return sum(counts.values()) - counts.get(S.SKIPPED, 0)


def _handed_over(counts: Mapping[str, int]) -> int:
    return sum(counts.get(status, 0) for status in (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.UNKNOWN))


def _rates(people: int, counts: Mapping[str, int], responses: Mapping[str, int]) -> dict[str, Rate]:
    numbers = (counts.get(S.DELIVERED, 0), responses.get(ASKED, 0), responses.get(OPTED_OUT, 0))
    return {name: Rate(min(n, people), people) for name, n in zip(MEASURES, numbers, strict=True)}


def _place(code: str, names: Mapping[str, str], district: str, measures: Sequence[Mapping[str, Shown]]) -> Place:
    return Place(code, names.get(code, ""), names.get(district, ""), *(each[code] for each in measures))


def _order(place: Place) -> tuple[bool, int, str]:
    return place.people is None, -(place.people or 0), place.name
