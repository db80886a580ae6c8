"""How many calls a sender may make now."""

from campaigns import deliveries
from campaigns.workers import uptime
from runtime.build import Runtime
from sms.gateway import Gateway

#: A gateway that rests is looked at again after so many seconds, at most.
LOOK_AGAIN = 1.0
#: Messages for a call are claimed so many seconds ahead.
ABOUT_NOW = 0.1


class Calls:
    """The calls a gateway allows in a minute, shared by all workers through the database."""

    def __init__(self, rt: Runtime, gateway: Gateway):
        self._rt, self._gateway = rt, gateway
        self._not_before = 0.0

    def due(self) -> bool:
        """Whether the next call may be made about now."""
        return uptime() >= self._not_before - ABOUT_NOW

    def grant(self, wanted: int) -> int | None:
        """How many of the `wanted` calls may be made now; None while the gateway rests."""
        if uptime() < self._not_before:
            return 0
        granted, wait, rests = deliveries.take_calls(
            self._rt.db,
            gateway=self._gateway.name,
            per_minute=self._gateway.traits.calls_per_minute,
            wanted=wanted,
            now=self._rt.clock(),
        )
        self._not_before = uptime() + min(wait, LOOK_AGAIN)
        return None if rests else granted
