"""What an SMSC brings by itself: receipts and what people write. It is stored first, and answered then.

A thread of its own, so that answers to what we send are heard while the disk is waited for; what came meanwhile is
stored together. What could not be stored is answered with an error: the SMSC brings it again.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from smpplib import consts

from sms import numbers
from sms.gateway import Inbound, Receipt
from sms.gateways import smpp_pdus as pdus
from sms.gateways.smpp_joining import Joining, Written
from sms.gateways.smpp_receipts import is_receipt, receipt
from sms.gateways.smpp_wire import Lost, Wire

log = logging.getLogger(__name__)

#: Parts whose fellows do not come are answered with "later" after so long, and given up on after so long, in seconds.
#: SMSCs wait about half a minute for an answer.
HOLD_SECONDS, HOPELESS_SECONDS = 5.0, 120.0
_MOST_AT_ONCE = 1000
_OK, _LATER, _NEVER = consts.SMPP_ESME_ROK, consts.SMPP_ESME_RX_T_APPN, consts.SMPP_ESME_RX_P_APPN
_INTERNATIONAL = 1


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One deliver_sm and where to answer it."""

    wire: Wire
    frame: pdus.Frame


class Ears:
    """`form` makes the id of a receipt comparable with that of an answer. Nothing is kept before `listen`."""

    def __init__(self, form: Callable[[str], str]):
        self._form = form
        self._came: SimpleQueue[Piece | Sequence[Receipt] | None] = SimpleQueue()
        self._joining = Joining()
        self._take: Callable[[Sequence[Receipt]], object] | None = None
        self._hear: Callable[[Inbound], object] | None = None
        self._thread: threading.Thread | None = None

    def listen(self, take: Callable[[Sequence[Receipt]], object], hear: Callable[[Inbound], object]) -> None:
        """`take` and `hear` have what they are given on the disk when they return."""
        self._take, self._hear = take, hear

    def put(self, wire: Wire, frame: pdus.Frame) -> None:
        """By the one thread that reads."""
        self._begin()
        self._came.put(Piece(wire, frame))

    def put_late(self, receipts: Sequence[Receipt]) -> None:
        """What the SMSC took, though we had given it up: its answer came late. By the one thread that reads."""
        self._begin()
        self._came.put(receipts)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="smpp-ears", daemon=True)
            self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            self._came.put(None)
            self._thread.join(5)

    def _work(self) -> None:
        over = False
        while not over:
            came = self._next()
            over = None in came
            try:
                self._store([each for each in came if isinstance(each, Piece)])
                for late in came:
                    if isinstance(late, list):
                        self._stored(self._take, late)
                self._tidy_up()
            except Exception:  # no answer: the SMSC brings it again
                log.exception("what the SMSC brought could not be taken in")

    def _next(self) -> list[Piece | Sequence[Receipt] | None]:
        """Everything that came, after half a second at the latest."""
        came = []
        with suppress(Empty):
            came.append(self._came.get(timeout=0.5))
            while len(came) < _MOST_AT_ONCE:
                came.append(self._came.get_nowait())
        return came

    def _store(self, pieces: Sequence[Piece]) -> None:
        receipts: list[tuple[Piece, Receipt]] = []
        answered: list[tuple[Piece, int]] = []
        for piece in pieces:
            try:
                delivered = pdus.delivered(piece.frame.raw)
            except pdus.NotSmpp:
                answered.append((piece, _NEVER))
                continue
            if not is_receipt(delivered):
                answered += self._written(delivered, piece)
            elif found := receipt(delivered, self._form):
                receipts.append((piece, found))
            else:
                answered.append((piece, _OK))
        _answer(answered)
        self._reported(receipts)

    def _reported(self, receipts: Sequence[tuple[Piece, Receipt]]) -> None:
        if receipts:
            status = self._stored(self._take, [each for _, each in receipts])
            _answer([(piece, status) for piece, _ in receipts])

    def _written(self, delivered: pdus.Delivered, piece: Piece) -> list[tuple[Piece, int]]:
        number = _number(delivered)
        if number is None:
            return [(piece, _OK)]  # a name or a short code: nobody to answer
        written = self._joining.add(delivered, piece, piece.wire)
        return self._heard(written, number) if written else []

    def _heard(self, written: Written, number: str) -> list[tuple[Piece, int]]:
        status = self._stored(self._hear, Inbound(written.id, number, written.text, written.to))
        return [(piece, status) for piece in written.pieces]

    def _tidy_up(self) -> None:
        _answer([(piece, _LATER) for piece in self._joining.overdue(HOLD_SECONDS)])
        for written in self._joining.hopeless(HOPELESS_SECONDS):
            _answer(self._heard(written, _plus(written.sender)))

    def _stored(self, keep: Callable | None, what: object) -> int:
        if keep is None:
            return _LATER
        try:
            keep(what)
        except Exception as why:  # the database is out of reach, the disk is full
            log.error("what the SMSC brought could not be stored, and will come again: %s", type(why).__name__)
            return _LATER
        return _OK


def _number(delivered: pdus.Delivered) -> str | None:
    """The sender as E.164; None when it is no telephone number."""
    if not delivered.sender.lstrip("+").isdecimal():
        return None
    if delivered.sender_ton == _INTERNATIONAL and len(delivered.sender) > 8:
        return _plus(delivered.sender)
    return numbers.read(delivered.sender).e164


def _plus(sender: str) -> str:
    return "+" + sender.lstrip("+")


def _answer(answers: Sequence[tuple[Piece, int]]) -> None:
    """One write for each connection; where that is gone the SMSC brings it again over the next."""
    by_wire: dict[Wire, list[bytes]] = {}
    for piece, status in answers:
        answer = pdus.answer(pdus.DELIVER, piece.frame.sequence, status)
        by_wire.setdefault(piece.wire, []).append(answer)
    for wire, octets in by_wire.items():
        with suppress(Lost):
            wire.write(b"".join(octets))
