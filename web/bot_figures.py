"""What the page about the bot shows of a period: composed and masked here, for the template and for files alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from bots import figures
from bots.figures import BotFigures
from bots.figures import places as figures_by_place
from bots.figures.places import UNKNOWN
from bots.talk_figures import DeskFigures
from campaigns import areas, maps, waves
from campaigns.figures.intervals import Rate
from campaigns.figures.masking import masked
from campaigns.figures.masking_rates import masked_rates
from campaigns.periods import Period
from db.engine import Database
from messages.book import Book
from runtime.report import wording
from runtime.report.summary import few
from web.here import reader

#: Topics followed over time, waves, and communes of which it is told what is asked there most.
FOLLOWED, WAVES, ASKED_MOST = 6, 6, 20
#: A longer period is told by weeks.
_BY_DAYS = 7


@dataclass(frozen=True)
class Topic:
    """`asked` None = hidden; `helped` of those who said, None = hidden."""

    id: str
    title: str
    asked: int | None
    helped: Rate | None


@dataclass(frozen=True)
class Followed:
    """A topic over time: (first day of each stretch of it, messages or None = hidden)."""

    title: str
    times: Sequence[tuple[date, int | None]]


@dataclass(frozen=True)
class OnPlatform:
    platform: str
    began: int | None
    heard: int | None
    understood: Rate | None
    helped: Rate | None
    red: int | None
    amber: int | None


@dataclass(frozen=True)
class Place:
    """A commune with the former district it lies in, and what is asked most there, as far as it may be told."""

    name: str
    district: str
    asked: int | None
    most: str = ""


@dataclass(frozen=True)
class AfterWave:
    """`topics` asked after it, the commonest first, as (title, how often or None = hidden); `asked` None = hidden."""

    wave_id: int
    name: str
    asked: int | None
    topics: Sequence[tuple[str, int | None]]


def understood(found: BotFigures) -> Rate:
    """Of the messages in which a topic was looked for, those in which one was found."""
    return Rate(found.understood, found.asked)


def abstained(found: BotFigures) -> Rate:
    return Rate(found.abstained, found.asked)


def helped(found: BotFigures) -> Rate:
    return Rate(found.helpful, found.helpful + found.unhelpful)


def topics(book: Book, found: BotFigures) -> list[Topic]:
    """All topics of the period, the commonest first, those that are hidden last."""
    asked = masked(found.topics, found.understood)
    judged = {
        topic: Rate(found.helpful_topics.get(topic, 0),
                    found.helpful_topics.get(topic, 0) + found.unhelpful_topics.get(topic, 0))
        for topic in {*asked, *found.helpful_topics, *found.unhelpful_topics}
    }  # fmt: skip
    rates, _whole = masked_rates(judged, dict.fromkeys(judged, ""))
    rows = [Topic(topic, title(book, topic), n, rates[topic].rate) for topic, n in asked.items()]
    return sorted(rows, key=lambda row: (row.asked is None, -(row.asked or 0), row.title))


def over_time(db: Database, period: Period, rows: Sequence[Topic]) -> list[Followed]:
    """The commonest topics by days, or by weeks where the period is longer."""
    rows = [row for row in rows if row.asked][:FOLLOWED]
    counted = figures.topics_by_week if by_weeks(period) else figures.topics_by_day
    found = counted(db, period.start, period.end, [row.id for row in rows]) if rows else {}
    times = [day for day in period.days if not by_weeks(period) or day == period.start or not day.weekday()]
    return [
        Followed(row.title, list(masked({day: found.get(day, {}).get(row.id, 0) for day in times}, row.asked).items()))
        for row in rows
    ]


def by_weeks(period: Period) -> bool:
    return (period.end - period.start).days >= _BY_DAYS


def by_platform(found: Mapping[str, BotFigures]) -> list[OnPlatform]:
    """The busiest first, those that are hidden last and by name."""

    def counted(name: str) -> dict[str, int | None]:
        counts = {platform: getattr(each, name) for platform, each in found.items()}
        return masked(counts, sum(counts.values()))

    def rated(rate) -> dict:
        return masked_rates({platform: rate(each) for platform, each in found.items()}, dict.fromkeys(found, ""))[0]

    began, heard, red, amber = (counted(name) for name in ("began", "heard", "red", "amber"))
    met, liked = rated(understood), rated(helped)
    return [
        OnPlatform(each, began[each], heard[each], met[each].rate, liked[each].rate, red[each], amber[each])
        for each in sorted(found, key=lambda each: _first(heard[each], each))
    ]


Pairs = list[tuple[str, int | None]]
#: What was waited for, and how long half of the cases waited at most; None where nobody has got there yet.
Wait = tuple[str, timedelta | None]


def by_area(db: Database, book: Book, month: Period, whole: int) -> tuple[list[Place], Pairs, int | None]:
    """Communes and former districts by questions, the most first and those that are hidden last, and how many of all
    questions, `whole`, came from nobody knows where.
    """
    communes, districts = figures_by_place.of_month(db, month, whole)
    if not communes:
        return [], [], whole
    with db.reading() as c:
        names = areas.names(c)
    home = {spot.code: spot.district for spot in maps.spots(db)}
    shown = {code: n for code, n in communes.items() if code != UNKNOWN}
    codes = sorted(shown, key=lambda code: _first(shown[code], names.get(code, code)))
    asked = figures.topics_by_area(db, month.start, month.end, codes[:ASKED_MOST])
    places = [
        Place(names.get(code, code), home.get(code, ""), shown[code], _most(book, asked.get(code, {}), shown[code]))
        for code in codes
    ]
    rows = [(names.get(name, name), n) for name, n in districts.items() if name != UNKNOWN]
    return places, sorted(rows, key=lambda row: _first(row[1], row[0])), communes[UNKNOWN]


def _first(n: int | None, name: str) -> tuple:
    return n is None, -(n or 0), name


def _most(book: Book, there: Mapping[str, int], whole: int | None) -> str:
    """The topic asked most in a commune, where that is not hidden."""
    if whole is None or not there:
        return ""
    topic, n = max(masked(there, whole).items(), key=lambda each: (each[1] or 0, each[0]))
    return title(book, topic) if n else ""


def after_waves(db: Database, book: Book) -> list[AfterWave]:
    """The newest waves after which anything was asked."""
    found = figures.asked_after(db, WAVES)
    names = {wave.id: wave.name for wave in waves.several(db, list(found))}
    return [
        AfterWave(wave_id, names.get(wave_id, str(wave_id)), few(sum(asked.values())), _named(book, asked))
        for wave_id, asked in found.items()
    ]


def _named(book: Book, asked: Mapping[str, int]) -> list[tuple[str, int | None]]:
    shown = masked(asked, sum(asked.values()))
    first = sorted(shown.items(), key=lambda each: _first(each[1], each[0]))
    return [(title(book, topic), n) for topic, n in first]


def desk_counts(desk: DeskFigures) -> Pairs:
    return [(_("Cases for a person"), desk.opened), (_("of these of people in danger"), few(desk.red)),
            (_("Still open"), desk.still_open)]  # fmt: skip


def desk_waits(desk: DeskFigures) -> list[Wait]:
    return [(_("Until somebody took the case"), desk.until_claimed), (_("Until a person wrote"), desk.until_answered),
            (_("Until it was closed"), desk.until_closed)]  # fmt: skip


def shares(counts: Mapping[str, int], words: Mapping[str, object]) -> list[tuple[str, int | None]]:
    """Counts of few kinds with the kinds in words, the commonest first."""
    shown = masked(counts, sum(counts.values()))
    rows = sorted(shown.items(), key=lambda each: _first(each[1], each[0]))
    return [(str(words.get(key, key)), n) for key, n in rows]


def title(book: Book, topic: str) -> str:
    return wording.title(topic, reader(), book)
