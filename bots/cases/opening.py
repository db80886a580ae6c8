"""The machine hands somebody over to a person: one open case a conversation."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from bots.cases import store
from bots.model import DANGERS
from staff import accounts


def hand_over(
    c: Connection, conversation_id: int, danger: str, reason: str, now: datetime, by: int | None = None
) -> int:
    """The case of this conversation: a new one, or the open one, which can only become more urgent. `by`: the person of
    the staff who opens it.
    """
    store.lock_conversation(c, conversation_id)
    standing = store.standing(c, conversation_id)
    if standing is None:
        return _open(c, conversation_id, danger, reason, now, by)
    if DANGERS.index(danger) > DANGERS.index(standing.danger):
        store.change(c, standing.id, danger=danger, reason=_both(reason, standing.reason), raised_at=now)
        store.add_event(c, case_id=standing.id, kind="raised", by=by, at=now)
    elif _cries_again(c, standing, danger):
        store.change(c, standing.id, raised_at=now)
    if is_restricted(reason) and not standing.restricted:
        _restrict(c, conversation_id, standing, reason, now)
    return standing.id


def _cries_again(c: Connection, standing, danger: str) -> bool:
    """Whether somebody cries to who has their case already: then the staff have to do something once more, or others
    are called. Of several cries nobody answered the first counts.
    """
    if danger != "red" or standing.danger != "red" or standing.claimed_by is None:
        return False
    raised = standing.raised_at or standing.opened_at
    return raised <= standing.claimed_at or store.was_touched(c, standing.id, raised)


def _open(c: Connection, conversation_id: int, danger: str, reason: str, now: datetime, by: int | None) -> int:
    restricted = is_restricted(reason) or store.was_restricted(c, conversation_id)
    if restricted:  # the earlier ones show the same conversation
        store.restrict(c, conversation_id, True)
    case_id = store.add(c, conversation_id=conversation_id, danger=danger, reason=reason, restricted=restricted,
                        opened_at=now, raised_at=now, opened_by=by)
    store.add_event(c, case_id=case_id, kind="opened", by=by, at=now)
    return case_id


def _restrict(c: Connection, conversation_id: int, standing, reason: str, now: datetime) -> None:
    store.change(c, standing.id, reason=_both(reason, standing.reason))
    shut_away(c, conversation_id, now)
    store.add_event(c, case_id=standing.id, kind="restricted", at=now)


def shut_away(c: Connection, conversation_id: int, now: datetime) -> None:
    """The conversation is only for people trained in safeguarding: who has its open case and is not loses it, so that
    it waits for somebody again.
    """
    store.restrict(c, conversation_id, True)
    standing = store.standing(c, conversation_id)
    if standing and standing.claimed_by and not accounts.known(c, standing.claimed_by).may("safeguarding"):
        lay_down(c, standing.id, conversation_id, now)


def lay_down(c: Connection, case_id: int, conversation_id: int, now: datetime) -> None:
    """Who has the case loses it, by nobody's doing: others are called at once, the machine answers again."""
    store.change(c, case_id, status="open", claimed_by=None, claimed_at=None)
    store.leave(c, conversation_id)
    store.add_event(c, case_id=case_id, kind="released", at=now)


def is_restricted(reason: str) -> bool:
    """Whether a case of this reason is only for people trained in safeguarding."""
    return not _signs().isdisjoint(reason.split(", "))


def _both(newer: str, older: str) -> str:
    """What is known by now, the newer first; nothing that was a reason is forgotten."""
    codes = dict.fromkeys([*newer.split(", "), *older.split(", ")])
    return ", ".join(code for code in codes if code)


@cache
def _signs() -> frozenset[str]:
    with open(Path(__file__).with_name("restricted.toml"), "rb") as file:
        return frozenset(tomllib.load(file)["signs"])
