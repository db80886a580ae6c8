"""The figures as tables to share: sums only, small cells masked, nothing of a person, every table and column described.

Breakdowns are of one wave, or of one month, each thing in one of them only: what is hidden in one table does not follow
from another. Free words of officers (names of waves and campaigns) are shown without what reads as a number.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import messages
from bots import figures as talk
from campaigns import areas, figures, maps, periods, programme, spending, stats, waves
from campaigns.figures.intervals import Rate
from campaigns.figures.masking import masked
from campaigns.figures.masking_rates import masked_rates
from campaigns.figures.masking_tables import masked_table
from campaigns.masking import masked_inside
from campaigns.model import Figures
from db.engine import Database
from db.figures_file import Sheet
from messages.book import Book
from messages.errors import LANGUAGES
from runtime.report import wording
from runtime.report.summary import HANDED_OVER, statuses, summary

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
    "wave_areas": (dict(wave=int, area=str, name=str, district=str, sent=int, arrived=int), ["wave", "area"]),
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
        self._districts = {spot.code: spot.district for spot in maps.spots(db)}
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
                told.period.name, told.waves, told.sent, told.arrived, told.lost, told.segments, told.vnd, told.asked,
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
        for wave, _counts in self._waves:
            rates = {code: _rate(counts) for code, counts in stats.by_area(self._db, wave.id).items()}
            rates = {code: rate for code, rate in rates.items() if rate}
            shown, _districts = masked_rates(rates, {code: self._districts.get(code, "") for code in rates})
            for code, each in sorted(shown.items()):
                yield wave.id, code, self._name(code), self._districts.get(code, ""), each.of, each.n

    def wave_carriers(self) -> Rows:
        for wave, _counts in self._waves:
            carriers: dict[str, Counter[str]] = {}
            for carrier, counts in figures.wave_carriers(self._db, wave.id).items():
                sums = carriers.setdefault(carrier, Counter())
                for (status, _reason), n in counts.items():
                    sums[status] += n
            yield from _crossed(wave.id, carriers)

    def wave_reasons(self) -> Rows:
        for wave, _counts in self._waves:
            for status, reasons in stats.of_wave(self._db, wave.id).reasons.items():
                coded: Counter[str] = Counter()
                for reason, n in reasons.items():
                    coded[_code(reason)] += n
                yield from ((wave.id, status, code, n) for code, n in sorted(masked(coded, coded.total()).items()))

    def wave_responses(self) -> Rows:
        for wave, _counts in self._waves:
            kinds: dict[str, dict[str, int]] = {}
            for area, counts in figures.responses(self._db, wave.id).items():
                for kind, n in counts.items():
                    kinds.setdefault(kind, {})[area] = n
            for kind, cells in sorted(kinds.items()):
                shown = masked(cells, None)
                yield from ((wave.id, kind, area, self._name(area), n) for area, n in sorted(shown.items()))

    def wave_topics(self) -> Rows:
        asked = talk.after_waves(self._db, [wave.id for wave, _counts in self._waves])
        for wave_id, topics in sorted(asked.items()):
            shown = masked(topics, None)
            yield from ((wave_id, topic, self._title(topic), n) for topic, n in sorted(shown.items()))

    def days(self) -> Rows:
        for told in self._summaries:
            counted = figures.by_day(self._db, told.period.start, told.period.end)
            sent = {day: statuses(counts, HANDED_OVER) for day, counts in counted}
            shown = masked({day: n for day, n in sent.items() if n}, told.sent)
            yield from ((day.isoformat(), n) for day, n in shown.items())

    def optouts(self) -> Rows:
        for told in self._summaries:
            yield from ((told.period.name, area, self._name(area), n) for area, n in told.opted_out)

    def platforms(self) -> Rows:
        for told in self._summaries:
            found = talk.by_platform(self._db, told.period.start, told.period.end)
            shown = masked({platform: each.heard for platform, each in found.items()}, told.asked)
            yield from ((told.period.name, platform, n) for platform, n in sorted(shown.items()))

    def languages(self) -> Rows:
        for told in self._summaries:
            spoken = talk.period(self._db, told.period.start, told.period.end).languages
            shown = masked(spoken, told.asked)
            yield from ((told.period.name, language, n) for language, n in sorted(shown.items()))

    def topics(self) -> Rows:
        for told in self._summaries:
            yield from ((told.period.name, topic, self._title(topic), n) for topic, n in told.topics)

    def topic_areas(self) -> Rows:
        for told in self._summaries:
            by_topic: dict[str, Counter[str]] = {}
            for area, topics in talk.topics_by_area(self._db, told.period.start, told.period.end).items():
                for topic, n in topics.items():
                    by_topic.setdefault(topic, Counter())[area] = n
            asked = talk.period(self._db, told.period.start, told.period.end).topics
            for topic, cells in sorted(by_topic.items()):
                yield from self._by_area(told.period.name, topic, cells, asked.get(topic, 0))

    def _by_area(self, month: str, topic: str, cells: Counter[str], whole: int) -> Rows:
        """Where a topic was asked. The table of topics shows how often in all, so that people of no known commune are a
        cell too, though not one that is written; how much is asked in a commune in all is shown nowhere.
        """
        shown = masked({**cells, "": whole - cells.total()}, whole)
        yield from ((month, area, self._name(area), topic, shown[area]) for area in sorted(cells))

    def _name(self, code: str) -> str:
        return self._names.get(code, code)

    def _title(self, topic: str) -> str:
        return wording.title(topic, self._language, self._book)


def _rate(counts: Mapping[str, int]) -> Rate:
    return Rate(Figures(counts)["delivered"], statuses(counts, HANDED_OVER))


def _crossed(wave_id: int, rows: Mapping[str, Mapping[str, int]]) -> Rows:
    for row, cells in sorted(masked_table(rows).cells.items()):
        yield from ((wave_id, row, column, n) for column, n in sorted(cells.items()) if n != 0)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else periods.today_of(moment).isoformat()


def _code(reason: str) -> str:
    """A word of ours; what an officer or a provider wrote in words is not passed on."""
    return reason if reason and len(reason) <= 40 and reason.replace("-", "").isalnum() else "other"
