"""The statements about what was not answered. Private to the room of bots."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from bots.store import is_open
from db.new_rows import insert_into
from db.tables import answer_versions, conversations, hard_questions, keepsakes, question_groups, turns

_SEEN = "unanswered:seen"
_MINE = (turns.c.direction == "in", turns.c.status == "answered", turns.c.kind == "text",
         turns.c.danger.is_distinct_from("red"))  # fmt: skip
_TURN = (turns.c.id, turns.c.conversation_id, turns.c.text_sealed, turns.c.topic, turns.c.language, turns.c.at,
         conversations.c.platform, conversations.c.person_index, conversations.c.came_by)  # fmt: skip
_TALK = turns.join(conversations, conversations.c.id == turns.c.conversation_id)


def seen(c: Connection, *, lock: bool = False) -> int:
    """Up to which turn messages were taken in. `lock` makes another worker wait."""
    statement = select(keepsakes.c.value).where(keepsakes.c.name == _SEEN)
    value = c.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    return int(value) if value else 0


def see(c: Connection, turn_id: int) -> None:
    statement = insert_into(c, keepsakes).values(name=_SEEN, value=str(turn_id).encode())
    c.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value}))


def settled(c: Connection, before: datetime) -> int:
    """The newest turn up to which nothing waits for an answer or may still be on its way into the table."""
    newest = select(turns.c.id).where(turns.c.at <= before).order_by(turns.c.id.desc()).limit(1)
    waiting = select(func.min(turns.c.id)).where(is_open(), turns.c.status == "waiting")
    up_to, first = c.execute(newest).scalar_one_or_none() or 0, c.execute(waiting).scalar_one()
    return up_to if first is None else min(up_to, first - 1)


def heard(c: Connection, after: int, up_to: int, complaint: str, limit: int) -> list:
    """Messages without a topic that the machine replied to, and complaints about an answer, in order."""
    reply = turns.alias("reply")
    by_machine = (
        select(reply.c.id).where(reply.c.reply_to == turns.c.id, reply.c.written_by.is_(None)).exists()
    )
    hard = or_(turns.c.topic == complaint, and_(turns.c.topic.is_(None), by_machine))
    found = select(*_TURN).select_from(_TALK).where(*_MINE, hard, turns.c.id > after, turns.c.id <= up_to)
    found = found.where(conversations.c.platform != "terminal")
    return list(c.execute(found.order_by(turns.c.id).limit(limit)).all())


def before(c: Connection, conversation_id: int, turn_id: int, complaint: str):
    """The question before a complaint, or None."""
    found = select(*_TURN).select_from(_TALK).where(
        *_MINE, turns.c.conversation_id == conversation_id, turns.c.id < turn_id,
        turns.c.topic.is_distinct_from(complaint),
    )  # fmt: skip
    return c.execute(found.order_by(turns.c.id.desc()).limit(1)).one_or_none()


def unhelped(c: Connection, since: datetime, limit: int) -> list:
    """Questions asked since then whose answer was judged not to help and that are in no group yet, newest first."""
    reply = turns.alias("reply")
    known = select(hard_questions.c.turn_id).where(hard_questions.c.turn_id == turns.c.id).exists()
    found = (
        select(*_TURN).select_from(_TALK.join(reply, reply.c.reply_to == turns.c.id))
        .where(*_MINE, reply.c.helpful.is_(False), turns.c.at >= since, ~known, conversations.c.platform != "terminal")
    )  # fmt: skip
    return list(c.execute(found.order_by(reply.c.reply_to.desc()).limit(limit)).all())


def members(c: Connection, since: datetime, limit: int) -> list:
    """(group_id, language, text_sealed) of the newest questions asked since then, oldest first."""
    columns = (hard_questions.c.group_id, question_groups.c.language, hard_questions.c.text_sealed)
    found = select(*columns).join(question_groups).where(hard_questions.c.at >= since)
    return list(c.execute(found.order_by(hard_questions.c.turn_id.desc()).limit(limit)).all())[::-1]


def add_group(c: Connection, language: str, at: datetime) -> int:
    values = {"language": language, "first_at": at, "last_at": at}
    return c.execute(insert(question_groups).values(**values).returning(question_groups.c.id)).scalar_one()


def is_known(c: Connection, turn_id: int) -> bool:
    """Whether a question is in a group already."""
    return c.execute(select(hard_questions.c.turn_id).where(hard_questions.c.turn_id == turn_id)).first() is not None


def add_question(c: Connection, *, turn_id: int, group_id: int, **values: object) -> None:
    """Counts it, too: its conversation, where it is the first of it in this group."""
    mine = question_groups.c.id == group_id
    c.execute(select(question_groups.c.id).where(mine).with_for_update())  # two of one person may come at once
    new = not c.execute(_of_same_person(turn_id, group_id)).first()
    c.execute(insert(hard_questions).values(turn_id=turn_id, group_id=group_id, **values))
    more = {"asked": question_groups.c.asked + 1, "people": question_groups.c.people + int(new)}
    c.execute(update(question_groups).where(mine).values(more))


def _of_same_person(turn_id: int, group_id: int):
    earlier = turns.alias()
    same = (turns.c.id == turn_id) & (earlier.c.conversation_id == turns.c.conversation_id)
    there = hard_questions.join(earlier, earlier.c.id == hard_questions.c.turn_id).join(turns, same)
    return select(hard_questions.c.turn_id).select_from(there).where(hard_questions.c.group_id == group_id).limit(1)


def recounted(c: Connection, group_id: int | None = None) -> list:
    """(group, asked so far, people so far, asked, people) of the groups, or of this one, where they are not what the
    rows say.
    """
    asked, people = func.count(hard_questions.c.turn_id), func.count(turns.c.conversation_id.distinct())
    counted = (
        select(question_groups.c.id, question_groups.c.asked, question_groups.c.people, asked, people)
        .select_from(question_groups.outerjoin(hard_questions).outerjoin(turns, turns.c.id == hard_questions.c.turn_id))
        .group_by(question_groups.c.id)
    )
    if group_id is not None:
        counted = counted.where(question_groups.c.id == group_id)
    wrong = (question_groups.c.asked != asked) | (question_groups.c.people != people)
    return list(c.execute(counted.having(wrong).order_by(question_groups.c.id)).all())


def count(c: Connection, group_id: int, asked: int, people: int) -> None:
    c.execute(update(question_groups).where(question_groups.c.id == group_id).values(asked=asked, people=people))


def touch(c: Connection, group_id: int, at: datetime) -> None:
    """The group was asked about at `at`, which may be earlier or later than what it knows."""
    mine = question_groups.c.id == group_id
    c.execute(update(question_groups).where(mine, question_groups.c.first_at > at).values(first_at=at))
    c.execute(update(question_groups).where(mine, question_groups.c.last_at < at).values(last_at=at))


def group(c: Connection, group_id: int, *, lock: bool = False) -> Mapping | None:
    statement = select(question_groups).where(question_groups.c.id == group_id)
    return c.execute(statement.with_for_update() if lock else statement).mappings().first()


def change(c: Connection, group_id: int, **values: object) -> None:
    c.execute(update(question_groups).where(question_groups.c.id == group_id).values(**values))


def under_way(c: Connection) -> list[Mapping]:
    """Open groups for which something was decided, and those that are done, as their answer may be taken back."""
    found = question_groups.c.decision.in_(("example", "draft"))
    return list(c.execute(select(question_groups).where(found)).mappings())


def versions_since(c: Connection, topic: str, language: str, since: datetime) -> list:
    """(status, decided_at) of the versions of an answer that were worked on or live since then."""
    columns = (answer_versions.c.status, answer_versions.c.decided_at)
    mine = (answer_versions.c.topic == topic, answer_versions.c.language == language)
    recent = or_(answer_versions.c.decided_at.is_(None), answer_versions.c.decided_at >= since)
    return list(c.execute(select(*columns).where(*mine, recent).order_by(answer_versions.c.id)).all())


_ASKED = func.count(hard_questions.c.turn_id)
_PEOPLE = func.count(turns.c.conversation_id.distinct())
#: What a group itself knows but its counts: those of some week or area only are other ones.
_OF_A_GROUP = [column for column in question_groups.c if column.name not in ("asked", "people")]


def groups(
    c: Connection, *, status: str | None, area: str | None, week: str | None, under_way: bool | None = None,
    limit: int, offset: int = 0, group_id: int | None = None,
) -> list[Mapping]:
    """Groups with their counts, those that most people asked first: one person may ask a thousand times."""
    after = hard_questions.c.at > question_groups.c.decided_at
    found = (
        select(
            *_OF_A_GROUP, _ASKED.label("asked"), _PEOPLE.label("people"),
            func.count().filter(hard_questions.c.why == "not-helpful").label("not_helpful"),
            func.count().filter(after).label("since"), func.max(hard_questions.c.turn_id).label("newest"),
        )
        .select_from(question_groups.join(hard_questions).join(turns, turns.c.id == hard_questions.c.turn_id))
        .where(*_chosen(status, area, week, under_way, group_id)).group_by(question_groups.c.id)
    )  # fmt: skip
    order = (_PEOPLE.desc(), _ASKED.desc(), question_groups.c.last_at.desc(), question_groups.c.id)
    return list(c.execute(found.order_by(*order).limit(limit).offset(offset)).mappings())


def _chosen(status, area, week, under_way, group_id) -> list:
    wanted = []
    if group_id is not None:
        wanted.append(question_groups.c.id == group_id)
    if status:
        wanted.append(question_groups.c.status == status)
    if under_way is not None:
        wanted.append(question_groups.c.decision.is_not(None) if under_way else question_groups.c.decision.is_(None))
    if area:
        wanted.append(hard_questions.c.area == area)
    if week:
        wanted.append(hard_questions.c.week == week)
    return wanted


def most_asked(c: Connection, status: str, limit: int) -> list:
    """(id, language, people, the newest question's text) of the groups that most people asked, as was counted."""
    newest = (
        select(hard_questions.c.text_sealed).where(hard_questions.c.group_id == question_groups.c.id)
        .order_by(hard_questions.c.at.desc(), hard_questions.c.turn_id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    found = select(question_groups.c.id, question_groups.c.language, question_groups.c.people, newest.label("sealed"))
    order = (question_groups.c.people.desc(), question_groups.c.asked.desc(), question_groups.c.id.desc())
    return list(c.execute(found.where(question_groups.c.status == status).order_by(*order).limit(limit)).all())


def count_groups(c: Connection) -> dict[str, int]:
    """Status → how many groups."""
    found = select(question_groups.c.status, func.count()).group_by(question_groups.c.status)
    return {status: n for status, n in c.execute(found)}


def by(c: Connection, column: str, ids: Sequence[int]) -> list:
    """(group, area or week, how many) of these groups."""
    key = hard_questions.c[column]
    found = select(hard_questions.c.group_id, key, func.count()).where(hard_questions.c.group_id.in_(ids))
    return list(c.execute(found.where(key.is_not(None)).group_by(hard_questions.c.group_id, key).order_by(key)).all())


def areas(c: Connection) -> list[str]:
    """The areas that questions came from."""
    found = select(hard_questions.c.area).where(hard_questions.c.area.is_not(None)).distinct()
    return list(c.execute(found.order_by(hard_questions.c.area)).scalars())


def texts(c: Connection, turn_ids: Iterable[int]) -> dict[int, bytes]:
    found = select(hard_questions.c.turn_id, hard_questions.c.text_sealed)
    return {id: sealed for id, sealed in c.execute(found.where(hard_questions.c.turn_id.in_(list(turn_ids))))}


def questions(c: Connection, group_id: int, limit: int) -> list:
    """(text_sealed, why, at) of a group, newest first."""
    columns = (hard_questions.c.text_sealed, hard_questions.c.why, hard_questions.c.at)
    found = select(*columns).where(hard_questions.c.group_id == group_id)
    return list(c.execute(found.order_by(hard_questions.c.turn_id.desc()).limit(limit)).all())
