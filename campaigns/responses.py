"""What readers of a wave did within a week of getting it: wrote back, asked the bot something, opted out.

Of several waves it is the newest they got. That somebody did something after a wave does not say that they did it
because of it. The functions take the caller's transaction. Everybody locks the rows in one order: opt-outs, responses,
their counts, the days of opt-outs.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.pacing import day_of
from campaigns.store import responses as store
from campaigns.store.responses import Got

REPLIED, ASKED, OPTED_OUT = "replied", "asked", "opted-out"
KINDS = (REPLIED, ASKED, OPTED_OUT)
WEEK = timedelta(days=7)
#: Platforms on which people are known by the number that waves go to.
PLATFORMS = ("sms",)
#: Why somebody is in the opt-out book whom a gateway refuses to send to: they told their carrier, nobody knows when.
BY_GATEWAY = "gateway"
#: Opt-outs that an officer took in from a file were said before, to others: they say nothing of the day, or of a wave.
CARRIED_OVER = "list"


def newest_got(c: Connection, person_index: bytes, at: datetime) -> Got | None:
    """The newest wave that this person (blind index of their number) got within the week before `at`."""
    return store.newest(c, person_index, at - WEEK, at)


def wave_of(c: Connection, person_index: bytes, at: datetime) -> int | None:
    """Its id."""
    got = newest_got(c, person_index, at)
    return got and got.wave_id


def note(c: Connection, person_index: bytes, kind: str, now: datetime) -> int | None:
    """The person did something of `kind` (one of KINDS): counted the first time after a wave they got within the week.

    Returns that wave. Who is on no list, or got nothing, is not counted.
    """
    return note_all(c, [person_index], kind, now).get(person_index)


def note_all(c: Connection, people: Collection[bytes], kind: str, now: datetime) -> dict[bytes, int]:
    """The same of many: person → wave."""
    after = {person: got for person in people if (got := newest_got(c, person, now))}
    first = [got for got in sorted(after.values(), key=_order) if store.note(c, got, kind, now)]
    store.count(c, Counter((got.wave_id, got.area or "", kind) for got in first))
    return {person: got.wave_id for person, got in after.items()}


def _order(got: Got) -> tuple[int, int]:
    return got.wave_id, got.contact_id


def count_optouts(c: Connection, people: Collection[bytes], channel: str, now: datetime) -> None:
    """These people have just opted out: counted on the day, in their communes. Whoever comes back stays counted: on
    that day they did not want to hear from us.
    """
    areas = store.areas(c, list(people))
    store.count_days(c, Counter((day_of(now), areas.get(person, ""), channel) for person in people))
