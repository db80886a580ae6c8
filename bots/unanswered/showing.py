"""What the desk reads: groups with their counts, the wordings of one, and which topics they come near."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bots.unanswered import store
from bots.unanswered.masking import HIDDEN
from bots.unanswered.model import OPEN, SEALED_AS, WEEKS, Asked, Asking, Group, last_weeks
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake

if TYPE_CHECKING:  # it brings NumPy and SciPy along
    from bots.engine import Engine

#: Questions of a group that are read, and those the bot is asked for what it makes of them.
MOST, TRIED = 400, 20
SUGGESTED = 3


@dataclass(frozen=True)
class Near:
    """A topic that questions of a group come near: for `first` of the `tried` it is the likeliest; `confidence` is the
    mean chance the bot gives it there.
    """

    topic: str
    first: int
    tried: int
    confidence: float


def groups(
    db: Database, *, now: datetime, status: str | None = None, area: str | None = None, week: str | None = None,
    under_way: bool | None = None, limit: int = 50, offset: int = 0,
) -> list[Group]:
    """Those that most people asked first; of `area` and `week` only what was asked there and then is counted."""
    with db.reading() as c:
        rows = store.groups(c, status=status, area=area, week=week, under_way=under_way, limit=limit, offset=offset)
        return _groups(db, c, rows, now)


def most_asked(db: Database, *, limit: int) -> list[Asking]:
    """The open groups that most people asked, as was counted when they asked: no question is looked at."""
    with db.reading() as c:
        rows = store.most_asked(c, OPEN, limit)
    return [Asking(row.id, row.language, _opened(db, row.sealed or b""), row.people) for row in rows]


def group(db: Database, group_id: int, *, now: datetime) -> Group:
    """Raises Mistake: questions-unknown."""
    with db.reading() as c:
        rows = store.groups(c, status=None, area=None, week=None, limit=1, group_id=group_id)
        if not rows:
            raise Mistake("questions-unknown", n=group_id)
        return _groups(db, c, rows, now)[0]


def counts(db: Database) -> Mapping[str, int]:
    """Status → how many groups."""
    with db.reading() as c:
        return store.count_groups(c)


def areas(db: Database) -> list[str]:
    """The codes of the areas that questions came from."""
    with db.reading() as c:
        return store.areas(c)


def weeks(db: Database, group_id: int) -> list[tuple[str, int]]:
    """(Monday, how often it was asked in that week), oldest first."""
    with db.reading() as c:
        return [(week, n) for _, week, n in store.by(c, "week", [group_id])]


def wordings(db: Database, group_id: int) -> list[Asked]:
    """What was asked, masked: each wording once, the commonest first."""
    with db.reading() as c:
        rows = store.questions(c, group_id, MOST)
    times: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for row in rows:
        text = _opened(db, row.text_sealed)
        times[text] += 1
        last.setdefault(text, row.at)
    found = [Asked(text, n, last[text]) for text, n in times.items() if text]
    return sorted(found, key=lambda each: (-each.times, -each.last_at.timestamp()))


def whole(found: Iterable[Asked]) -> list[str]:
    """Those in which nothing was hidden."""
    return [each.text for each in found if HIDDEN not in each.text]


def nearest(engine: "Engine", texts: Sequence[str]) -> list[Near]:
    """The topics that the bot puts first for these questions, whether or not it is sure."""
    texts = list(texts)[:TRIED]
    chances: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        route = engine.router.route(text, explain=False)
        if route.topics:
            chances[route.topics[0]].append(route.confidence)
    found = [Near(topic, len(sure), len(texts), sum(sure) / len(sure)) for topic, sure in chances.items()]
    return sorted(found, key=lambda near: (-near.first, -near.confidence))[:SUGGESTED]


def _groups(db: Database, c: Connection, rows: Sequence[Mapping], now: datetime) -> list[Group]:
    ids = [row["id"] for row in rows]
    newest = store.texts(c, [row["newest"] for row in rows])
    places, asked = _counted(store.by(c, "area", ids)), _counted(store.by(c, "week", ids))
    mondays = last_weeks(now, WEEKS)
    return [
        Group(
            **{name: value for name, value in row.items() if name != "newest"},
            line=_opened(db, newest.get(row["newest"], b"")),
            weeks=[asked[row["id"]].get(monday, 0) for monday in mondays],
            areas=places[row["id"]],
        )
        for row in rows
    ]


def _counted(rows: Iterable) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for group_id, key, n in rows:
        found[group_id][key] = n
    return found


def _opened(db: Database, sealed: bytes) -> str:
    """ "" for what cannot be opened any more."""
    try:
        return db.seal.open(sealed, SEALED_AS)
    except CannotOpen:
        return ""
