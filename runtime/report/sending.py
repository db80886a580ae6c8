"""Whom the report goes to and when: once a month to each address, however many processes ask.

What was done stands in a row of its own for each month and address. It is claimed before the letter leaves, so that two
processes never both send it. Who dies in the middle leaves a claim that runs out: then the letter goes again under the
same Message-ID, because two letters do no harm and none does.
"""

import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from bots.alerts.model import Letter
from campaigns import periods
from campaigns.pacing import ZONE
from db import keepsakes
from db.engine import Database
from db.types import from_utc_text, utc_text
from messages.book import Book
from runtime.report import wording
from runtime.report.summary import Summary
from sms.gateway import Consequence, Fate, Outcome

#: The hour in Vietnam from which on the letter goes.
HOUR = 8
#: A claim is taken for a dead process's after this.
CLAIM = timedelta(hours=1)
#: A letter that could not be handed over is tried again after this, so often; one of which nobody can tell only once
#: more.
AGAIN = timedelta(hours=1)
MOST_TRIES, MOST_UNKNOWN = 24, 2
_SENDING, _SENT, _LATER, _GIVEN_UP = "sending", "sent", "later", "given-up"


@dataclass(frozen=True)
class Reader:
    """Whom a report goes to: "vi" or "en"."""

    address: str
    language: str


def readers(setting: str) -> Sequence[Reader]:
    """The addresses of REPORT_TO, with commas between; "en:" before one who reads English.

    >>> [reader.language for reader in readers("giamdoc@example.vn, en:partner@example.org")]
    ['vi', 'en']
    """
    given = (part.strip().partition(":") for part in setting.split(",") if part.strip())
    return [Reader(rest.strip(), first.strip()) if rest else Reader(first, "vi") for first, _, rest in given]


def due(day: int, now: datetime) -> date | None:
    """The month whose report is due at `now`, when it goes on `day` of the month after (on its last day where it has
    not so many); None before.

    >>> due(1, datetime(2026, 12, 1, 2, 0, tzinfo=ZONE)), due(1, datetime(2026, 12, 1, 8, 0, tzinfo=ZONE))
    (None, datetime.date(2026, 11, 1))
    """
    local = now.astimezone(ZONE)
    falls = min(day, monthrange(local.year, local.month)[1])
    if (local.day, local.hour) < (falls, HOUR):
        return None
    return periods.before(local.date())


def letter(told: Summary, reader: Reader, book: Book, public_url: str) -> Letter:
    url = f"{public_url}/figures/report/{told.period.name}?lang={reader.language}"
    return Letter(
        key=f"report-{told.period.name}-{_digest(reader)}",
        to=reader.address,
        subject=wording.subject(told, reader.language),
        text=wording.letter(told, reader.language, book, url),
    )


def claim(db: Database, first: date, reader: Reader, now: datetime) -> int:
    """The number of this try when the caller is to send the letter now, else 0; on the disk before it leaves."""
    name = _name(first, reader)
    with db.transaction(durable=True) as c:
        if keepsakes.claim(c, name, _state(_SENDING, 1, now + CLAIM)):
            return 1
        known = json.loads(keepsakes.read(c, name, lock=True))
        if known["state"] in (_SENT, _GIVEN_UP) or from_utc_text(known["until"]) > now:
            return 0
        keepsakes.write(c, name, _state(_SENDING, known["tries"] + 1, now + CLAIM))
        return known["tries"] + 1


def record(db: Database, first: date, reader: Reader, tries: int, outcome: Outcome, now: datetime) -> str:
    """What became of a claimed letter: sent | later | given-up."""
    state = _after(outcome, tries)
    with db.transaction() as c:
        keepsakes.write(c, _name(first, reader), _state(state, tries, now + AGAIN))
    return state


def _after(outcome: Outcome, tries: int) -> str:
    if outcome.fate is Fate.ACCEPTED:
        return _SENT
    if outcome.fate is Fate.UNKNOWN:
        return _GIVEN_UP if tries >= MOST_UNKNOWN else _LATER
    for_good = outcome.error.consequence is Consequence.PERMANENT
    return _GIVEN_UP if for_good or tries >= MOST_TRIES else _LATER


def _state(state: str, tries: int, until: datetime) -> bytes:
    return json.dumps({"state": state, "tries": tries, "until": utc_text(until)}).encode()


def _name(first: date, reader: Reader) -> str:
    return f"report-{first:%Y-%m}-{_digest(reader)}"


def _digest(reader: Reader) -> str:
    """The address itself is kept in the settings only."""
    return sha256(reader.address.lower().encode()).hexdigest()[:16]
