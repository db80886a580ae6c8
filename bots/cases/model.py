"""A case and what happened to it, as values."""

from dataclasses import dataclass
from datetime import datetime

#: Why staff open one by hand.
BY_STAFF = "staff"
#: How a case ends.
OUTCOMES = ("helped", "referred", "answered", "no-contact", "not-ours", "duplicate")


@dataclass(frozen=True)
class Case:
    """A hand-over to a person. danger: red | amber | none; status: open | claimed | closed.

    `reason` names the signs of danger ("raped, child-taken") or another reason of the desk. `raised_at`: since when it
    is as urgent as it is.
    """

    id: int
    danger: str
    reason: str
    status: str
    opened_at: datetime
    raised_at: datetime | None
    opened_by: int | None
    claimed_by: int | None
    claimed_at: datetime | None
    answered_at: datetime | None
    restricted: bool
    outcome: str | None
    closed_at: datetime | None
    closed_by: int | None
    version: int
    conversation_id: int
    platform: str
    language: str | None
    heard_at: datetime | None
    gone_at: datetime | None
    attended_by: int | None
    attended_until: datetime | None
    #: Since when the person waits for staff; None when it is their turn to write.
    waiting_since: datetime | None = None
    #: Other cases of the same person on this platform, newest first.
    earlier: tuple[int, ...] = ()

    @property
    def raised_since_claim(self) -> bool:
        """It became more urgent in the hands of whoever has it."""
        return bool(self.claimed_at and self.raised_at and self.raised_at > self.claimed_at)


@dataclass(frozen=True)
class Event:
    """One thing that happened (db.tables.case_events has the kinds). `by` is None for the machine; `to`: who was handed
    the case. `text` holds the words of a note or of the closing.
    """

    id: int
    kind: str
    by: int | None
    to: int | None
    at: datetime
    text: str = ""
