"""The statements about answers taken over and help lines called. Private to the room of bots."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from db.tables import answer_adoptions, answer_versions, line_checks


def version(c: Connection) -> tuple:
    """Another value as soon as something was adopted, or another answer of staff is live. Two indexed queries."""
    adopted = c.execute(select(func.max(answer_adoptions.c.id))).scalar_one()
    live = select(answer_versions.c.id).where(answer_versions.c.status == "live").order_by(answer_versions.c.id)
    return adopted, *c.execute(live).scalars()


def newest_adoptions(c: Connection) -> list:
    """The newest adoption of each group."""
    newest = select(func.max(answer_adoptions.c.id)).group_by(answer_adoptions.c.group)
    return list(c.execute(select(answer_adoptions).where(answer_adoptions.c.id.in_(newest))))


def add_adoption(c: Connection, *, group: str, answers: str, note: str, by: int | None, at: datetime) -> None:
    c.execute(insert(answer_adoptions).values(group=group, answers=answers, note=note, by=by, at=at))


def live_answers(c: Connection) -> list:
    """(topic, language, content) of the answers staff wrote and another person approved."""
    columns = (answer_versions.c.topic, answer_versions.c.language, answer_versions.c.content)
    return list(c.execute(select(*columns).where(answer_versions.c.status == "live")))


def newest_calls(c: Connection) -> list:
    """The newest test call of each number."""
    newest = select(func.max(line_checks.c.id)).group_by(line_checks.c.number)
    return list(c.execute(select(line_checks).where(line_checks.c.id.in_(newest))))


def add_call(c: Connection, *, number: str, outcome: str, note: str, by: int | None, at: datetime) -> None:
    c.execute(insert(line_checks).values(number=number, outcome=outcome, note=note, by=by, at=at))
