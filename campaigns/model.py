"""The words for where a wave and a delivery stand, which changes are allowed, and the values passed between rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class WaveStatus(StrEnum):
    """draft → submitted → approved → scheduled → sending ⇄ paused → finished | cancelled; an edit leads back to
    draft.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


#: From where each step may be taken. A scheduled wave that may not start (its gateway is gone, its approval no longer
#: covers it) is paused; a finished one goes on when reconciliation finds that the gateway never got a message.
WAVE_STEPS: Mapping[str, frozenset[WaveStatus]] = {
    "change": frozenset({WaveStatus.DRAFT, WaveStatus.SUBMITTED, WaveStatus.APPROVED, WaveStatus.SCHEDULED}),
    "submit": frozenset({WaveStatus.DRAFT}),
    "approve": frozenset({WaveStatus.SUBMITTED}),
    "return": frozenset({WaveStatus.SUBMITTED, WaveStatus.APPROVED, WaveStatus.SCHEDULED}),
    "schedule": frozenset({WaveStatus.APPROVED}),
    "open": frozenset({WaveStatus.SCHEDULED}),
    "pause": frozenset({WaveStatus.SCHEDULED, WaveStatus.SENDING}),
    "resume": frozenset({WaveStatus.PAUSED}),
    "cancel": frozenset(WaveStatus) - {WaveStatus.FINISHED, WaveStatus.CANCELLED},
    "limits": frozenset({WaveStatus.SENDING, WaveStatus.PAUSED}),
    "finish": frozenset({WaveStatus.SENDING}),
    "reopen": frozenset({WaveStatus.FINISHED}),
}


class DeliveryStatus(StrEnum):
    """queued → sending → accepted → delivered | undelivered | failed; skipped; unknown (nobody can tell)."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SKIPPED = "skipped"


#: How much is known about a message. News (a receipt, a found message) may only raise it, so that receipts in any
#: order end the same; equal ranks change nothing: the first final word stands.
KNOWLEDGE: Mapping[DeliveryStatus, int] = {
    DeliveryStatus.QUEUED: 0,
    DeliveryStatus.SENDING: 1,
    DeliveryStatus.UNKNOWN: 2,
    DeliveryStatus.ACCEPTED: 3,
    DeliveryStatus.DELIVERED: 4,
    DeliveryStatus.UNDELIVERED: 4,
    DeliveryStatus.FAILED: 4,
    DeliveryStatus.SKIPPED: 4,
}


def is_news(before: str, after: str) -> bool:
    """Whether a receipt that says `after` changes a delivery that stands at `before`.

    >>> is_news("sending", "delivered"), is_news("delivered", "accepted"), is_news("delivered", "failed")
    (True, False, False)
    """
    return KNOWLEDGE[DeliveryStatus(after)] > KNOWLEDGE[DeliveryStatus(before)]


class Form(StrEnum):
    """Which text of a message version goes out: Vietnamese readers get `vi` or `vi-unaccented`; `en` = everybody
    English.
    """

    VI = "vi"
    VI_UNACCENTED = "vi-unaccented"
    EN = "en"


class Skip(StrEnum):
    """Why a person of the audience gets nothing, in the order in which the reasons are looked for."""

    OPTED_OUT = "opted-out"
    MADE_UP = "made-up"
    DEAD = "dead"
    EXCLUDED_LIST = "on-excluded-list"
    EXCLUDED_WAVE = "in-excluded-wave"
    RECENTLY = "messaged-recently"
    NO_TEXT = "no-text"
    DAILY_LIMIT = "daily-limit"
    CONTROL = "control"
    CANCELLED = "cancelled"


#: The placeholder where the wave's short link goes.
LINK = "link"
#: The placeholder where the address goes at which this one person stops our messages.
STOP = "stop"

#: Messages one number may get in DAY_HOURS over all waves (fact sms-max-3-per-day).
DAILY_LIMIT = 3
DAY_HOURS = 24

#: Percent of failures at which a wave pauses itself, unless its plan says otherwise.
FAILURE_LIMIT = 20

#: Why a wave rests, besides the words of an officer and the codes of sms.gateway.ERRORS.
GATEWAY_MISSING = "gateway-missing"
APPROVAL_VOID = "approval-void"
BUDGET_USED = "budget-used"
PRICE_MISSING = "price-missing"
TOO_MANY_FAILURES = "too-many-failures"
COPY_PUT_BACK = "copy-put-back"

#: How the audit and the pages name who acts: an officer's id, or the operator at this machine's command line.
MACHINE = "machine"


def actor(by: int | None) -> str:
    """`by` as the audit writes it: an officer's id, or None for the operator of the machine."""
    return MACHINE if by is None else f"staff:{by}"


@dataclass(frozen=True)
class Texts:
    """What a message version says in its three forms; "" where nobody wrote one."""

    vi: str = ""
    vi_unaccented: str = ""
    en: str = ""

    def for_reader(self, language: str, form: str) -> str:
        """The text a reader of `language` ("vi" or "en") gets in a wave of `form`; "" when there is none."""
        if form == Form.EN or language == "en":
            return self.en
        return self.vi_unaccented if form == Form.VI_UNACCENTED else self.vi


@dataclass(frozen=True)
class Wave:
    """A wave as its row says. `audience` is JSON, see campaigns.audience; `author_id` None = the operator of the
    machine.
    """

    id: int
    name: str
    campaign_id: int | None
    version_id: int
    form: str
    audience: Mapping[str, object]
    gateway: str
    rate: float | None
    ignore_quiet_hours: bool
    starts_at: datetime | None
    status: str
    pause_reason: str | None
    author_id: int | None
    created_at: datetime
    opened_at: datetime | None
    finished_at: datetime | None
    position: int = 0
    daily_quota: int | None = None
    budget_vnd: int | None = None
    on_holidays: bool = False
    failure_limit: int = FAILURE_LIMIT
    link_target: str | None = None
    link_base: str | None = None
    link_personal: str | None = None
    control: int | None = None
    control_key: str | None = None
    series_id: int | None = None
    series_day: str | None = None
    seen: str | None = None
    opening_after: int | None = None


@dataclass(frozen=True)
class Limit:
    """A limit a wave is held to: `name` is wave-budget | campaign-budget (VND), daily-quota | daily-cap (messages of a
    day in Vietnam). `used` already, and how much would be left `after` the wave: below zero, it does not suffice; of a
    day's messages, what is left today. None where a price is missing.
    """

    name: str
    limit: int
    used: int
    after: int | None


@dataclass(frozen=True)
class Preview:
    """What would happen if the wave were opened now.

    `segments` and `cost_vnd` cover the whole audience; where texts are personal and the audience is large they are
    estimated from a sample (`exact` is False). `unwritable` people lack a value that their message needs. `cost_vnd` is
    None when a price is missing. `digest` is what an approval covers.

    `by_carrier` and `zones` (by country) count recipients; `by_area` too, by today's commune ("" = unknown), the most
    first and at most TOP_AREAS of the `areas` there are. Between `starts` and `ends`, at `rate` messages a second, the
    wave waits for `nights`, and on `holidays` (ISO day, country). `ways` of a wave by the routing table: gateway →
    (recipients, VND or None), as messages fall at the time of counting.
    """

    recipients: int
    skipped: Mapping[str, int]
    forms: Mapping[str, int]
    segments: int
    exact: bool
    unwritable: int
    cost_vnd: int | None
    starts: datetime
    ends: datetime
    digest: str
    by_carrier: Mapping[str, int] = field(default_factory=dict)
    by_area: Sequence[tuple[str, int]] = ()
    areas: int = 0
    zones: Mapping[str, int] = field(default_factory=dict)
    nights: int = 0
    holidays: Sequence[tuple[str, str]] = ()
    limits: Sequence[Limit] = ()
    rate: float | None = None
    ways: Mapping[str, Sequence[int | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """How many deliveries of a wave (or of all) stand where; `reasons` splits skipped and failed ones."""

    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __getitem__(self, status: str) -> int:
        return self.counts.get(status, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Deliveries whose hand-over is not settled yet."""
        return self[DeliveryStatus.QUEUED] + self[DeliveryStatus.SENDING]
