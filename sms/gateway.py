"""The contract of an SMS gateway: what crosses it, and the errors it may name.

The dispatcher (scheduler/dispatch.py) is its user. An adapter names what happened; the dispatcher decides what
follows. One adapter a file in `sms/gateways/`; one contract suite holds them all (tests/contracts/).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from math import inf
from typing import Protocol, runtime_checkable


class Consequence(Enum):
    """What a send error means for the sender."""

    RETRY = "retry"  # this message again, later
    THROTTLE = "throttle"  # this message again, and everything slower
    PERMANENT = "permanent"  # never this number again with this text
    CONFIGURATION = "configuration"  # stop the gateway and tell staff


@dataclass(frozen=True)
class SendError:
    """`code` is ours (a row in ERRORS); `raw` is the provider's code and words, for staff."""

    code: str
    raw: str = ""

    @property
    def consequence(self) -> Consequence:
        return ERRORS[self.code]


#: Every error an adapter may name. The sentence for each stands in messages/{vi,en}/errors.toml under "send-<code>".
ERRORS: Mapping[str, Consequence] = {
    "number-invalid": Consequence.PERMANENT,
    "not-mobile": Consequence.PERMANENT,
    "unreachable-for-good": Consequence.PERMANENT,
    "opted-out": Consequence.PERMANENT,
    "blocked-by-carrier": Consequence.PERMANENT,
    "content-refused": Consequence.PERMANENT,
    "too-long": Consequence.PERMANENT,
    # True of this gateway alone: another one may reach the person.
    "country-not-reached": Consequence.PERMANENT,
    "sender-not-on-network": Consequence.PERMANENT,
    # Chats: so long after somebody wrote nothing more may be sent; they block us or left.
    "window-closed": Consequence.PERMANENT,
    "gone": Consequence.PERMANENT,
    "unreachable-now": Consequence.RETRY,
    "gateway-trouble": Consequence.RETRY,
    "not-connected": Consequence.RETRY,
    # A call of several numbers was refused because of one of them: the others go again in smaller calls.
    "one-of-many": Consequence.RETRY,
    "too-fast": Consequence.THROTTLE,
    "quota": Consequence.THROTTLE,
    "credentials": Consequence.CONFIGURATION,
    "balance": Consequence.CONFIGURATION,
    "sender-not-registered": Consequence.CONFIGURATION,
    "country-not-enabled": Consequence.CONFIGURATION,
    "configuration": Consequence.CONFIGURATION,
    # The provider looked at the message and would take it, but is told to send nothing.
    "sandbox": Consequence.CONFIGURATION,
}


@dataclass(frozen=True)
class Outgoing:
    """One message to one number. `to` is E.164 with the plus; `key` is ours (the delivery's id as text).

    `since` is when it was first handed over without a clear no. For a gateway that refuses repeats the same `key` and
    `since` are a repeat; after a refusal, or without `since`, it is a new message.
    """

    key: str
    to: str
    text: str
    since: datetime | None = None


#: Gateways that reach nobody: what they say of a number ("nobody there", "opted out") is true of no real person.
PRETENDING = frozenset({"simulator"})


class Fate(Enum):
    ACCEPTED = "accepted"  # the gateway has it; `ref` is its id
    REFUSED = "refused"  # the gateway said no; `error` says why
    UNKNOWN = "unknown"  # handed over, but no answer came: nobody here can tell


@dataclass(frozen=True)
class Outcome:
    """What became of one Outgoing."""

    fate: Fate
    ref: str | None = None
    error: SendError | None = None
    #: Seconds the provider asked to wait (Retry-After), when it did.
    wait: float | None = None
    #: The ids of the parts of a message, where the gateway reports of each part: the message is delivered when all are.
    parts: tuple[str, ...] = ()

    @classmethod
    def accepted(cls, ref: str, parts: tuple[str, ...] = ()) -> "Outcome":
        return cls(Fate.ACCEPTED, ref=ref, parts=parts)

    @classmethod
    def refused(cls, code: str, raw: str = "", wait: float | None = None) -> "Outcome":
        return cls(Fate.REFUSED, error=SendError(code, raw), wait=wait)

    @classmethod
    def not_set_up(cls, missing: Sequence[str]) -> "Outcome":
        """`missing`: the names of settings still to be filled."""
        return cls.refused("configuration", f"missing: {', '.join(missing)}")

    @classmethod
    def unknown(cls, raw: str = "") -> "Outcome":
        return cls(Fate.UNKNOWN, error=SendError("gateway-trouble", raw))


class Whereabouts(Enum):
    """Answer of `find`: does the gateway have the message?"""

    THERE = "there"
    NOT_THERE = "not-there"  # the gateway is sure it never got it
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Found:
    where: Whereabouts
    ref: str | None = None


@dataclass(frozen=True)
class HookRequest:
    """An HTTP request of a provider, as plain values. `url` is the public URL exactly as the provider called it."""

    method: str
    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """The header whatever its case, "" when there is none."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


class OutOfReach(Exception):
    """The gateway could not be asked just now: ask again later."""


class BadSignature(Exception):
    """The request does not prove that it comes from the provider: answer 403, change nothing."""


class BadRequest(Exception):
    """Signed, but not in the provider's form: answer 400, change nothing."""


@dataclass(frozen=True)
class Receipt:
    """status: accepted | delivered | undelivered | failed. `key` when the callback carries our own."""

    ref: str
    status: str
    code: str = ""
    key: str | None = None


@dataclass(frozen=True)
class Inbound:
    """A message somebody sent us. `provider_id` is the provider's id of it; `sender` is E.164."""

    provider_id: str
    sender: str
    text: str
    to: str = ""


@dataclass(frozen=True)
class Traits:
    """What a gateway can do, as data for the dispatcher and for `doctor`."""

    recipients_per_call: int = 1
    #: All recipients of one call get one and the same text.
    one_text_per_call: bool = False
    #: Calls a minute that the provider allows; None = no such limit is known.
    calls_per_minute: int | None = None
    #: Calls at once that the provider and its SDK serve well.
    concurrency: int = 8
    #: Messages a second by contract; None = as many as it takes.
    rate: float | None = None
    #: The provider refuses a repeat of the same key: then even an unknown outcome may be tried again.
    idempotent: bool = False
    #: For so many seconds after the first hand-over (`Outgoing.since`) it knows a repeat.
    idempotent_for: float = inf
    receipts: bool = True
    inbound: bool = False
    #: What a text may be written in on the air.
    encodings: frozenset[str] = frozenset({"GSM-7", "UCS-2"})
    #: What may stand as the sender: "name" (registered with the operators), "number", "short-code".
    sender_kinds: tuple[str, ...] = ("name",)
    #: Operators refuse a text that fits no template registered beforehand.
    template_needed: bool = False
    #: Calling codes it carries to; empty = everywhere. Others it refuses as "country-not-reached".
    only_to: frozenset[str] = frozenset()
    #: Calling codes whose people cannot answer through this gateway, though `inbound` may be true elsewhere.
    one_way_to: frozenset[str] = frozenset()
    #: How the provider calls our hooks.
    receipts_by: str = "POST"
    inbound_by: str = "POST"
    find: bool = False
    #: `find` knows a message by our key alone, not by its number and words.
    find_by_key: bool = False
    #: Seconds after a hand-over from which a NOT_THERE of `find` may be believed: a request can still be on its way.
    find_after: float = 0.0
    #: True when messages leave this machine. Made-up people are never sent to through such a gateway.
    leaves_machine: bool = True


@dataclass(frozen=True)
class Readiness:
    """`missing` names settings still to be filled; `notes` are sentences' codes for `doctor`. `hooks` are paths on our
    server, each with its token, that somebody enters at the provider by hand.
    """

    missing: Sequence[str] = field(default_factory=tuple)
    notes: Sequence[str] = ()
    hooks: Sequence[str] = field(default=(), repr=False)

    @property
    def ready(self) -> bool:
        return not self.missing


class Gateway(Protocol):
    """Any failure is an Outcome, not an exception; an exception from `send` counts as UNKNOWN for the whole batch."""

    name: str
    traits: Traits

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Hands over at most `traits.recipients_per_call` messages; one Outcome each, in order. Thread-safe."""

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        """Raises BadSignature, BadRequest."""

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        """Raises BadSignature, BadRequest."""

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        """Whether the gateway has `outgoing`, handed over at or after `since`. Slow; for reconciliation only.

        Raises OutOfReach when it cannot be asked now; CANNOT_TELL is its last word.
        """

    def readiness(self) -> Readiness: ...

    def close(self) -> None: ...


@runtime_checkable
class KeepsALine(Protocol):
    """A gateway over whose own session receipts and what people write come, instead of over our hooks."""

    def listen(self, take: Callable[[Sequence[Receipt]], object], hear: Callable[[Inbound], object]) -> None:
        """Where they go; both have what they are given on the disk when they return. What they raise keeps the provider
        from thinking that we have it.
        """

    def hold(self) -> None:
        """Opens the session and keeps it open; returns at once. (`send` opens it too.)"""
