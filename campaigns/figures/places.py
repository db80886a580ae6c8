"""Where waves arrived and where people answered: by today's communes and by the former districts they came out of.

Both views are masked together, so that a hidden commune is not the difference between a district and the others; and
what is told of a month beside what is told of its waves. Only of one wave or one whole month is anything told by place:
the last 7, 30 and 90 days share waves, and who takes one from another is left with a few of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from campaigns import areas, stats
from campaigns.figures import reading
from campaigns.figures.intervals import Rate
from campaigns.figures.masking_rates import Shown, masked_rates, tells
from campaigns.figures.masking_waves import masked_together
from campaigns.model import DeliveryStatus as S
from campaigns.periods import Period
from campaigns.responses import ASKED, OPTED_OUT, REPLIED
from db.engine import Database

#: Of those who were to get the wave: how many got it, wrote back, asked something, opted out.
DELIVERED = "delivered"
MEASURES = (DELIVERED, "replied", "asked", "opted_out")
_KINDS = {"replied": REPLIED, "asked": ASKED, "opted_out": OPTED_OUT}
_HIDDEN = Shown(None, None)


@dataclass(frozen=True)
class Place:
    """A commune or a former district; "" is what is not known. `district` is the one a commune came out of, by name.

    Rates are of the people who were to get the wave, of several waves of the messages meant for people there; what is
    hidden is None in them.
    """

    code: str
    name: str
    district: str
    rates: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def people(self) -> int | None:
        return next(iter(self.rates.values()), _HIDDEN).of

    @property
    def delivered(self) -> Shown:
        return self.rates.get(DELIVERED, _HIDDEN)

    @property
    def asked(self) -> Shown:
        return self.rates.get("asked", _HIDDEN)

    @property
    def opted_out(self) -> Shown:
        return self.rates.get("opted_out", _HIDDEN)


@dataclass(frozen=True)
class Places:
    """Both by name's order of people: the most first, what is hidden last."""

    communes: Sequence[Place]
    districts: Sequence[Place]


def any_told(those: Iterable[Place]) -> bool:
    """Whether a rate of any of these places is shown: a table in which none is says less than one sentence."""
    return tells(shown for place in those for shown in place.rates.values())


def of_wave(db: Database, wave_id: int, measures: Sequence[str] = MEASURES) -> Places:
    counted, responses = stats.by_area(db, wave_id), reading.responses(db, wave_id)
    rates = {name: _rates(name, counted, responses) for name in measures}
    return _places(db, rates, masked_rates)


def of_month(db: Database, month: Period, measures: Sequence[str] = MEASURES) -> Places:
    """Of all waves that opened in this month."""
    counted = reading.by_area(db, month.start, month.end)
    responses = reading.responses_by_area(db, month.start, month.end)
    rates = {
        name: [_rates(name, counts, responses.get(wave_id, {})) for wave_id, counts in counted.items()]
        for name in measures
    }
    return _places(db, rates, _masked_together)


def _masked_together(waves: Sequence[Mapping[str, Rate]], parts: Mapping[str, str]):
    codes = sorted({code for rates in waves for code in rates})
    return _masked_once(tuple(tuple(rates.items()) for rates in waves), tuple((code, parts[code]) for code in codes))


@lru_cache(maxsize=16)
def _masked_once(waves: tuple[tuple[tuple[str, Rate], ...], ...], parts: tuple[tuple[str, str], ...]):
    """A month whose waves are over comes to the same whenever it is looked at; where much is hidden, that takes a while
    to find out. Some months and measures are remembered, by what was counted.
    """
    return masked_together([dict(rates) for rates in waves], dict(parts))


def _rates(name: str, counted: Mapping[str, Mapping], responses: Mapping[str, Mapping[str, int]]) -> dict[str, Rate]:
    """Commune → rate, where anybody was to get it."""
    found = {}
    for code, counts in counted.items():
        people = sum(counts.values()) - counts.get(S.SKIPPED, 0)
        n = counts.get(S.DELIVERED, 0) if name == DELIVERED else responses.get(code, {}).get(_KINDS[name], 0)
        if people > 0:
            # Somebody may write and be left out later.
            found[code] = Rate(min(n, people), people)
    return found


def _places(db: Database, rates: Mapping[str, object], mask) -> Places:
    """`rates`: measure → what `mask` hides some of."""
    with db.reading() as c:
        names, lies_in = areas.names(c), areas.former_districts(c)
    parts = _Parts(lies_in)
    shown = {name: mask(those, parts) for name, those in rates.items()}
    communes, districts = ({name: each[i] for name, each in shown.items()} for i in (0, 1))
    return Places(
        sorted((_place(code, names, names.get(parts[code], ""), communes) for code in _codes(communes)), key=_order),
        sorted((_place(code, names, "", districts) for code in _codes(districts)), key=_order),
    )


class _Parts(dict[str, str]):
    """Commune → former district, "" where that is not known."""

    def __missing__(self, code: str) -> str:
        return ""


def _codes(shown: Mapping[str, Mapping[str, Shown]]) -> Iterable[str]:
    return dict.fromkeys(code for those in shown.values() for code in those)


def _place(code: str, names: Mapping[str, str], district: str, shown: Mapping[str, Mapping[str, Shown]]) -> Place:
    return Place(code, names.get(code, ""), district, {name: those[code] for name, those in shown.items()})


def _order(place: Place) -> tuple[bool, int, str]:
    return place.people is None, -(place.people or 0), place.name
