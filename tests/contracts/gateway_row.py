"""A gateway with all that the contract suite needs to know of its provider."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sms.gateway import Gateway, HookRequest, Inbound, Receipt

PUBLIC_URL = "https://an-lo.example"


@dataclass(frozen=True)
class Row:
    """A gateway and what the suite needs to know of its provider.

    `refused` is number → our error; `kept` gives the texts the provider has for a number; `receipt` and `inbound`
    make signed requests; `nonsense` is a signed request in no form at all. `proof` is where a request shows who it
    comes from: a "signature" in its headers over all of it, a "token" in its address, or a "session" (SessionRow). A
    receipt may say what `says` holds, and our own key when it is `keyed`; `our_ref` is our id of the message that
    `receipt` calls so.
    """

    gateway: Gateway
    refused: Mapping[str, str]
    too_fast: str
    no_answer_but_kept: str
    no_answer_and_lost: str
    kept: Callable[[str], list[str]]
    receipt: Callable[..., HookRequest]
    inbound: Callable[..., HookRequest]
    nonsense: Callable[[], HookRequest]
    proof: str = "signature"
    says: tuple[str, ...] = ("accepted", "delivered", "undelivered", "failed")
    our_ref: Callable[[str], str] = str
    keyed: bool = True
    #: Seconds to wait that come with "too fast".
    rest: float = 2.0
    #: Whether the provider has an id for what somebody wrote.
    ids_of_written: bool = True

    def receipts(self, ref: str, status: str, **more) -> list[Receipt]:
        """What the gateway makes of the provider's receipt."""
        return self.gateway.read_receipts(self.receipt(ref, status, **more))

    def written(self, ref: str, sender: str, text: str, **more) -> list[Inbound]:
        """What the gateway makes of what somebody wrote."""
        return self.gateway.read_inbound(self.inbound(ref, sender, text, **more))


@dataclass(frozen=True)
class SessionRow(Row):
    """A provider that speaks over the session we opened: `receipt` and `inbound` make it speak, and give what the
    gateway heard. Over HTTP nothing of it may come.
    """

    proof: str = "session"

    def receipts(self, ref: str, status: str, **more) -> list[Receipt]:
        return self.receipt(ref, status, **more)

    def written(self, ref: str, sender: str, text: str, **more) -> list[Inbound]:
        return self.inbound(ref, sender, text, **more)
