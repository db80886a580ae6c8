"""Answers by SMS: through the gateway the person wrote through, or the usual one."""

from collections.abc import Mapping

from bots.platform import Reply
from sms.gateway import Gateway, Outcome, Outgoing, Readiness


class Sms:
    name = "sms"

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
