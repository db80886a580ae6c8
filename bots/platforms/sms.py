"""Answers by SMS: through the gateway the person wrote through, or the usual one."""

from collections.abc import Mapping

from bots.platform import ChatTraits, Doorless, Reply
from sms.gateway import Gateway, Outcome, Outgoing, Readiness


class Sms(Doorless):
    """What comes in comes by the gateways' hooks; whether it leaves this machine is the gateway's matter."""

    name = "sms"
    traits = ChatTraits(longest_text=1_600, buttons=False)

    def __init__(self, gateways: Mapping[str, Gateway], usual: str):
        self._gateways = gateways
        self._usual = usual

    def send(self, reply: Reply) -> Outcome:
        gateway = self._gateways.get(reply.gateway or self._usual)
        if gateway is None or not gateway.readiness().ready:
            return Outcome.refused("configuration", f"no gateway {reply.gateway or self._usual}")
        [outcome] = gateway.send([Outgoing(f"reply-{reply.turn_id}", reply.address, reply.text)])
        return outcome

    def readiness(self) -> Readiness:
        usual = self._gateways.get(self._usual)
        return usual.readiness() if usual else Readiness(("SMS_GATEWAY",))
