"""The bot's figures of a period, read from the counters. Nothing is masked here: that is for who shows them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bots.figures import store
from bots.figures.stretches import cover, days, first_of_week, stretches
from db.engine import Database


@dataclass(frozen=True)
class BotFigures:
    """Messages people wrote (`heard`), and what became of them: `understood` ones have a topic, for `abstained` ones
    none was found. `answered` times the machine said the answer of a topic; of these `helpful` and `unhelpful` were
    judged so. `began` conversations.
    """

    heard: int = 0
    understood: int = 0
    abstained: int = 0
    red: int = 0
    amber: int = 0
    answered: int = 0
    helpful: int = 0
    unhelpful: int = 0
    began: int = 0
    #: "vi", "en" → messages; "accented", "unaccented" → messages in Vietnamese.
    languages: Mapping[str, int] = field(default_factory=dict)
    registers: Mapping[str, int] = field(default_factory=dict)
    #: Topic → messages, and of its answers: how many were given, helped, did not help.
    topics: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    helpful_topics: Mapping[str, int] = field(default_factory=dict)
    unhelpful_topics: Mapping[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """Messages in which a topic was looked for: no pictures, no "thank you, it helped"."""
        return self.understood + self.abstained


def period(db: Database, start: date, end: date, platform: str | None = None) -> BotFigures:
    """From the beginning of one day in Vietnam to the end of another; of one platform or of all."""
    return _figures(_rows(db, start, end, platform))


def by_platform(db: Database, start: date, end: date) -> dict[str, BotFigures]:
    """The same for each platform on which anything happened, the busiest first."""
    rows: dict[str, list] = defaultdict(list)
    for row in _rows(db, start, end, None):
        rows[row.platform].append(row)
    found = {platform: _figures(those) for platform, those in rows.items()}
    return dict(sorted(found.items(), key=lambda each: (-each[1].heard, each[0])))


def together(platforms: Iterable[BotFigures]) -> BotFigures:
    """Figures of several platforms added up."""
    numbers: Counter[str] = Counter()
    keyed: dict[str, Counter[str]] = defaultdict(Counter)
    for figures in platforms:
        for name, value in vars(figures).items():
            if isinstance(value, int):
                numbers[name] += value
            else:
                keyed[name].update(value)
    return BotFigures(**numbers, **keyed)


def _rows(db: Database, start: date, end: date, platform: str | None) -> list:
    with db.reading() as c:
        return store.of_days(c, cover(start, end), platform)


def _figures(rows: Iterable) -> BotFigures:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for _platform, what, key, n in rows:
        found[what][key] += int(n)
    return BotFigures(
        heard=found["heard"].total(), understood=found["topic"].total(), abstained=found["abstained"].total(),
        red=found["danger"]["red"], amber=found["danger"]["amber"], answered=found["answered"].total(),
        helpful=found["helpful"].total(), unhelpful=found["unhelpful"].total(), began=found["began"].total(),
        languages=found["language"], registers=found["register"], topics=found["topic"], answers=found["answered"],
        helpful_topics=found["helpful"], unhelpful_topics=found["unhelpful"],
    )


def topics_by_day(
    db: Database, start: date, end: date, topics: Sequence[str] | None = None
) -> dict[date, dict[str, int]]:
    """Day in Vietnam → topic → messages, of all topics or of these; days without any are left out."""
    with db.reading() as c:
        rows = store.topics(c, days(start, end), topics)
    return _nested((date.fromisoformat(day), topic, n) for day, topic, n in rows)


def topics_by_week(
    db: Database, start: date, end: date, topics: Sequence[str] | None = None
) -> dict[date, dict[str, int]]:
    """The same by weeks, each named by its first day within the time asked for."""
    with db.reading() as c:
        rows = store.topics(c, stretches(start, end), topics)
    return _nested((first_of_week(stretch, start), topic, n) for stretch, topic, n in rows)


def by_area(db: Database, start: date, end: date) -> dict[str, int]:
    """Commune → messages with a topic, of people whose commune is known."""
    with db.reading() as c:
        return {area: int(n) for area, n in store.by_area(c, cover(start, end))}


def topics_by_area(
    db: Database, start: date, end: date, areas: Sequence[str] | None = None
) -> dict[str, dict[str, int]]:
    """Commune → topic → messages of people whose commune is known; of all communes or of these."""
    with db.reading() as c:
        return _nested(store.topics_by_area(c, days(start, end), areas))


def after_wave(db: Database, wave_id: int) -> dict[str, int]:
    """Topic → messages of people who had got this wave, as the newest one, within a week."""
    return after_waves(db, [wave_id]).get(wave_id, {})


def after_waves(db: Database, wave_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """The same for several waves, without those after which nothing was asked."""
    with db.reading() as c:
        return _nested(store.of_waves(c, list(wave_ids)))


def asked_after(db: Database, limit: int) -> dict[int, dict[str, int]]:
    """The same for the newest waves after which anything was asked, the newest first."""
    with db.reading() as c:
        newest = store.newest_waves(c, limit)
        found = _nested(store.of_waves(c, newest))
    return {wave_id: found[wave_id] for wave_id in newest if wave_id in found}


def _nested(rows: Iterable) -> dict:
    found: dict = defaultdict(Counter)
    for one, other, n in rows:
        found[one][other] += int(n)
    return {one: dict(those) for one, those in found.items()}
