"""The statements of cases. Private to the room."""

from datetime import datetime

from sqlalchemy import Connection, Label, and_, func, insert, not_, or_, select, true, update
from sqlalchemy import case as by_value

from db.tables import case_events, cases, conversations, staff, turns

_OPEN = cases.c.status.in_(("open", "claimed"))
_DANGER = by_value({"red": 0, "amber": 1}, value=cases.c.danger, else_=2)


def _waiting_since() -> Label:
    """The person's first message after the newest words of staff; before staff wrote at all, the case's beginning."""
    before = turns.alias()
    of_staff = (before.c.conversation_id == cases.c.conversation_id) & before.c.written_by.is_not(None)
    last = select(func.max(before.c.id)).where(of_staff).correlate(cases).scalar_subquery()
    heard = (turns.c.conversation_id == cases.c.conversation_id) & (turns.c.direction == "in")
    first = select(func.min(turns.c.at)).where(heard, turns.c.id > func.coalesce(last, 0)).correlate(cases)
    return by_value((cases.c.answered_at.is_(None), cases.c.opened_at), else_=first.scalar_subquery()).label("since")


_WAITING = _waiting_since()
_CASE = (
    *cases.c, conversations.c.platform, conversations.c.language, conversations.c.heard_at, conversations.c.gone_at,
    conversations.c.attended_by, conversations.c.attended_until, _WAITING.label("waiting_since"),
)


def _for(trained: bool):
    """What people trained in safeguarding may see, or everybody at the desk."""
    return true() if trained else cases.c.restricted.is_(False)


def to_do(c: Connection, trained: bool, limit: int):
    """Open and claimed cases, by danger and waiting time."""
    statement = select(*_CASE).join(conversations).where(_OPEN, _for(trained))
    return c.execute(statement.order_by(_DANGER, _WAITING.nulls_last(), cases.c.id).limit(limit)).all()


def closed(c: Connection, trained: bool, limit: int):
    statement = select(*_CASE).join(conversations).where(cases.c.status == "closed", _for(trained))
    return c.execute(statement.order_by(cases.c.closed_at.desc(), cases.c.id.desc()).limit(limit)).all()


def these(c: Connection, case_ids: list[int], trained: bool):
    """These cases, those opened last first."""
    statement = select(*_CASE).join(conversations).where(cases.c.id.in_(case_ids), _for(trained))
    return c.execute(statement.order_by(cases.c.opened_at.desc(), cases.c.id.desc())).all()


def one(c: Connection, case_id: int, trained: bool):
    statement = select(*_CASE).join(conversations).where(cases.c.id == case_id, _for(trained))
    return c.execute(statement).one_or_none()


def locked(c: Connection, case_id: int, trained: bool):
    """The same for who is about to change it: nobody else does until the end of the transaction."""
    talk = c.execute(select(cases.c.conversation_id).where(cases.c.id == case_id)).scalar_one_or_none()
    return one(c, case_id, trained) if talk is not None and lock_conversation(c, talk) else None


def others(c: Connection, conversation_id: int, case_id: int) -> list[int]:
    """Earlier and later cases of the same conversation, newest first."""
    statement = select(cases.c.id).where(cases.c.conversation_id == conversation_id, cases.c.id != case_id)
    return list(c.execute(statement.order_by(cases.c.id.desc())).scalars())


def count(c: Connection, trained: bool) -> int:
    return c.execute(select(func.count()).select_from(cases).where(_OPEN, _for(trained))).scalar_one()


def hidden(c: Connection) -> int:
    return c.execute(select(func.count()).select_from(cases).where(_OPEN, cases.c.restricted)).scalar_one()


def mark(c: Connection, trained: bool):
    """What moves whenever a case comes, goes or changes hands, or somebody in one says something."""
    talk = conversations.c
    columns = (
        func.count(), func.max(cases.c.id), func.sum(cases.c.version), func.max(cases.c.raised_at),
        func.max(talk.last_at), func.max(talk.heard_at), func.max(talk.attended_until),
    )
    statement = select(*columns).select_from(cases.join(conversations)).where(_OPEN, _for(trained))
    return c.execute(statement).one()


def case_mark(c: Connection, case_id: int):
    """What moves with each turn, whether it has left us, and each event."""
    under_way = turns.c.status.in_(("waiting", "to-send", "sending"))
    said = select(func.max(turns.c.id)).where(turns.c.conversation_id == cases.c.conversation_id)
    open_turns = select(func.count()).where(turns.c.conversation_id == cases.c.conversation_id, under_way)
    done = select(func.max(case_events.c.id)).where(case_events.c.case_id == cases.c.id)
    columns = (said, open_turns, done)
    statement = select(cases.c.version, *(each.correlate(cases).scalar_subquery() for each in columns))
    return c.execute(statement.where(cases.c.id == case_id)).one_or_none()


# -- what is done


def standing(c: Connection, conversation_id: int):
    """The open case of a conversation; None when there is none."""
    mine = (cases.c.conversation_id == conversation_id) & _OPEN
    columns = (
        cases.c.id, cases.c.danger, cases.c.reason, cases.c.restricted, cases.c.claimed_by, cases.c.version,
        cases.c.opened_at, cases.c.raised_at, cases.c.claimed_at,
    )
    return c.execute(select(*columns).where(mine).order_by(cases.c.id)).first()


def was_restricted(c: Connection, conversation_id: int) -> bool:
    found = select(cases.c.id).where(cases.c.conversation_id == conversation_id, cases.c.restricted)
    return c.execute(found.limit(1)).first() is not None


def was_touched(c: Connection, case_id: int, since: datetime) -> bool:
    """Whether somebody of the staff did something with the case after that moment."""
    by_staff = (case_events.c.case_id == case_id) & case_events.c.by.is_not(None) & (case_events.c.at > since)
    return c.execute(select(case_events.c.id).where(by_staff).limit(1)).first() is not None


def of_closed_accounts(c: Connection):
    """id, conversation_id, claimed_by and version of the cases whose holders may not sign in any more."""
    columns = (cases.c.id, cases.c.conversation_id, cases.c.claimed_by, cases.c.version)
    statement = select(*columns).join(staff, staff.c.id == cases.c.claimed_by)
    return c.execute(statement.where(cases.c.status == "claimed", staff.c.active.is_(False))).all()


def lock_conversation(c: Connection, conversation_id: int) -> bool:
    """Whether there is one. Whoever changes anything about its cases holds it: one after the other, and always in the
    same order of rows.
    """
    mine = select(conversations.c.id).where(conversations.c.id == conversation_id)
    statement = mine.with_for_update(key_share=True)  # what is said in it meanwhile need not wait
    return c.execute(statement).first() is not None


def add(c: Connection, **values) -> int:
    return c.execute(insert(cases).values(**values)).inserted_primary_key[0]


def change(c: Connection, case_id: int, **values) -> None:
    c.execute(update(cases).where(cases.c.id == case_id).values(**values))


def restrict(c: Connection, conversation_id: int, on: bool) -> None:
    """Every case of the conversation: each of them shows all that was said in it."""
    c.execute(update(cases).where(cases.c.conversation_id == conversation_id).values(restricted=on))


def add_event(c: Connection, **values) -> int:
    return c.execute(insert(case_events).values(**values)).inserted_primary_key[0]


def events(c: Connection, case_id: int):
    return c.execute(select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)).all()


def had_it(c: Connection, case_id: int, staff_id: int) -> bool:
    """Whether this person had the case once."""
    took = case_events.c.kind.in_(("claimed", "reopened")) & (case_events.c.by == staff_id)
    was_given = (case_events.c.kind == "handed-over") & (case_events.c.to == staff_id)
    statement = select(case_events.c.id).where(case_events.c.case_id == case_id, or_(took, was_given))
    return c.execute(statement.limit(1)).first() is not None


# -- the conversation of a case


def attend(c: Connection, conversation_id: int, staff_id: int, until: datetime) -> None:
    """From now on a person answers; the machine is silent until then."""
    _talk(c, conversation_id, attended_by=staff_id, attended_until=until, bot_returns=False)


def pass_on(c: Connection, conversation_id: int, staff_id: int) -> None:
    """Somebody else answers from now on, where a person does."""
    _talk(c, conversation_id, conversations.c.attended_by.is_not(None), attended_by=staff_id)


def leave(c: Connection, conversation_id: int) -> None:
    """The machine answers again, and says so where a person did."""
    attended = conversations.c.attended_by.is_not(None)
    _talk(c, conversation_id, attended, attended_by=None, attended_until=None, bot_returns=True)


def _talk(c: Connection, conversation_id: int, *only, **values) -> None:
    c.execute(update(conversations).where(conversations.c.id == conversation_id, *only).values(**values))


def add_reply(c: Connection, **values) -> int:
    return c.execute(insert(turns).values(direction="out", **values)).inserted_primary_key[0]


def heard_after(c: Connection, conversation_id: int, turn_id: int) -> bool:
    """Whether the person said something after this turn."""
    later = (turns.c.conversation_id == conversation_id) & (turns.c.id > turn_id) & (turns.c.direction == "in")
    return c.execute(select(turns.c.id).where(later).limit(1)).first() is not None


def own_after(c: Connection, conversation_id: int, turn_id: int, by: int):
    """What this person of the staff wrote after this turn."""
    later = (turns.c.conversation_id == conversation_id) & (turns.c.id > turn_id) & (turns.c.written_by == by)
    return c.execute(select(turns.c.id, turns.c.text_sealed).where(later)).all()


def written_after(c: Connection, conversation_id: int, turn_id: int, not_by: int) -> int | None:
    """Who else of the staff wrote to the person after this turn."""
    later = (turns.c.conversation_id == conversation_id) & (turns.c.id > turn_id)
    by_another = and_(turns.c.written_by.is_not(None), not_(turns.c.written_by == not_by))
    statement = select(turns.c.written_by).where(later, by_another).order_by(turns.c.id.desc()).limit(1)
    return c.execute(statement).scalar_one_or_none()
