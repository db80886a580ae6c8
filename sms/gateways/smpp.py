"""SMPP 3.4, straight to an operator or an aggregator. https://smpp.org/SMPP_v3_4_Issue1_2.pdf

smpplib knows the PDUs; session, window, parts and receipts are ours (docs/decisions/0005). There is no idempotency key
and nothing to ask: a part without an answer is UNKNOWN and never repeated. Receipts and what people write come over the
same connection: `listen` says where to, before the first `send` or `hold`.

A message of several parts is accepted when all parts are. A part that was refused for the moment goes again by itself
where its fellows went; if it cannot, the message is UNKNOWN. The SMSC reports of each part; its ref is all ids with
commas, and `Outcome.parts` names them: delivered is the message when all parts are (campaigns/deliveries/receipts.py).
"""

# A receipt (deliver_sm, esm_class 0x04; in any order, may come before the answer to the message):
# id:2684354561 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:Xin chao
# What somebody wrote: deliver_sm, esm_class 0 (0x40 with a header that joins parts), data_coding 0 or 8.

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

from smpplib import consts

from sms.gateway import (
    BadSignature,
    Consequence,
    Found,
    HookRequest,
    Inbound,
    Outcome,
    Outgoing,
    Readiness,
    Receipt,
    Traits,
    Whereabouts,
)
from sms.gateways import smpp_parts, smpp_receipts
from sms.gateways.smpp_ears import Ears
from sms.gateways.smpp_errors import Codes, own_codes
from sms.gateways.smpp_handing import Handing, Part
from sms.gateways.smpp_pace import Pace
from sms.gateways.smpp_pdus import NACK, Frame, Layout
from sms.gateways.smpp_session import Session
from sms.gateways.smpp_window import Answered, PartFate, Window
from sms.gateways.smpp_wire import Wire

#: Hand-overs at once: while one waits for its last answers the next fills the window.
CONCURRENCY = 3
#: Seconds that a gateway rests which said "too fast"; the rate is halved besides.
REST = 1.0
#: What the fields of the specification hold.
_LONGEST_SYSTEM_ID, _LONGEST_PASSWORD = 15, 8
_LONGEST_NAME, _LONGEST_NUMBER = 11, 20
#: No text of ours is so long.
_UNFIT = Outcome.refused("too-long", f"more than {smpp_parts.MOST_PARTS} parts")


class Smpp:
    """`window` unanswered parts at most; `rate` parts a second by contract; `codes`: see smpp_errors.own_codes."""

    name = "smpp"

    def __init__(
        self,
        host: str = "",
        port: int = 2775,
        system_id: str = "",
        password: str = "",
        source: str = "",
        window: int = 10,
        rate: float | None = None,
        id_form: str = "same",
        codes: str = "",
        tls: bool = False,
    ):
        self._notes = ("smpp-in-clear",) if not tls and not _on_this_machine(host) else ()
        self._missing = _missing(host, system_id, password, source, codes)
        self.traits = Traits(
            recipients_per_call=_batch(window, rate),
            concurrency=CONCURRENCY,
            rate=rate,
            inbound=True,
            sender_kinds=("name", "number", "short-code"),
            leaves_machine=not _on_this_machine(host),
        )
        self._form_of_answer, form_of_receipt = smpp_receipts.forms(id_form)
        self._codes, self._pace = Codes(own_codes(codes) or {}), Pace(rate)
        self._ears, slots = Ears(form_of_receipt), Window(window)
        self._session = Session(
            lambda: Wire(host, port, tls), (system_id, password), slots, self._ears, self._codes, self._understand
        )
        self._handing = None
        if not self._missing:
            self._handing = Handing(self._session, slots, self._pace, Layout(source), self._codes)

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if self._handing is None:
            return [Outcome.not_set_up(self._missing)] * len(batch)
        messages = [_parts(n, outgoing) for n, outgoing in enumerate(batch)]
        fates = self._handing.hand_over([part for parts in messages for part in parts])
        return [self._outcome(fates[n]) if parts else _UNFIT for n, parts in enumerate(messages)]

    def _understand(self, frame: Frame) -> Answered:
        if frame.status or frame.code == NACK:
            answered = Answered(frame.status or consts.SMPP_ESME_RSYSERR)
            if self._codes.is_too_fast(answered):
                self._pace.slow_down()
            return answered
        return Answered(0, self._form_of_answer(frame.message_id))

    def _outcome(self, fates: Sequence[PartFate]) -> Outcome:
        outcome = self._codes.outcome(fates)
        throttled = outcome.error is not None and outcome.error.consequence is Consequence.THROTTLE
        return replace(outcome, wait=REST) if throttled else outcome

    def listen(self, take: Callable[[Sequence[Receipt]], object], hear: Callable[[Inbound], object]) -> None:
        """Where receipts and what people write go; both have it on the disk when they return."""
        self._ears.listen(take, hear)

    def hold(self) -> None:
        """Connects and stays connected, to hear what comes; returns at once. Without settings nothing happens."""
        if not self._missing:
            self._session.open()

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        raise BadSignature  # nothing of this provider comes over HTTP

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        raise BadSignature

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        return Found(Whereabouts.CANNOT_TELL)

    def readiness(self) -> Readiness:
        return Readiness(self._missing, self._notes)

    def close(self) -> None:
        self._session.close()
        self._ears.close()


def _parts(message: int, outgoing: Outgoing) -> list[Part]:
    """Empty when the text has more parts than can be numbered."""
    if not smpp_parts.fits(outgoing.text):
        return []
    coding, users = smpp_parts.octets(outgoing.text)
    to, joined = outgoing.to.lstrip("+"), len(users) > 1
    key = "" if joined else outgoing.key
    return [Part(message, number, to, coding, user, joined, key) for number, user in enumerate(users, start=1)]


def _batch(window: int, rate: float | None) -> int:
    """Messages in one hand-over: a window full, and no more than a second's worth."""
    return max(1, min(window, int(rate)) if rate else window)


def _missing(host: str, system_id: str, password: str, source: str, codes: str) -> tuple[str, ...]:
    """Settings still to be filled, or that the protocol has no room for: smpplib would cut them without a word."""
    number = source.lstrip("+").isdecimal()
    needed = {
        "SMPP_HOST": host,
        "SMPP_SYSTEM_ID": 0 < len(system_id) <= _LONGEST_SYSTEM_ID,
        "SMPP_PASSWORD": 0 < len(password) <= _LONGEST_PASSWORD,
        "SMPP_SOURCE": source.isascii() and 0 < len(source) <= (_LONGEST_NUMBER if number else _LONGEST_NAME),
        "SMPP_CODES": own_codes(codes) is not None,
    }
    return tuple(name for name, given in needed.items() if not given)


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
