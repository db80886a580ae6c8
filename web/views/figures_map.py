"""The map of the figures: where messages arrived, where people asked, where they opted out; and the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns import maps, periods, waves
from campaigns.figures import places
from campaigns.figures.masking_rates import Shown
from campaigns.figures.places import Place
from campaigns.model import Wave
from campaigns.waves import browsing
from messages.errors import Mistake
from web import charting_map, overview, tables_out
from web.access import access
from web.here import now, rt
from web.ids import id_of
from web.rates import too_few

bp = Blueprint("figures_map", __name__, url_prefix="/figures/map")
#: Waves a reader may choose: those that opened last.
OFFERED = 100
#: The newest months a reader may choose with one click.
MONTHS = 4


@dataclass(frozen=True)
class Measure:
    """`name` in an address, its words, and of a Place the attribute that holds it; `least_first`: what is looked for
    is where there are few.
    """

    name: str
    words: object
    attribute: str
    least_first: bool = False

    def of(self, place: Place) -> Shown:
        return getattr(place, self.attribute)


MEASURES = (
    Measure("delivered", _l("Delivered"), "delivered", least_first=True),
    Measure("asked", _l("Asked something"), "asked"),
    Measure("opted-out", _l("Opted out"), "opted_out"),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a wave, else all waves that began in a month."""

    measure: Measure
    period: periods.Period
    wave: Wave | None
    districts: bool

    def address(self, **other: str | int | None) -> str:
        """This page with something else chosen; None leaves it out."""
        about = {"wave": self.wave.id} if self.wave else {"period": self.period.name}
        given = {"what": self.measure.name, **about, "by": "districts" if self.districts else None, **other}
        return url_for("figures_map.show", **{name: value for name, value in given.items() if value is not None})

    @property
    def about(self) -> str:
        return _("Wave: %(name)s", name=self.wave.name) if self.wave else overview.words(self.period)


@bp.get("")
@access("read")
def show():
    asked, found = _asked_and_found()
    communes, districts = (_ordered(those, asked.measure) for those in (found.communes, found.districts))
    rows = districts if asked.districts else communes
    file = tables_out.asked(
        {
            "communes": lambda: _table(_("By commune"), communes, asked, district=True),
            "districts": lambda: _table(_("By former district"), districts, asked),
        }
    )
    return file or render_template(
        "figures/map.html",
        asked=asked,
        rows=rows,
        hides=None if places.any_told(rows) else too_few(by_commune=not asked.districts),
        drawn=_drawn(asked, rows),
        measures=[(asked.address(what=each.name), each.words, None, each == asked.measure) for each in MEASURES],
        views=_views(asked),
        times=_times(asked),
        waves=_offered(asked),
    )


def _asked_and_found() -> tuple[Asked, places.Places]:
    """Where no time is asked for and this month's first wave is still to come, the month before, which tells more."""
    asked = _asked()
    found = _found(asked)
    if not (found.communes or asked.wave or request.args.get("period")):
        before = replace(asked, period=periods.month(periods.before(asked.period.start)))
        earlier = _found(before)
        return (before, earlier) if earlier.communes else (asked, found)
    return asked, found


def _found(asked: Asked) -> places.Places:
    measures = [asked.measure.attribute]
    if asked.wave:
        return places.of_wave(rt.db, asked.wave.id, measures)
    return places.of_month(rt.db, asked.period, measures)


def _asked() -> Asked:
    what = request.args.get("what")
    measure = next((each for each in MEASURES if each.name == what), MEASURES[0])
    period = periods.chosen_month(request.args.get("period"), periods.today_of(now()))
    return Asked(measure, period, _wave(request.args.get("wave")), request.args.get("by") == "districts")


def _wave(text: str | None) -> Wave | None:
    """A wave that there is not is no reason for no map."""
    number = id_of(text or "")
    if not number:
        return None
    try:
        return waves.show(rt.db, number).wave
    except Mistake:
        return None


def _ordered(those: Sequence[Place], measure: Measure) -> list[Place]:
    """What is looked for first, what is hidden last."""

    def key(place: Place) -> tuple:
        rate = measure.of(place).rate
        if not rate:
            return (True, place.people is None, place.name)
        return (False, rate.share if measure.least_first else -rate.share, place.name)

    return sorted(those, key=key)


def _drawn(asked: Asked, those: Sequence[Place]) -> charting_map.DotMap:
    spots = maps.spots(rt.db)
    if asked.districts:
        spots = charting_map.districts_of(spots)
    values = {place.name if asked.districts else place.code: asked.measure.of(place) for place in those}
    title = _("Map: %(what)s", what=asked.measure.words)
    return charting_map.dot_map(title, spots, values, about=asked.about,
                                outlines=maps.kept_outlines(rt.settings.data_dir))  # fmt: skip


def _views(asked: Asked) -> list[tuple[str, str, None, bool]]:
    return [
        (asked.address(by=None), _("Today’s communes"), None, not asked.districts),
        (asked.address(by="districts"), _("Former districts"), None, asked.districts),
    ]


def _times(asked: Asked) -> list[tuple[str, str, None, bool]]:
    """Whole months alone (see campaigns.figures.places): the newest, and the chosen one."""
    newest = periods.today_of(now())
    offered = []
    for _n in range(MONTHS):
        offered.append(periods.month(newest))
        newest = periods.before(newest)
    if asked.period not in offered:
        offered.append(asked.period)
    return [
        (asked.address(wave=None, period=each.name), overview.words(each), None,
         not asked.wave and each == asked.period)
        for each in offered
    ]  # fmt: skip


def _offered(asked: Asked) -> list[tuple[int | str, str]]:
    there = [wave for wave, _figures in browsing.opened(rt.db, OFFERED)]
    if asked.wave and asked.wave.id not in {wave.id for wave in there}:
        there.append(asked.wave)
    return [("", _("All waves of the chosen month")), *((wave.id, wave.name) for wave in there)]


def _table(name: str, those: Sequence[Place], asked: Asked, *, district: bool = False) -> tables_out.Table:
    columns = [
        tables_out.Column(_("Commune") if district else _("Former district"), kind="text"),
        *([tables_out.Column(_("Former district"), kind="text")] if district else []),
        *tables_out.rate_columns(str(asked.measure.words)),
    ]
    unknown = _("commune not known")
    told = places.any_told(those)
    rows = [
        [place.name or unknown, *([place.district] if district else []), *_cells(asked.measure.of(place))]
        for place in those
        if told
    ]
    about = [asked.about] if told else [asked.about, too_few(by_commune=district)]
    return tables_out.Table(f"{asked.measure.words}: {name}", columns, rows, about)


def _cells(shown: Shown) -> list:
    if not shown.rate:
        return [shown.n, shown.of, "", "", ""]
    return tables_out.rate_cells(shown.rate)
