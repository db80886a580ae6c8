"""What came of one wave, as its page shows it: each part a small value, masked where it is broken down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from bots import figures as bot_figures
from campaigns import prices
from campaigns.figures import breakdowns
from campaigns.figures.breakdowns import ARRIVED, LOST, OTHERS, UNDER_WAY
from campaigns.figures.funnel import Funnel
from campaigns.figures.intervals import Rate
from campaigns.figures.masking import masked
from campaigns.figures.masking_tables import MaskedTable
from runtime.report import wording
from web.here import now, reader, rt
from web.language import both, number, percent
from web.rates import rate, rate_words
from web.words import CARRIERS, short_reason


@dataclass(frozen=True)
class Step:
    """How many, and of how many of the step before; `of` says which one that is. The first has neither."""

    words: str
    n: int
    rate: Rate | None = None
    of: str = ""


def steps(funnel: Funnel) -> list[Step]:
    perhaps = _("of those it may have reached")
    return [
        Step(_("Chosen"), funnel.selected),
        Step(_("To get it"), funnel.recipients, funnel.to_get, _("of those chosen")),
        Step(_("Handed over"), funnel.handed_over.n, funnel.handed_over, _("of those who were to get it")),
        Step(_("Delivered"), funnel.delivered.n, funnel.delivered, _("of those handed over")),
        Step(_("Wrote back"), funnel.replied.n, funnel.replied, perhaps),
        Step(_("Asked the machine something"), funnel.asked.n, funnel.asked, perhaps),
        Step(_("Opted out"), funnel.opted_out.n, funnel.opted_out, perhaps),
    ]


def in_words(funnel: Funnel) -> list[str]:
    """What one would say of it, the most important first."""
    if not funnel.handed_over.n:
        return [_("Nothing has been handed over.")]
    said = [_("Delivered: %(rate)s.", rate=rate_words(funnel.delivered))]
    if funnel.perhaps_arrived:
        said += [
            _("Within a week %(n)s of them asked something (%(share)s), and %(out)s opted out (%(gone)s).",
              n=number(funnel.asked.n), share=rate(funnel.asked), out=number(funnel.opted_out.n),
              gone=rate(funnel.opted_out))
        ]  # fmt: skip
    return said


def cost_each() -> Callable[[Funnel], str]:
    """In words, VND for a person reached, with pounds where their worth is known; a dash where no price is. What they
    are worth is looked up once, however many waves there are.
    """
    pound = prices.rate_on(rt.db, now())
    return lambda funnel: both(funnel.vnd_each, pound)


def reasons(counts: Mapping[str, int | None], words, whole: int) -> list[tuple[str, int | None, str]]:
    """(why, how many or None = hidden, their share), in this order."""
    return [(_why(code, words), n, "" if n is None else percent(n, whole, 1)) for code, n in counts.items()]


def _why(code: str, words) -> str:
    """Each begins a line or heads a column, so with a capital."""
    said = _("other reasons") if code == OTHERS else str(words(code))
    return said[:1].upper() + said[1:]


@dataclass(frozen=True)
class Cells:
    """A table that may be shown: `columns` are words by key, `rows` (words, cells by key or None, total or None); over
    time the words of a row are its hour (in Vietnam) or day.
    """

    columns: Mapping[str, str]
    rows: Sequence[tuple[str | date | datetime, Mapping[str, int | None], int | None]]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def hides(self) -> bool:
        return any(n is None for _, cells, whole in self.rows for n in (*cells.values(), whole))


def over_time(wave_id: int) -> Cells:
    """What was handed over in each hour (of each day, when the hours are many), and where it stands now."""
    table = breakdowns.over_time(rt.db, wave_id)
    return Cells(_part_words(), [(when, cells, table.rows[when]) for when, cells in table.cells.items()])


def _part_words() -> dict[str, str]:
    return {ARRIVED: _("Delivered"), UNDER_WAY: _("On its way"), LOST: _("Did not arrive")}


def carriers(table: MaskedTable[str, str]) -> Cells:
    """Each carrier: what was delivered, what is on its way, and why the rest was lost (breakdowns.carriers)."""
    parts = _part_words()
    columns = [*(key for key in table.columns if key in parts), *breakdowns.lost(table)]
    words = {key: parts.get(key) or _why(key, short_reason) for key in columns}
    rows = breakdowns.most_first(table.rows).items()
    return Cells(words, [(str(CARRIERS.get(row, row)), table.cells[row], n) for row, n in rows])


def topics(wave_id: int) -> list[tuple[str, int | None]]:
    """What was asked within a week after it by those who had got it, the most first, what is hidden last."""
    asked = bot_figures.after_wave(rt.db, wave_id)
    shown = breakdowns.most_first(masked(asked, sum(asked.values())))
    return [(wording.title(topic, reader(), rt.book), n) for topic, n in shown.items()]
