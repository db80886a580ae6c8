"""Parts go out through the window at the pace allowed, and each gets its fate."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sms import last_look
from sms.gateways.smpp_errors import Codes
from sms.gateways.smpp_pace import Pace
from sms.gateways.smpp_pdus import Layout
from sms.gateways.smpp_session import NotBound, Session
from sms.gateways.smpp_window import Answered, Call, PartFate, Unsent, Window
from sms.gateways.smpp_wire import Lost, NeverLeft, Wire

#: A message that did not begin to leave within so many seconds is given back: it would be handed over long after it was
#: claimed. One that began may take so much longer.
HAND_OVER_SECONDS, LONGER = 5.0, 10.0
#: How long a session is waited for that is about to be bound.
BOUND_WITHIN = 3.0
#: What is not answered after so long is given up on, in seconds.
ANSWER_SECONDS = 30.0
#: So often a part is tried whose fellows were accepted and which was refused for the moment.
_ROUNDS = 4
_LOOK = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """One submit_sm; `message` says which of the batch it belongs to, `number` counts from 1."""

    message: int
    number: int
    to: str
    coding: int
    user: bytes
    joined: bool
    #: Ours, of a message of one part, else "".
    key: str = ""


class Handing:
    def __init__(self, session: Session, window: Window, pace: Pace, layout: Layout, codes: Codes):
        self._session, self._window, self._pace = session, window, pace
        self._layout, self._codes = layout, codes

    def hand_over(self, parts: Sequence[Part]) -> Mapping[int, list[PartFate]]:
        """The fates of the parts of each message."""
        until = time.monotonic() + HAND_OVER_SECONDS
        fates = self._once(parts, until)
        for _ in range(_ROUNDS - 1):
            again = self._worth_another_try(parts, fates)
            if not again:
                break
            for index, fate in zip(again, self._once([parts[n] for n in again], until), strict=True):
                fates[index] = fate
        by_message: dict[int, list[PartFate]] = {}
        for part, fate in zip(parts, fates, strict=True):
            by_message.setdefault(part.message, []).append(fate)
        return by_message

    def _worth_another_try(self, parts: Sequence[Part], fates: Sequence[PartFate]) -> list[int]:
        """Parts that surely do not exist, of messages that without them would be there in part only."""
        begun = {
            part.message
            for part, fate in zip(parts, fates, strict=True)
            if part.joined and isinstance(fate, Answered) and not fate.status
        }
        if not begun:
            return []
        return [n for n, part in enumerate(parts) if part.message in begun and self._codes.may_try_again(fates[n])]

    def _once(self, parts: Sequence[Part], until: float) -> list[PartFate]:
        call, at = Call([part.key for part in parts]), 0
        unsent: Unsent | None = None
        while at < len(parts) and unsent is None:
            try:
                at += self._some(parts, at, call, until)
            except NotBound as trouble:
                unsent = Unsent(*trouble.args)
            except last_look.TooLate as late:
                unsent = Unsent("too-fast", str(late))
            else:
                unsent = self._too_late(parts, at, until)
        if unsent:
            self._window.settle(call, range(at, len(parts)), unsent)
        if parts and not call.done.wait(ANSWER_SECONDS):
            self._window.lose_call(call, "no answer")
        return call.fates

    def _too_late(self, parts: Sequence[Part], at: int, until: float) -> Unsent | None:
        begins = at < len(parts) and parts[at].number == 1
        late = time.monotonic() > (until if begins else until + LONGER)
        return Unsent("too-fast", "the window or the rate left no room") if late else None

    def _some(self, parts: Sequence[Part], at: int, call: Call, until: float) -> int:
        """Sends what may go now of the parts from `at` on; how many. Raises NotBound, TooLate."""
        slots = self._window.take(len(parts) - at, _LOOK)
        if not slots:
            return 0
        try:
            wire = self._session.wire(BOUND_WITHIN)  # not before there is room: by then it may be another
            last_look.look()
            granted, wait = self._pace.take(slots)
        except (NotBound, last_look.TooLate):
            self._window.give_back(slots)
            raise
        self._window.give_back(slots - granted)
        if not granted:
            time.sleep(min(wait, _LOOK))
            return 0
        return self._write(wire, parts[at : at + granted], call, at)

    def _write(self, wire: Wire, parts: Sequence[Part], call: Call, at: int) -> int:
        """How many of the parts have left, or may have: all, or none."""
        sequences = self._window.enter(call, range(at, at + len(parts)))
        try:
            wire.write(b"".join(map(self._pdu, sequences, parts)))
        except NeverLeft:
            return self._window.withdraw(sequences)
        except Lost as lost:
            self._window.lose(f"the connection broke: {lost}", sequences)
        return len(parts)

    def _pdu(self, sequence: int, part: Part) -> bytes:
        return self._layout.pdu(sequence, part.to, part.coding, part.user, part.joined)
