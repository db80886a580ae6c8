"""The web chat: people fetch their answers from the page, so there is nothing to hand over."""

from bots.platform import ChatTraits, Doorless, Reply
from sms.gateway import Outcome, Readiness


class WebChat(Doorless):
    """Whether it leaves this machine is its public address' matter (runtime/doors.py)."""

    name = "web"
    traits = ChatTraits()

    def send(self, reply: Reply) -> Outcome:
        """A reply written by a person lies in the conversation; the page shows it when it looks next."""
        return Outcome.accepted(f"web-{reply.turn_id}")

    def readiness(self) -> Readiness:
        return Readiness()
