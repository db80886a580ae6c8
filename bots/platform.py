"""The contract of a chat platform: what comes in, what goes out. One file each in `bots/platforms/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bots.model import Choice
from sms.gateway import Outcome, Readiness

#: Platforms whose people fetch what was answered: a reply is said as soon as it is stored.
FETCHED = frozenset({"web", "terminal"})
#: Platforms on which a message is an SMS, short and unaccented where that helps.
SMS = frozenset({"sms"})


def channel_of(platform: str) -> str:
    """The form of the words on a platform: "sms" or "chat"."""
    return "sms" if platform in SMS else "chat"


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


class Platform(Protocol):
    """Any failure is an Outcome, not an exception; an exception counts as UNKNOWN."""

    name: str

    def send(self, reply: Reply) -> Outcome:
        """Hands the reply over. Thread-safe."""

    def readiness(self) -> Readiness: ...
