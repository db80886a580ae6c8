"""The tables of the pages about waves, as files."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask_babel import gettext as _

from campaigns.figures import breakdowns
from campaigns.figures.funnel import Funnel
from campaigns.figures.places import Place, Places, any_told
from campaigns.model import Wave
from web import wave_figures
from web.here import rt
from web.rates import too_few
from web.tables_out import Column, Table, rate_cells, rate_columns
from web.wave_comparing import Compared
from web.words import reason, short_reason

#: What is told of a wave by place.
MEASURES = ("delivered", "asked", "opted_out")


def of_wave(wave: Wave, funnel: Funnel, places: Callable[[], Places]) -> Mapping[str, Callable[[], Table]]:
    """By the name in the address. Each is reckoned when it is asked for."""
    about = [_("Wave: %(name)s", name=wave.name)]
    by_carrier = partial(breakdowns.carriers, rt.db, wave.id)
    return {
        "steps": lambda: _steps(funnel, about),
        "left-out": lambda: _reasons(_("Left out, and why"), breakdowns.left_out(rt.db, wave.id), reason, about),
        "lost": lambda: _reasons(_("Lost, and why"), breakdowns.lost(by_carrier()), short_reason, about),
        "time": lambda: _cells(_("Over time"), _("Hour or day, in Vietnam"), wave_figures.over_time(wave.id), about),
        "carriers": lambda: _cells(_("By carrier"), _("Carrier"), wave_figures.carriers(by_carrier()), about),
        "communes": lambda: _places(_("By commune"), places().communes, about, district=True),
        "districts": lambda: _places(_("By former district"), places().districts, about),
        "topics": lambda: Table(
            _("What was asked after it"),
            [Column(_("Topic"), kind="text"),
             Column(_("Messages"), _("Within a week, of people who had got the wave"))],
            wave_figures.topics(wave.id), about,
        ),
    }  # fmt: skip


def _steps(funnel: Funnel, about: Sequence[str]) -> Table:
    rows = [(step.words, step.of, *(rate_cells(step.rate) if step.rate else [step.n, "", "", "", ""]))
            for step in wave_figures.steps(funnel)]  # fmt: skip
    return Table(_("Step by step"), [Column(_("Step"), kind="text"), Column(_("Measured on"), kind="text"),
                                     *rate_columns(_("People"))], rows, about)  # fmt: skip


def _reasons(name: str, counts: Mapping[str, int | None], words: Callable, about: Sequence[str]) -> Table:
    rows = [(why, n) for why, n, _share in wave_figures.reasons(counts, words, 0)]
    return Table(name, [Column(_("Why"), kind="text"), _("People")], rows, about)


def _cells(name: str, first: str, cells: wave_figures.Cells, about: Sequence[str]) -> Table:
    columns = [Column(first, kind="text"), *cells.columns.values(), _("Together")]
    rows = [(label, *(row[key] for key in cells.columns), whole) for label, row, whole in cells.rows]
    return Table(name, columns, rows, about)


def _places(name: str, places: Sequence[Place], about: Sequence[str], *, district: bool = False) -> Table:
    people = _("Of the people there who were to get the wave")
    columns = [
        Column(_("Commune") if district else _("Former district"), kind="text"),
        *([Column(_("Former district"), kind="text")] if district else []),
        Column(_("People"), _("Who were to get the wave")),
        *(Column(words, people) for words in (_("Delivered"), _("Asked something"), _("Opted out"))),
        *(Column(words, kind="share") for words in
          (_("Delivered: share"), _("Asked something: share"), _("Opted out: share"))),
    ]  # fmt: skip
    if not any_told(places):
        return Table(name, columns, [], [*about, too_few(by_commune=district)])
    return Table(name, columns, [_place(each, district) for each in places], about)


def _place(place: Place, district: bool) -> list:
    measures = (place.delivered, place.asked, place.opted_out)
    return [
        place.name or _("commune not known"),
        *([place.district] if district else []),
        place.people,
        *(each.n for each in measures),
        *(each.rate.share if each.rate else "" if each.rate is not None else None for each in measures),
    ]


WAVE_COLUMNS = ("delivered", "replied", "asked", "opted_out")


def of_waves(name: str, rows: Sequence[tuple[Wave, Funnel]], about: Sequence[str] = ()) -> Table:
    """A line a wave."""
    columns = [
        Column(_("Wave"), kind="text"), Column(_("Began"), kind="text"), Column(_("Chosen")), Column(_("To get it")),
        *rate_columns(_("Delivered"), _("Of those handed over")),
        *rate_columns(_("Wrote back"), _("Within a week, of those it may have reached")),
        *rate_columns(_("Asked something"), _("Within a week, of those it may have reached")),
        *rate_columns(_("Opted out"), _("Within a week, of those it may have reached")),
        Column(_("Spent"), "VND", "money"), Column(_("For a person reached"), "VND", "money"),
    ]  # fmt: skip
    return Table(name, columns, [_wave(wave, funnel) for wave, funnel in rows], about)


def _wave(wave: Wave, funnel: Funnel) -> list:
    rates = [cell for name in WAVE_COLUMNS for cell in rate_cells(getattr(funnel, name))]
    each = "" if funnel.vnd_each is None else round(funnel.vnd_each)
    return [wave.name, wave.opened_at or "", funnel.selected, funnel.recipients, *rates, funnel.vnd, each]


def compared(rows: Sequence[Compared], names: tuple[str, str]) -> Table:
    columns = [Column(_("What is measured"), kind="text"), *rate_columns(names[0]), *rate_columns(names[1]),
               Column(_("Difference"), kind="text"), Column(_("What may be said"), kind="text")]  # fmt: skip
    lines = [(row.words, *rate_cells(row.first), *rate_cells(row.second), row.interval, row.sentence) for row in rows]
    return Table(_("Two waves beside each other"), columns, lines, names)
