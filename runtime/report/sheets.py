"""The figures as tables to share: sums only, small cells masked, nothing of a person, every table and column described.

Breakdowns are of one wave, or of one month, each thing in one of them only, and masked as the pages of that wave or
month mask it: what is hidden in one of them does not follow from another. Free words of officers (names of waves and
campaigns) are shown without what reads as a number.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import messages
from bots import figures as talk
from bots.figures import places as asked_where
from campaigns import areas, figures, periods, programme, spending, waves
from campaigns.figures import breakdowns, places
from campaigns.figures.breakdowns import OTHERS
from campaigns.figures.funnel import HANDED_OVER
from campaigns.figures.masking import masked
from campaigns.figures.masking_tables import masked_table
from campaigns.figures.places import Place, any_told
from campaigns.masking import masked_inside
from db.engine import Database
from db.figures_file import Sheet
from messages.book import Book
from messages.errors import LANGUAGES
from runtime.report import wording
from runtime.report.summary import Summary, statuses, summary, told_at_all

#: So far back months are looked at; those in which nothing was are left out.
MOST_MONTHS = 120
#: Waves in one file: more than anybody plans.
MOST_WAVES = 100_000
Rows = Iterator[Sequence[object]]

#: Table → (columns with the type of their values, those that are unique together).
TABLES: Mapping[str, tuple[Mapping[str, type], Sequence[str]]] = {
    "months": (
        dict(month=str, waves=int, sent=int, arrived=int, lost=int, segments=int, vnd=int, asked=int, understood=int,
             judged=int, helpful=int, conversations=int, in_danger=int, at_risk=int, opted_out=int, cases=int),
        ["month"],
    ),
    "waves": (
        dict(wave=int, name=str, campaign=str, status=str, opened=str, finished=str, chosen=int, skipped=int,
             waiting=int, sent=int, arrived=int, lost=int, segments=int, vnd=int),
        ["wave"],
    ),
    "wave_areas": (dict(wave=int, area=str, name=str, district=str, people=int, arrived=int), ["wave", "area"]),
    "wave_carriers": (dict(wave=int, carrier=str, status=str, n=int), ["wave", "carrier", "status"]),
    "wave_reasons": (dict(wave=int, status=str, reason=str, n=int), ["wave", "status", "reason"]),
    "wave_responses": (dict(wave=int, kind=str, area=str, name=str, n=int), ["wave", "kind", "area"]),
    "wave_topics": (dict(wave=int, topic=str, title=str, n=int), ["wave", "topic"]),
    "days": (dict(day=str, sent=int), ["day"]),
    "optouts": (dict(month=str, area=str, name=str, n=int), ["month", "area"]),
    "platforms": (dict(month=str, platform=str, asked=int), ["month", "platform"]),
    "languages": (dict(month=str, language=str, asked=int), ["month", "language"]),
    "topics": (dict(month=str, topic=str, title=str, n=int), ["month", "topic"]),
    "topic_areas": (dict(month=str, area=str, name=str, topic=str, n=int), ["month", "area", "topic"]),
}  # fmt: skip


@cache
def words(language: str) -> Mapping:
    """What figures_file.toml of "vi" or "en" says of the tables and columns."""
    path = Path(messages.__file__).parent / (language if language in LANGUAGES else "vi") / "figures_file.toml"
    with open(path, "rb") as file:
        return tomllib.load(file)


def sheets(db: Database, book: Book, language: str, now: datetime) -> Iterator[Sheet]:
    """All tables, read as they are written."""
    found = _Figures(db, book, language, now)
    for name, (columns, key) in TABLES.items():
        says = words(language)[name]
        told = {column: (kind, says[column]) for column, kind in columns.items()}
        yield Sheet(name, says["table"], told, key, getattr(found, name)())


class _Figures:
    """A method for each table: its rows."""

    def __init__(self, db: Database, book: Book, language: str, now: datetime):
        self._db, self._book, self._language, self._now = db, book, language, now
        with db.reading() as c:
            self._names = areas.names(c)
        self._waves = [(wave, counts) for wave, counts in waves.all(db, MOST_WAVES) if wave.opened_at]
        self._waves.reverse()
        today = periods.today_of(now)
        begin = today
        for _ in range(MOST_MONTHS - 1):
            begin = periods.before(begin)
        self._summaries = [
            told
            for first in periods.months(begin, today)
            if not (told := summary(db, periods.month(first), now)).empty
        ]

    def months(self) -> Rows:
        for told in self._summaries:
            yield (
                told.period.name, told.waves, told.sent, told.arrived, told.lost, told.segments, told.vnd, told.heard,
                told.understood, told.judged, told.helpful, told.began, told.red, told.amber, told.optouts,
                told.desk.opened,
            )  # fmt: skip

    def waves(self) -> Rows:
        campaigns = {row.campaign.id: row.campaign.name for row in programme.all(self._db)}
        for wave, counts in self._waves:
            spent = spending.of_wave(self._db, wave.id, self._now)
            yield (
                wave.id, masked_inside(wave.name), masked_inside(campaigns.get(wave.campaign_id, "")), wave.status,
                _day(wave.opened_at), _day(wave.finished_at), counts.total, counts["skipped"], counts.left,
                statuses(counts.counts, HANDED_OVER), counts["delivered"], counts["undelivered"] + counts["failed"],
                spent.segments, spent.vnd,
            )  # fmt: skip

    def wave_areas(self) -> Rows:
        for wave_id, those in self._places():
            rows = ((each.code, each.name, each.district, each.people, each.delivered.n) for each in those)
            yield from ((wave_id, *row) for row in sorted(rows) if any_told(those))

    def wave_carriers(self) -> Rows:
        for wave, _counts in self._waves:
            for carrier, cells in sorted(breakdowns.carriers(self._db, wave.id).cells.items()):
                yield from ((wave.id, carrier, stand, n) for stand, n in _coded(cells) if n != 0)

    def wave_reasons(self) -> Rows:
        for wave, _counts in self._waves:
            lost = breakdowns.lost(breakdowns.carriers(self._db, wave.id))
            for status, reasons in (("lost", lost), ("skipped", breakdowns.left_out(self._db, wave.id))):
                yield from ((wave.id, status, code, n) for code, n in _coded(reasons))

    def wave_responses(self) -> Rows:
        for wave_id, those in self._places():
            for kind, measure in (("asked", "asked"), ("opted-out", "opted_out"), ("replied", "replied")):
                shown = sorted((each.code, each.name, each.rates[measure].n) for each in those)
                told = any(each.rates[measure].rate for each in those)
                yield from ((wave_id, kind, code, name, n) for code, name, n in shown if told and n != 0)

    def _places(self) -> Iterator[tuple[int, Sequence[Place]]]:
        for wave, _counts in self._waves:
            yield wave.id, places.of_wave(self._db, wave.id).communes

    def wave_topics(self) -> Rows:
        asked = talk.after_waves(self._db, [wave.id for wave, _counts in self._waves])
        for wave_id, topics in sorted(asked.items()):
            shown = masked(topics, sum(topics.values()))
            yield from ((wave_id, topic, self._title(topic), n) for topic, n in sorted(shown.items()))

    def days(self) -> Rows:
        for told in self._summaries:
            counted = figures.by_day(self._db, told.period.start, told.period.end)
            shown = masked({day: statuses(counts, HANDED_OVER) for day, counts in counted}, told.sent)
            yield from ((day.isoformat(), n) for day, n in shown.items() if n != 0)

    def optouts(self) -> Rows:
        for told in self._summaries:
            shown = told_at_all(told.opted_out)
            yield from ((told.period.name, area, self._name(area), n) for area, n in shown)

    def platforms(self) -> Rows:
        for told in self._summaries:
            found = talk.by_platform(self._db, told.period.start, told.period.end)
            shown = masked({platform: each.heard for platform, each in found.items()}, told.heard)
            yield from ((told.period.name, platform, n) for platform, n in sorted(shown.items()))

    def languages(self) -> Rows:
        for told in self._summaries:
            spoken = talk.period(self._db, told.period.start, told.period.end).languages
            shown = masked(spoken, told.heard)
            yield from ((told.period.name, language, n) for language, n in sorted(shown.items()))

    def topics(self) -> Rows:
        for told in self._summaries:
            yield from ((told.period.name, topic, self._title(topic), n) for topic, n in told.topics)

    def topic_areas(self) -> Rows:
        """Beside how often each topic was asked in all, and how much was asked in each commune as the bot's page of
        that month tells it: people of no known commune are a column too, though not one that is written.
        """
        for told in self._summaries:
            rows: dict[str, Counter[str]] = {topic: Counter() for topic, _n in told.topics}
            for area, topics in talk.topics_by_area(self._db, told.period.start, told.period.end).items():
                for topic, n in topics.items():
                    rows.setdefault(topic, Counter())[area] += n
            yield from self._crossed(told, rows)

    def _crossed(self, told: Summary, rows: Mapping[str, Counter[str]]) -> Rows:
        asked = talk.period(self._db, told.period.start, told.period.end)
        communes, _districts = asked_where.of_month(self._db, told.period, asked.understood)
        for topic, cells in rows.items():
            cells[asked_where.UNKNOWN] = max(asked.topics.get(topic, 0) - cells.total(), 0)
        shown = masked_table(rows, sorted(communes), known_rows=dict(told.topics), known_columns=communes).cells
        cells = [(area, topic, row[area]) for topic, row in sorted(shown.items()) for area in row if area]
        if any(n for _area, _topic, n in cells):
            yield from ((told.period.name, area, self._name(area), topic, n) for area, topic, n in cells if n != 0)

    def _name(self, code: str) -> str:
        return self._names.get(code, code)

    def _title(self, topic: str) -> str:
        return wording.title(topic, self._language, self._book)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else periods.today_of(moment).isoformat()


def _coded(cells: Mapping[str, int | None]) -> Iterator[tuple[str, int | None]]:
    """By words of ours, in their order; what an officer or a provider wrote in words is not passed on."""
    found: dict[str, int | None] = {}
    for reason, n in cells.items():
        code = _code(reason)
        before = found.get(code, 0)
        found[code] = None if n is None or before is None else before + n
    return iter(sorted(found.items()))


def _code(reason: str) -> str:
    return reason if reason and len(reason) <= 40 and reason.replace("-", "").isalnum() else OTHERS
