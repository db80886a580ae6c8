"""The contract of a chat platform: what comes in, what goes out. One file each in `bots/platforms/`.

A door proves where a request comes from and reads it into plain values (`receive`); what follows is the inbox's. A
reply is handed over by `send`; what happened is named, the inbox decides what follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bots.model import Choice
from sms.gateway import HookRequest, Outcome, Readiness

#: Platforms whose people fetch what was answered: a reply is said as soon as it is stored.
FETCHED = frozenset({"web", "terminal"})
#: Platforms on which a message is an SMS, short and unaccented where that helps.
SMS = frozenset({"sms"})
#: What can happen. `text`, and `press` of a button (`text` is its data, as `send` gave it out); what is no text:
#: image, sticker, voice, location (`text` is "latitude, longitude"), file, other; `edit` of an earlier message; the
#: person begins (`follow`, with `came_by` where a link said where from) or leaves (`unfollow`).
SAID = frozenset({"text", "press", "edit"})
NOT_TEXT = frozenset({"image", "sticker", "voice", "location", "file", "other"})
KINDS = SAID | NOT_TEXT | {"follow", "unfollow"}
#: No address of any platform is longer.
LONGEST_ADDRESS = 200


def channel_of(platform: str) -> str:
    """The form of the words on a platform: "sms" or "chat"."""
    return "sms" if platform in SMS else "chat"


def person_of(platform: str, address: str) -> str:
    """How the seal's blind index knows a person: a number by itself, as campaigns do, others with their platform."""
    return address if platform in SMS else f"{platform}:{address}"


@dataclass(frozen=True)
class Incoming:
    """One thing a person did. `provider_id` is the provider's id of it, the same for a repeat; `address` is the
    platform's own id of the person. Plain values, JSON-serialisable but for `at`, which is aware.
    """

    provider_id: str
    address: str
    kind: str = "text"
    text: str = ""
    #: When it happened, by the provider's clock; None when it does not say.
    at: datetime | None = None
    #: "vi" or "en" when the provider knows the language of the person's app.
    language: str | None = None
    #: For an edit: the provider's id of the message that was changed.
    replaces: str | None = None
    came_by: str | None = None


@dataclass(frozen=True)
class Reply:
    """One answer on its way to one person. `address` is the platform's own (E.164, a user id)."""

    turn_id: int
    platform: str
    address: str
    text: str
    choices: Sequence[Choice] = ()
    #: The SMS gateway the person wrote through; None on other platforms.
    gateway: str | None = None
    language: str | None = None
    #: Written by a person of the staff.
    by_staff: bool = False
    #: The platform may ask whether this answer was helpful.
    may_be_judged: bool = False
    #: When the person last did something, and how many messages they were sent since.
    heard_at: datetime | None = None
    said_since: int = 0
    #: To somebody in danger: what is free does not hold it up.
    urgent: bool = False


@dataclass(frozen=True)
class ChatTraits:
    """What a platform can do, as data. `window`: so long after the person last did something it may be written to;
    `free`: so many messages within so long cost nothing, and more are not sent.
    """

    longest_text: int = 4_000
    #: Choices and the question "was this helpful?" are buttons; elsewhere choices are numbers in the text.
    buttons: bool = True
    window: timedelta | None = None
    free: tuple[int, timedelta] | None = None
    #: True when messages leave this machine.
    leaves_machine: bool = True
    #: Replies handed over at once.
    concurrency: int = 8


class NotOurs(Exception):
    """Raised by a Take: another process listens now, so this one ends listening."""


#: Takes in what a platform heard by itself (also nothing, to say that it still listens); returns when it is stored.
Take = Callable[[Sequence[Incoming]], None]


class Platform(Protocol):
    """Any failure is an Outcome, not an exception; an exception counts as UNKNOWN."""

    name: str
    traits: ChatTraits

    def receive(self, request: HookRequest) -> list[Incoming]:
        """What a request of the provider says; nothing for events that are none of ours. Thread-safe, quick.

        Raises BadSignature (answered 403) and BadRequest (400).
        """

    def send(self, reply: Reply) -> Outcome:
        """Hands the reply over. Thread-safe."""

    def readiness(self) -> Readiness: ...

    def listen(self, take: Take) -> None:
        """Begins to listen where the platform is asked for messages (polling); returns at once. Nothing elsewhere."""

    def close(self) -> None:
        """Ends listening and lets connections go."""


class Doorless:
    """Half a platform: nothing comes in by a hook of its own, and there is nothing to listen to."""

    def receive(self, request: HookRequest) -> list[Incoming]:
        return []

    def listen(self, take: Take) -> None:
        pass

    def close(self) -> None:
        pass
