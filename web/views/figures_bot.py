"""The bot in figures: what is asked when, where and after what, whether it helps, and who waits for a person."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from bots import figures, talk_figures
from bots.answering import due
from bots.figures import BotFigures
from bots.talk_figures import DeskFigures
from bots.unanswered import showing
from bots.unanswered.model import Asking
from campaigns import areas, periods
from campaigns.figures.masking import masked
from campaigns.periods import Period
from runtime.report.summary import few, most_first
from web import bot_figures as composed
from web import bot_tables, charting, overview, tables_out, words
from web.access import access
from web.charts import Bars
from web.here import now, rt
from web.rates import only_months, shown
from web.tables_out import Table

bp = Blueprint("figures_bot", __name__, url_prefix="/figures/bot")
#: Rows of a table before the rest is folded away, groups of what was not answered, and posters.
FIRST, GROUPS, POSTERS = 10, 8, 20


@bp.get("")
@access("read")
def show():
    today = periods.today_of(now())
    page = Page(periods.chosen(request.args.get("period"), today))
    return tables_out.asked(page.files()) or render_template(
        "figures/bot.html",
        page=page,
        periods=overview.tabs("figures_bot.show", page.period, today),
        first=FIRST,
        ahead=due.AHEAD,
        bars=pair_bars,
        columns_of=lambda row: charting.columns(row.title, row.times, [_("messages")]),
    )


def pair_bars(rows: composed.Pairs) -> Bars:
    """A bar each, none for what is hidden."""
    return Bars([(label, (n or 0,), shown(n)) for label, n in rows], max((n or 0 for _label, n in rows), default=0))


def _by_people(group: Asking, people: int | None) -> tuple[bool, int, int]:
    """Those of most people first, those of a hidden number last and by theirs, so that their order tells nothing."""
    return people is None, -(people or 0), group.id


class Page:
    """Everything on the page, each part reckoned when it is first looked at: a file needs only one."""

    def __init__(self, period: Period):
        self.period, self.span = period, overview.span(period)
        self._since, self._until = periods.midnight(period.start), periods.midnight(period.end + periods.ONE_DAY)

    def files(self) -> Mapping[str, Callable[[], Table]]:
        span, tables = self.span, bot_tables
        return {
            "topics": lambda: tables.topics(span, self.topics),
            "time": lambda: tables.over_time(span, self.over_time),
            "platforms": lambda: tables.platforms(span, self.platforms, words.PLATFORMS),
            "areas": lambda: tables.areas(self._about_places, self.places[0] if self.told_by_place else []),
            "districts": lambda: tables.pairs(self._about_places, _("By former district"),
                                              self.places[1] if self.told_by_place else []),
            "posters": lambda: tables.pairs(self._about_places, _("Began at a poster or link"), self.posters),
            "waves": lambda: tables.after_waves(self.waves),
            "languages": lambda: tables.pairs(span, _("Languages"), [*self.languages, *self.registers]),
            "desk": lambda: tables.desk(span, self.desk_counts, self.desk_waits),
            "unanswered": lambda: tables.unanswered(self.groups),
            "outcomes": lambda: tables.pairs(span, _("What became of the cases"), self.outcomes),
            "expiring": lambda: tables.expiring(self.expiring),
        }  # fmt: skip

    @property
    def _about_places(self) -> str:
        return self.span if self.period.is_month else f"{self.span}. {only_months()}"

    @cached_property
    def _by_platform(self) -> Mapping[str, BotFigures]:
        return figures.by_platform(rt.db, self.period.start, self.period.end)

    @cached_property
    def figures(self) -> BotFigures:
        return figures.together(self._by_platform.values())

    @property
    def told_by_place(self) -> bool:
        """Whether anything is shown of any place."""
        communes, districts, _unknown = self.places
        return any(place.asked for place in communes) or any(n for _name, n in districts)

    @property
    def in_danger(self) -> tuple[int | None, int | None]:
        """Messages of people in danger, and of people who may be at risk; None = hidden."""
        return few(self.figures.red), few(self.figures.amber)

    @property
    def abstained(self):
        return composed.abstained(self.figures)

    @property
    def helped(self):
        return composed.helped(self.figures)

    @cached_property
    def topics(self) -> Sequence[composed.Topic]:
        return composed.topics(rt.book, self.figures)

    @cached_property
    def over_time(self) -> Sequence[composed.Followed]:
        return composed.over_time(rt.db, self.period, self.topics)

    @property
    def by_weeks(self) -> bool:
        return composed.by_weeks(self.period)

    @cached_property
    def platforms(self) -> Sequence[composed.OnPlatform]:
        return composed.by_platform(self._by_platform)

    @cached_property
    def places(self) -> tuple[list[composed.Place], composed.Pairs, int | None]:
        """Communes, former districts, and what is not known; of whole months alone (bots.figures.places)."""
        if not self.period.is_month:
            return [], [], None
        return composed.by_area(rt.db, rt.book, self.period, self.figures.understood)

    @cached_property
    def posters(self) -> composed.Pairs:
        """Of whole months alone, as all that is told by commune. A link's own code stays as it is."""
        if not self.period.is_month:
            return []
        began = dict(talk_figures.began_by(rt.db, self._since, POSTERS, self._until))
        with rt.db.reading() as c:
            names = areas.names(c) if began else {}
        return [(names.get(code, code), n) for code, n in most_first(masked(began, None))]

    @cached_property
    def waves(self) -> Sequence[composed.AfterWave]:
        return composed.after_waves(rt.db, rt.book)

    @cached_property
    def languages(self) -> composed.Pairs:
        return composed.shares(self.figures.languages, words.LANGUAGES)

    @cached_property
    def registers(self) -> composed.Pairs:
        named = {"accented": _("Vietnamese with accents"), "unaccented": _("Vietnamese without accents")}
        return composed.shares(self.figures.registers, named)

    @cached_property
    def desk(self) -> DeskFigures:
        return talk_figures.of_the_desk(rt.db, self._since, self._until)

    @property
    def desk_counts(self) -> composed.Pairs:
        return composed.desk_counts(self.desk)

    @property
    def desk_waits(self) -> Sequence[composed.Wait]:
        return composed.desk_waits(self.desk)

    @cached_property
    def outcomes(self) -> composed.Pairs:
        return composed.shares(self.desk.outcomes, words.OUTCOMES)

    @cached_property
    def groups(self) -> Sequence[tuple[Asking, int | None]]:
        """What is asked most of what was not answered and is not dealt with yet, and by how many people."""
        found = showing.most_asked(rt.db, limit=GROUPS)
        people = masked({group.id: group.people for group in found}, None)
        return sorted(((group, people[group.id]) for group in found), key=lambda each: _by_people(*each))

    @cached_property
    def expiring(self) -> Sequence[tuple[str, str, due.Expiring]]:
        """(title, language in words, when)."""
        found = due.expiring(rt.book, periods.today_of(now()))
        return [(composed.title(rt.book, each.topic), str(words.LANGUAGES[each.language]), each) for each in found]
