"""Staff write to the person of a case, on the person's own platform."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.cases import store
from bots.cases.acting import Act, acting
from bots.cases.canned import Canned, canned
from bots.cases.model import Case
from bots.platform import FETCHED, SMS, ChatTraits
from bots.readable import readable
from db.engine import Database
from messages.book import Book
from messages.errors import Mistake
from sms.segments import Count, count, in_gsm_7

__all__ = ["MOST_SEGMENTS", "Canned", "Draft", "canned", "draft", "reply"]

#: A reply is at most so many SMS: 402 letters with accents. What is longer is a letter, and arrives in pieces.
MOST_SEGMENTS = 6


@dataclass(frozen=True)
class Draft:
    """What would be sent, with the line that a person speaks where it belongs; `count` only by SMS."""

    text: str
    count: Count | None = None


def draft(case: Case, text: str, *, book: Book, now: datetime) -> Draft:
    """The reply as it would go out, not sent."""
    written = _with_opening(case, _clean(text), book, now)
    return Draft(written, count(written) if case.platform in SMS else None)


def reply(
    db: Database, case_id: int, *, by: int, text: str, seen: int, now: datetime, silent_hours: float, book: Book,
    traits: ChatTraits | None = None,
) -> int:
    """Writes to the person; returns the turn. Only for whoever has the case. The machine is silent for `silent_hours`.

    `seen` is the newest turn on the writer's page; `traits` those of the platform (rt.platforms[case.platform].traits).
    The first reply of a case, and the first after the machine spoke again, begins with a line that a person speaks.
    Who opted out of messages is answered like everybody else: they asked. Raises Mistake: case-unknown,
    case-not-allowed, case-closed, case-not-yours, case-moved-on (a colleague took it over), case-taken(name),
    case-answered-meanwhile(name), case-reply-empty, case-reply-too-long(n, most), case-sms-too-long(n, most),
    case-person-gone, case-window-closed(days).
    """
    if not _clean(text):
        raise Mistake("case-reply-empty")
    with acting(db, case_id, by=by, now=now) as act:
        _check_mine(act)
        twice = _sent_already(act, seen, _clean(text), book)
        if twice is not None:  # a second press of the button
            return twice
        _check_meanwhile(act, seen)
        _check_reachable(act.case, traits, now)
        written = draft(act.case, text, book=book, now=now)
        _check_length(written, traits or ChatTraits())
        turn_id = _store(act, written.text)
        store.attend(act.c, act.case.conversation_id, by, now + timedelta(hours=silent_hours))
        store.change(act.c, case_id, answered_at=act.case.answered_at or now)
        act.record("replied", turn=turn_id)
    return turn_id


def _clean(text: str) -> str:
    """Nothing of what was written is changed but what nobody sees: how letters and line ends are stored."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _with_opening(case: Case, text: str, book: Book, now: datetime) -> str:
    attended = case.attended_until is not None and case.attended_until > now
    return text if case.answered_at and attended else _opened(case, text, book)


def _opened(case: Case, text: str, book: Book) -> str:
    """The words behind the line that a person speaks."""
    language = case.language or "vi"
    if case.platform not in SMS:
        return f"{book.phrase('person_speaks', language, 'chat').strip()}\n\n{text}"
    # The line must not make two SMS of one by its accents.
    form = "sms" if in_gsm_7(text) else "sms-accented"
    return f"{book.phrase('person_speaks', language, form)} {text}"


def _check_mine(act: Act) -> None:
    """Who had it and lost it meanwhile learns that first."""
    case, by = act.case, act.officer.id
    if case.status == "claimed" and case.claimed_by != by and store.had_it(act.c, case.id, by):
        raise Mistake("case-moved-on")
    act.check_mine()


def _sent_already(act: Act, seen: int, text: str, book: Book) -> int | None:
    """The turn of these words, sent by the same person from the same page."""
    either = (text, _opened(act.case, text, book))
    for row in store.own_after(act.c, act.case.conversation_id, seen, act.officer.id):
        if readable(act.db, row.text_sealed, "turns.text") in either:
            return row.id
    return None


def _check_meanwhile(act: Act, seen: int) -> None:
    another = store.written_after(act.c, act.case.conversation_id, seen, act.officer.id)
    if another is not None:
        raise Mistake("case-answered-meanwhile", name=act.name_of(another))


def _check_reachable(case: Case, traits: ChatTraits | None, now: datetime) -> None:
    if case.gone_at:
        raise Mistake("case-person-gone")
    window = traits.window if traits else None
    if window and case.heard_at and now - case.heard_at > window:
        raise Mistake("case-window-closed", days=window.days)


def _check_length(draft: Draft, traits: ChatTraits) -> None:
    if draft.count and draft.count.segments > MOST_SEGMENTS:
        raise Mistake("case-sms-too-long", n=draft.count.segments, most=MOST_SEGMENTS)
    if len(draft.text) > traits.longest_text:
        raise Mistake("case-reply-too-long", n=len(draft.text), most=traits.longest_text)


def _store(act: Act, text: str) -> int:
    """The danger of the case goes with it: it leaves before others and is tried again like a cry's answer."""
    fetched = act.case.platform in FETCHED
    return store.add_reply(
        act.c, conversation_id=act.case.conversation_id, status="sent" if fetched else "to-send", at=act.now,
        text_sealed=act.db.seal.seal(text, "turns.text"), written_by=act.officer.id, language=act.case.language,
        danger=act.case.danger, sent_at=act.now if fetched else None,
    )
