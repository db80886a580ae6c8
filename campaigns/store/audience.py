"""An audience as a condition on contacts, and why each of them would be skipped."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, exists, func, literal, null, or_, select

from campaigns.model import DAILY_LIMIT, DAY_HOURS, Form, Skip, Texts, Wave
from db.tables import contacts, deliveries, list_members, lists, optouts, waves


def list_ids(c: Connection, names: Sequence[str]) -> dict[str, int]:
    return {name: id for name, id in c.execute(select(lists.c.name, lists.c.id).where(lists.c.name.in_(names)))}


def list_names(c: Connection, ids: Sequence[int]) -> list[str]:
    return list(c.execute(select(lists.c.name).where(lists.c.id.in_(ids)).order_by(lists.c.name)).scalars())


def people(audience: Mapping[str, object], now: datetime) -> tuple[FromClause, ColumnElement[bool]]:
    """What to select from, and where: `contacts` of the audience, each once, beside their opt-out (NULL when none).

    Of a single list nobody is twice, so it is walked in its own order and no set of a million ids is held in memory.
    """
    on_list = and_(
        list_members.c.list_id.in_(audience["lists"]),
        or_(list_members.c.expires_at.is_(None), list_members.c.expires_at > now),
    )
    if len(audience["lists"]) == 1:
        return _beside_optouts(list_members.join(contacts, contacts.c.id == list_members.c.contact_id)), on_list
    return _beside_optouts(contacts), contacts.c.id.in_(select(list_members.c.contact_id).where(on_list))


def _beside_optouts(those: FromClause) -> FromClause:
    return those.outerjoin(optouts, optouts.c.person_index == contacts.c.number_index)


def skip_reason(
    wave: Wave, texts: Texts, *, leaves_machine: bool, limit_matters: bool, now: datetime
) -> ColumnElement[str | None]:
    """Why a row of `people` gets nothing from `wave`, or NULL."""
    reasons = [
        (optouts.c.person_index.is_not(None), Skip.OPTED_OUT),
        *([(contacts.c.made_up, Skip.MADE_UP)] if leaves_machine else []),
        (contacts.c.dead, Skip.DEAD),
        *((no_text, Skip.NO_TEXT) for no_text in _without_text(wave.form, texts)),
        *([(had_enough(now), Skip.DAILY_LIMIT)] if limit_matters else []),
    ]
    return case(*((condition, literal(str(reason))) for condition, reason in reasons), else_=null())


def reader() -> ColumnElement[str]:
    """The language a contact is written to in: "en", and Vietnamese for everybody else."""
    return case((contacts.c.language == "en", literal("en")), else_=literal("vi"))


def _without_text(form: str, texts: Texts) -> list[ColumnElement[bool]]:
    """The languages whose readers would get an empty message."""
    if form == Form.EN:
        return [] if texts.en else [literal(True)]
    return [reader() == language for language in ("vi", "en") if not texts.for_reader(language, form)]


def had_enough(now: datetime) -> ColumnElement[bool]:
    """Whether the contact already got DAILY_LIMIT messages; OFFSET stops at the first row too many."""
    sent = (
        select(literal(1))
        .select_from(deliveries)
        .where(deliveries.c.contact_id == contacts.c.id, deliveries.c.sent_at > since(now))
        .limit(1)
        .offset(DAILY_LIMIT - 1)
        .correlate(contacts)
    )
    return exists(sent)


def since(now: datetime) -> datetime:
    """The start of the 24 hours that end `now`."""
    return now - timedelta(hours=DAY_HOURS)


def limit_matters(c: Connection, wave_id: int, now: datetime) -> bool:
    """Whether anybody can have had enough: a wave reaches a person once, so it takes DAILY_LIMIT other recent waves.

    Spares a million look-ups when there were fewer, which is the usual day. A wave that ended counts an hour longer,
    for messages that were on their way.
    """
    recent = select(func.count()).where(
        waves.c.id != wave_id,
        waves.c.opened_at.is_not(None),
        or_(waves.c.finished_at.is_(None), waves.c.finished_at > since(now) - timedelta(hours=1)),
    )
    return c.execute(recent).scalar_one() >= DAILY_LIMIT
