"""Small honest stand-ins."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from sms.gateway import Found, HookRequest, Outcome, Outgoing, Readiness, Traits, Whereabouts


class FakeGateway:
    """Accepts everything (or answers what `answer` says) and remembers what it got, by number."""

    def __init__(self, name: str = "fake", *, answer: Callable[[Outgoing], Outcome | None] | None = None, **traits):
        self.name = name
        self.traits = Traits(**{"leaves_machine": False, "find": True, **traits})
        self.got: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.refs: dict[str, str] = {}
        self._answer = answer

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [self._one(outgoing) for outgoing in batch]

    def _one(self, outgoing: Outgoing) -> Outcome:
        answer = self._answer(outgoing) if self._answer else None
        if answer is not None:
            return answer
        self.take(outgoing)
        return Outcome.accepted(self.refs[outgoing.key])

    def take(self, outgoing: Outgoing) -> None:
        """The message is there, whatever the sender hears of it."""
        self.got[outgoing.to] += 1
        self.texts[outgoing.to] = outgoing.text
        self.refs[outgoing.key] = f"ref-{outgoing.key}-{self.got[outgoing.to]}"

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        if not self.traits.find:
            return Found(Whereabouts.CANNOT_TELL)
        ref = self.refs.get(outgoing.key)
        return Found(Whereabouts.THERE, ref) if ref else Found(Whereabouts.NOT_THERE)

    def read_receipts(self, request: HookRequest) -> list:
        return []

    def read_inbound(self, request: HookRequest) -> list:
        return []

    def readiness(self) -> Readiness:
        return Readiness()

    def close(self) -> None:
        pass
