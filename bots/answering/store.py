"""The statements about answers written by staff. Private to the room of bots."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from db.tables import answer_replays, answer_versions, turns

_OPEN = ("draft", "submitted", "returned")


#: PostgreSQL's name for "somebody begins a version": of two at once the second sees the first.
_LOCK = 7471


def lock_beginning(c: Connection) -> None:
    """One begins a version at a time; SQLite has one writer anyway."""
    if c.dialect.name == "postgresql":
        c.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def version(c: Connection, version_id: int, *, lock: bool = False) -> Mapping | None:
    """`lock` makes a second person on PostgreSQL wait; SQLite has one writer anyway."""
    statement = select(answer_versions).where(answer_versions.c.id == version_id)
    return c.execute(statement.with_for_update() if lock else statement).mappings().first()


def versions(c: Connection, topic: str, language: str | None = None) -> list[Mapping]:
    """Newest first."""
    found = select(answer_versions).where(answer_versions.c.topic == topic)
    if language:
        found = found.where(answer_versions.c.language == language)
    return list(c.execute(found.order_by(answer_versions.c.id.desc())).mappings())


def open_version(c: Connection, topic: str, language: str) -> Mapping | None:
    """The version somebody works on: there is one at most."""
    found = select(answer_versions).where(
        answer_versions.c.topic == topic, answer_versions.c.language == language, answer_versions.c.status.in_(_OPEN)
    )
    return c.execute(found.order_by(answer_versions.c.id.desc())).mappings().first()


def under_way(c: Connection) -> list[Mapping]:
    """Everything somebody works on, oldest first."""
    found = select(answer_versions).where(answer_versions.c.status.in_(_OPEN))
    return list(c.execute(found.order_by(answer_versions.c.id)).mappings())


def live(c: Connection) -> list[Mapping]:
    found = select(answer_versions).where(answer_versions.c.status == "live")
    return list(c.execute(found.order_by(answer_versions.c.topic, answer_versions.c.language)).mappings())


def live_ids(c: Connection) -> tuple[int, ...]:
    found = select(answer_versions.c.id).where(answer_versions.c.status == "live").order_by(answer_versions.c.id)
    return tuple(c.execute(found).scalars())


def add(c: Connection, row: Mapping[str, object]) -> int:
    """The next number of its topic and language. Two people at once meet the unique key."""
    last = select(func.coalesce(func.max(answer_versions.c.number), 0) + 1).where(
        answer_versions.c.topic == row["topic"], answer_versions.c.language == row["language"]
    )
    statement = insert(answer_versions).values(**row, number=last.scalar_subquery())
    return c.execute(statement.returning(answer_versions.c.id)).scalar_one()


def change(c: Connection, version_id: int, **values: object) -> None:
    c.execute(update(answer_versions).where(answer_versions.c.id == version_id).values(**values))


def replace_live(c: Connection, topic: str, language: str) -> None:
    """The live version of an answer, if there is one, makes room."""
    live_one = and_(answer_versions.c.topic == topic, answer_versions.c.language == language,
                    answer_versions.c.status == "live")  # fmt: skip
    c.execute(update(answer_versions).where(live_one).values(status="replaced"))


def heard(c: Connection, limit: int) -> list:
    """(id, text_sealed) of the newest questions that were answered, newest first."""
    found = select(turns.c.id, turns.c.text_sealed).where(turns.c.direction == "in", turns.c.status == "answered")
    return c.execute(found.order_by(turns.c.id.desc()).limit(limit)).all()


def asked_since(c: Connection, since: datetime) -> dict[str, int]:
    """Topic → how often it was answered since then."""
    found = select(turns.c.topic, func.count()).where(
        turns.c.direction == "in", turns.c.topic.is_not(None), turns.c.at >= since
    )
    return dict(tuple(row) for row in c.execute(found.group_by(turns.c.topic)))


def unhelpful_since(c: Connection, since: datetime, complaint: str) -> dict[str, int]:
    """Topic → how often the person then said that it did not help (the topic `complaint`)."""
    before = turns.alias("before")
    last = (
        select(before.c.topic)
        .where(before.c.conversation_id == turns.c.conversation_id, before.c.direction == "in",
               before.c.id < turns.c.id)
        .order_by(before.c.id.desc()).limit(1).scalar_subquery().label("topic")
    )  # fmt: skip
    said = select(last).where(turns.c.direction == "in", turns.c.topic == complaint, turns.c.at >= since).subquery()
    found = select(said.c.topic, func.count()).where(said.c.topic.is_not(None)).group_by(said.c.topic)
    return dict(tuple(row) for row in c.execute(found))


def add_replay(c: Connection, **values: object) -> int:
    return c.execute(insert(answer_replays).values(**values).returning(answer_replays.c.id)).scalar_one()


def newest_replay(c: Connection, version_id: int) -> Mapping | None:
    found = select(answer_replays).where(answer_replays.c.version_id == version_id)
    return c.execute(found.order_by(answer_replays.c.id.desc()).limit(1)).mappings().first()


def claim_replay(c: Connection, worker: str, now: datetime, gone: datetime) -> Mapping | None:
    """The oldest replay that waits, or whose worker began before `gone`; it is `worker`'s now."""
    forgotten = and_(answer_replays.c.status == "working", answer_replays.c.begun_at < gone)
    due = or_(answer_replays.c.status == "waiting", forgotten)
    chosen = select(answer_replays.c.id).where(due).order_by(answer_replays.c.id).limit(1)
    statement = update(answer_replays).where(answer_replays.c.id.in_(chosen.with_for_update(skip_locked=True)))
    taken = statement.values(status="working", worker=worker, begun_at=now).returning(*answer_replays.c)
    return c.execute(taken).mappings().first()


def end_replay(c: Connection, replay_id: int, worker: str, **values: object) -> None:
    mine = and_(answer_replays.c.id == replay_id, answer_replays.c.worker == worker)
    c.execute(update(answer_replays).where(mine, answer_replays.c.status == "working").values(**values))
