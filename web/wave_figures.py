"""What came of one wave, as its page shows it: each part a small value, masked where it is broken down."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from bots import figures as bot_figures
from campaigns import prices
from campaigns.figures import reading
from campaigns.figures.funnel import Funnel
from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST, masked
from campaigns.figures.masking_tables import MaskedTable, masked_table
from campaigns.model import DeliveryStatus as S
from campaigns.pacing import ZONE
from web.charts import PARTS
from web.here import now, reader, rt
from web.language import both, number, percent
from web.rates import rate, rate_words
from web.words import short_reason

#: More hours than this are told by the day.
HOURS = 48
ARRIVED, UNDER_WAY, LOST = "arrived", "under-way", "lost"
_UNDER_WAY = PARTS[1]
#: Reasons of so few people together that they are told as one.
OTHERS = "others"


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
        return [_("Nothing has been handed over yet.")]
    said = [_("Delivered: %(rate)s.", rate=rate_words(funnel.delivered))]
    if funnel.perhaps_arrived:
        said += [
            _("Within a week %(n)s of them asked something (%(share)s), and %(out)s opted out (%(gone)s).",
              n=number(funnel.asked.n), share=rate(funnel.asked), out=number(funnel.opted_out.n),
              gone=rate(funnel.opted_out))
        ]  # fmt: skip
    return said


def cost_each(funnel: Funnel) -> str:
    """VND for a person reached, with pounds where their worth is known; a dash where no price is."""
    return both(funnel.vnd_each, prices.rate_on(rt.db, now()))


def reasons(counts: Mapping[str, int], words, whole: int) -> list[tuple[str, int, str]]:
    """(why, how many, their share), the commonest first."""
    return [(str(words(code)), n, percent(n, whole, 1)) for code, n in counts.items()]


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
    hours = [(at.astimezone(ZONE), _parts(counts)) for at, counts in reading.wave_hours(rt.db, wave_id)]
    if len(hours) > HOURS:
        by_day = groupby(hours, lambda hour: hour[0].date())
        rows = {day: sum((cells for _, cells in those), Counter()) for day, those in by_day}
    else:
        rows = dict(hours)
    return _shown(masked_table(rows, list(_part_words())), _part_words())


def _parts(counts: Mapping[str, int]) -> Counter[str]:
    names = (ARRIVED, UNDER_WAY, LOST)
    return Counter({name: sum(counts.get(each, 0) for each in part) for name, part in zip(names, PARTS, strict=True)})


def _part_words() -> dict[str, str]:
    return {ARRIVED: _("Delivered"), UNDER_WAY: _("On its way"), LOST: _("Did not arrive")}


def carriers(wave_id: int) -> Cells:
    """Each carrier: what was delivered, what is on its way, and why the rest was lost. Rare reasons are told as one:
    how many they are in all stands on the page, so by carrier they would name people.
    """
    counted = {carrier: _outcomes(cells) for carrier, cells in reading.wave_carriers(rt.db, wave_id).items()}
    counted = {carrier: cells for carrier, cells in counted.items() if cells.total()}
    sums = sum(counted.values(), Counter())
    rare = {key for key in sums if sums[key] < LEAST and key not in (ARRIVED, UNDER_WAY)}
    rows = {carrier: _with_others(cells, rare) for carrier, cells in sorted(counted.items(), key=_largest)}
    why = [key for key, _n in sums.most_common() if key not in rare and key not in (ARRIVED, UNDER_WAY)]
    words = {key: word for key, word in _part_words().items() if sums[key]} | {code: short_reason(code) for code in why}
    words |= {OTHERS: _("other reasons")} if rare else {}
    return _shown(masked_table(rows, list(words)), words)


def _outcomes(cells: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (status, why), n in cells.items():
        if status == S.DELIVERED:
            found[ARRIVED] += n
        elif status in _UNDER_WAY:
            found[UNDER_WAY] += n
        elif status != S.SKIPPED:
            found[why] += n
    return +found


def _with_others(cells: Counter[str], rare: set[str]) -> Counter[str]:
    kept = Counter({key: n for key, n in cells.items() if key not in rare})
    kept[OTHERS] = sum(cells[key] for key in rare)
    return kept


def _largest(item: tuple[str, Counter]) -> tuple[int, str]:
    return -item[1].total(), item[0]


def _shown(table: MaskedTable, words: Mapping[str, str]) -> Cells:
    return Cells(words, [(row, table.cells[row], table.rows[row]) for row in table.cells])


def topics(wave_id: int) -> list[tuple[str, int | None]]:
    """What was asked within a week after it by those who had got it, the most first, what is hidden last."""
    asked = bot_figures.after_wave(rt.db, wave_id)
    shown = masked(asked, sum(asked.values()))
    return [(_title(topic), shown[topic]) for topic in sorted(asked, key=lambda each: _most_first(each, shown))]


def _most_first(topic: str, shown: Mapping[str, int | None]) -> tuple[bool, int, str]:
    return shown[topic] is None, -(shown[topic] or 0), topic


def _title(topic: str) -> str:
    known = rt.book.topics.get(topic)
    return known.answers[reader()].title if known else topic
