"""Replays: asked for by a person, worked out in the background, kept sealed because they quote what people asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bots.answering import store
from bots.answering.living import living, overlaid
from bots.answering.model import Version, version
from bots.answering.replay import ASKED, Difference, Question, from_values, measuring, replay, to_values
from db.engine import Database
from db.seal import CannotOpen
from messages.book import Book
from messages.errors import Mistake

if TYPE_CHECKING:  # it brings NumPy and SciPy along
    from bots.engine import Engine

#: The newest questions of people that are asked again.
QUESTIONS = 2_000
#: A replay whose worker has not ended it by then is begun anew.
GONE_AFTER = timedelta(minutes=15)
_FIELD = "answer_replays.result_sealed"

Train = Callable[[Book], "Engine"]


@dataclass(frozen=True)
class Result:
    """`asked` and `measured`: how many questions of people and of the measuring set were played."""

    asked: int
    measured: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Replay:
    """status: waiting | working | done | failed. `current`: it played what the version says now."""

    status: str
    asked_at: datetime
    done_at: datetime | None
    current: bool
    result: Result | None


def ask(db: Database, version_id: int, *, by: int | None, now: datetime) -> int:
    """Asks for a replay of what a version says now; the one that is under way, if it plays the same. Raises Mistake:
    answer-version-unknown.
    """
    with db.transaction() as c:
        found = _version(store.version(c, version_id, lock=True), version_id)
        newest = store.newest_replay(c, version_id)
        digest = found.content.digest
        if newest and newest["digest"] == digest and newest["status"] in ("waiting", "working"):
            return newest["id"]
        return store.add_replay(c, version_id=version_id, digest=digest, asked_by=by, asked_at=now)


def newest(db: Database, found: Version) -> Replay | None:
    """The last replay of a version; None when nobody asked for one."""
    with db.reading() as c:
        row = store.newest_replay(c, found.id)
    if row is None:
        return None
    result = _opened(db, row["result_sealed"])
    current = row["digest"] == found.content.digest
    return Replay(row["status"], row["asked_at"], row["done_at"], current, result)


def work(
    db: Database, shipped: Book, *, train: Train, worker: str, clock: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> Mapping[str, int]:
    """Works out the oldest replay that waits; {} when none does. Cut off by `stop`, it waits again."""
    with db.transaction() as c:
        row = store.claim_replay(c, worker, clock(), clock() - GONE_AFTER)
    if row is None:
        return {}
    try:
        result = of_version(db, shipped, row["version_id"], train=train, stop=stop)
    except Exception:
        if not stop():
            _end(db, row["id"], worker, status="failed", done_at=clock())
            raise
    if stop():
        _end(db, row["id"], worker, status="waiting")
        return {}
    _end(db, row["id"], worker, status="done", done_at=clock(), result_sealed=_sealed(db, result))
    return {"replays": 1, "differences": len(result.differences)}


def of_version(
    db: Database, shipped: Book, version_id: int, *, train: Train, stop: Callable[[], bool] = lambda: False
) -> Result:
    """What would be answered differently if this version were live. Takes up to a minute. Raises Mistake:
    answer-version-unknown.
    """
    with db.reading() as c:
        found = _version(store.version(c, version_id), version_id)
        other = [row for row in store.under_way(c) if row["topic"] == found.topic and row["id"] != found.id]
    book = living(db, shipped)
    over = {(found.topic, found.language): found.content}
    if found.topic not in book.topics:  # a new topic: together with what is being written in the other language
        over |= {(row["topic"], row["language"]): version(row).content for row in other}
    lines = (*_heard(db), *measuring())
    differences = replay(train(book), train(overlaid(book, over)), lines, stop)
    return Result(len(lines) - len(measuring()), len(measuring()), tuple(differences))


def _heard(db: Database) -> list[Question]:
    with db.reading() as c:
        rows = store.heard(c, QUESTIONS)
    return [Question(text, ASKED) for row in rows if (text := _text(db, row.text_sealed))]


def _text(db: Database, sealed: bytes) -> str:
    """ "" for what cannot be opened any more."""
    try:
        return db.seal.open(sealed, "turns.text")
    except CannotOpen:
        return ""


def _sealed(db: Database, result: Result) -> bytes:
    values = {"asked": result.asked, "measured": result.measured, "differences": to_values(result.differences)}
    return db.seal.seal(json.dumps(values, ensure_ascii=False), _FIELD)


def _opened(db: Database, sealed: bytes | None) -> Result | None:
    try:
        values = json.loads(db.seal.open(sealed, _FIELD)) if sealed else None
    except CannotOpen:
        return None
    return Result(**{**values, "differences": tuple(from_values(values["differences"]))}) if values else None


def _end(db: Database, replay_id: int, worker: str, **values: object) -> None:
    with db.transaction() as c:
        store.end_replay(c, replay_id, worker, **values)


def _version(row, version_id: int) -> Version:
    if row is None:
        raise Mistake("answer-version-unknown", id=version_id)
    return version(row)
