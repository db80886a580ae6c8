"""A case as its page shows it: what was said as bubbles, what was done as lines, whom one writes to and until when, and
the reply that is being written.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from bots import inbox
from bots.cases import answering, talks
from bots.cases.model import Case, Event
from bots.desk import Turn
from bots.platform import SMS, ChatTraits, channel_of
from campaigns.masking import masked
from sms.segments import Count
from web.case_words import CASE_EVENTS
from web.here import now, officer, reader, rt
from web.language import moment

#: "latitude, longitude", as platforms give a place.
_SPOT = re.compile(r"(-?\d{1,3}\.?\d*),\s*(-?\d{1,3}\.?\d*)")
#: Of somebody without a phone number so many last characters of the platform's own id tell two apart.
TAIL = 4
LONGEST = 4000
#: Approved answers offered at once.
OFFERED = 6
_Names = Callable[[int | None], str]


@dataclass(frozen=True)
class Bubble:
    """`side`: "in" (the person), "machine" or "staff". `spot` is where they are, for a map; `late`: how long after it
    was written it left us, where that was long.
    """

    turn: Turn
    side: str
    who: str
    spot: str = ""
    late: timedelta | None = None


def bubbles(turns: Sequence[Turn], who: _Names) -> list[Bubble]:
    return [_bubble(turn, who) for turn in turns]


def _bubble(turn: Turn, who: _Names) -> Bubble:
    if turn.direction == "in":
        spot = _SPOT.fullmatch(turn.text.strip()) if turn.kind == "location" else None
        return Bubble(turn, "in", _("The person"), ",".join(spot.groups()) if spot else "")
    late = turn.sent_at - turn.at if turn.sent_at and turn.sent_at - turn.at > timedelta(minutes=2) else None
    if turn.written_by is None:
        return Bubble(turn, "machine", _("The machine"), late=late)
    return Bubble(turn, "staff", who(turn.written_by), late=late)


@dataclass(frozen=True)
class Line:
    """One thing that happened to the case; `text` are the words somebody left with it."""

    words: str
    at: datetime
    text: str = ""


def lines(events: Sequence[Event], who: _Names) -> list[Line]:
    """What was done, the newest first."""
    return [_line(event, who) for event in reversed(events)]


def _line(event: Event, who: _Names) -> Line:
    by_somebody = f"{event.kind}-by"
    words = CASE_EVENTS[by_somebody if event.by and by_somebody in CASE_EVENTS else event.kind]
    return Line(str(words) % {"who": who(event.by), "to": who(event.to)}, event.at, event.text)


@dataclass(frozen=True)
class Note:
    """What happened while somebody wrote; `tone` as components.banner takes it."""

    words: str
    tone: str = "info"


def meanwhile(turns: Sequence[Turn], seen: int, who: _Names) -> list[Note]:
    """What was said after the turn `seen`: by a colleague, by the machine, by the person."""
    later = [turn for turn in turns if turn.id > seen]
    found = []
    for turn in later:
        if turn.written_by not in (None, officer.id):
            words = _("%(who)s answered at %(when)s. Read it before you send yours.", who=who(turn.written_by),
                      when=moment(turn.at))
            found.append(Note(words, "warn"))
    if any(turn.direction == "out" and turn.written_by is None for turn in later):
        found.append(Note(_("The machine has said something since."), "warn"))
    if any(turn.direction == "in" for turn in later):
        found.append(Note(_("The person has written again.")))
    return found


@dataclass(frozen=True)
class Reach:
    """Whom one writes to, as this officer may see it. `call`: the number to dial, only for who may see numbers;
    `until`: the platform takes words for this person so long, None for ever.
    """

    person: str
    call: str = ""
    until: datetime | None = None


def reach(case: Case) -> Reach:
    address = talks.show(rt.db, officer, case.conversation_id).address
    traits = traits_of(case.platform)
    until = case.heard_at + traits.window if traits and traits.window and case.heard_at else None
    call = address if case.platform in SMS and officer.may("see-numbers") else ""
    return Reach(person_of(case.platform, address, in_full=bool(call)), call, until)


def person_of(platform: str, address: str, in_full: bool = False) -> str:
    """A number masked, or whole in groups; of another id its end."""
    if platform in SMS:
        return _in_groups(address) if in_full else masked(address)
    return f"…{address[-TAIL:]}"


def _in_groups(number: str) -> str:
    """
    >>> _in_groups("+84912345678"), _in_groups("+447911123400")
    ('+84 912 345 678', '+44 7911 123 400')
    """
    country, rest = number[:3], number[3:]
    return f"{country} {rest[:-6]} {rest[-6:-3]} {rest[-3:]}"


def traits_of(platform: str) -> ChatTraits | None:
    """None for a platform that is not set up here any more."""
    return rt.platforms[platform].traits if platform in rt.platforms else None


@dataclass(frozen=True)
class Box:
    """The reply that is being written: `whole` is what would be sent, `count` how long that is by SMS. `offered` are
    approved answers in which the words `find` stand.
    """

    text: str
    find: str
    whole: str
    count: Count | None
    longest: int
    offered: Sequence[answering.Canned]


def box(case: Case, text: str, find: str, insert: str = "") -> Box:
    """`insert` names an approved answer that is put behind what stands in the box."""
    text, find = text[: 2 * LONGEST], find.strip()[:200]
    if insert:
        text = _with(case, text, insert)
    draft = answering.draft(case, text, book=rt.book, now=now()) if text.strip() else None
    traits = traits_of(case.platform)
    return Box(
        text, find, draft.text if draft else "", draft.count if draft else None,
        traits.longest_text if traits else LONGEST, _approved(case, find)[:OFFERED] if find else (),
    )  # fmt: skip


def _with(case: Case, text: str, topic: str) -> str:
    found = [each.text for each in _approved(case, "", most=10_000) if each.topic == topic]
    return "\n\n".join(part for part in (text.rstrip(), *found) if part)


def _approved(case: Case, words: str, most: int = OFFERED) -> list[answering.Canned]:
    """In the person's language; where words go out into the world only what this office has adopted."""
    language = case.language or reader()
    channel = channel_of(case.platform)
    return answering.canned(rt.book, language, channel, words, most, may_say=_may_say(case))


def _may_say(case: Case) -> frozenset[str] | None:
    if not rt.leaves(case.platform, None):
        return None
    return inbox.may_say(rt.db, rt.book, now())

