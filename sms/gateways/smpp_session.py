"""The session with an SMSC: bound, kept alive, bound again when it breaks; one a process.

One thread reads. After a refused bind that only a person can mend it stops by itself: an SMSC locks out who keeps on
with a wrong password.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from sms.gateway import ERRORS, Consequence, Receipt
from sms.gateways import smpp_pdus as pdus
from sms.gateways.smpp_ears import Ears
from sms.gateways.smpp_errors import Codes, in_words
from sms.gateways.smpp_window import Answered, Window
from sms.gateways.smpp_wire import Lost, Wire

log = logging.getLogger(__name__)

#: Seconds until a bind must be answered.
BIND_SECONDS = 10.0
#: We ask whether the other side is there after so long without a word from it; sooner while answers are waited for.
ENQUIRE_SECONDS, ENQUIRE_SOONER = 30.0, 10.0
#: Without a word so long after we asked, the connection is dead.
ENQUIRE_PATIENCE = 10.0
#: After a lost connection the next try comes at once, then after 1, 2, 4 … seconds, at most so many.
LONGEST_PAUSE = 60.0
#: A session that held so long was a good one: the pauses begin anew.
GOOD_SECONDS = 30.0
#: After a bind that only a person can mend, somebody who wants to send makes one more try, at most so often.
AFTER_REFUSAL = 60.0
_LOOK = 0.5
#: What a part is answered with.
_ANSWERS = (pdus.SUBMIT_ANSWER, pdus.NACK)


class NotBound(Exception):
    """There is no session: (one of our errors, words for staff)."""


class Session:
    """`understand` makes an answer of the SMSC's word to a part."""

    def __init__(self, connect: Callable[[], Wire], bind: tuple[str, str], window: Window, ears: Ears, codes: Codes,
                 understand: Callable[[pdus.Frame], Answered]):  # fmt: skip
        self._connect, self._bind_as, self._window, self._ears = connect, bind, window, ears
        self._codes, self._understand = codes, understand
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wire: Wire | None = None
        self._closing = False
        self._trouble = NotBound("not-connected", "not tried yet")
        self._next_try, self._pauses = 0.0, 0
        self._refused_at: float | None = None
        self._received = b""
        self._heard_at, self._asked = 0.0, False

    def open(self) -> None:
        """Begins to connect, and to stay connected; returns at once."""
        with self._changed:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
                self._thread.start()

    def wire(self, seconds: float) -> Wire:
        """The bound connection, waited for so long. Raises NotBound, at once when none will be tried by then."""
        self.open()
        until = time.monotonic() + seconds
        with self._changed:
            if self._refused_at is not None and time.monotonic() - self._refused_at > AFTER_REFUSAL:
                self._refused_at, self._next_try = None, 0.0
                self._changed.notify_all()
            while self._wire is None:
                left = until - time.monotonic()
                if self._closing or left <= 0 or self._next_try > until or self._refused_at is not None:
                    raise NotBound(*self._trouble.args)
                self._changed.wait(min(left, _LOOK))
            return self._wire

    def close(self) -> None:
        """Says goodbye. What is unanswered then stays so."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            wire, thread = self._wire, self._thread
        if wire:
            with suppress(Lost):
                wire.write(pdus.request(pdus.UNBIND))
        if thread:
            thread.join(_LOOK * 4)
            if wire:
                wire.close()
            thread.join(5)

    # -- the thread

    def _run(self) -> None:
        while self._wait_for_the_next_try():
            began = time.monotonic()
            try:
                self._once()
            except Lost as lost:
                self._note(NotBound("not-connected", str(lost)))
            except NotBound as refused:
                self._note(refused)
            except Exception as surprise:  # this thread must not end: nothing would be heard any more
                log.exception("the session with the SMSC broke")
                self._note(NotBound("not-connected", type(surprise).__name__))
            self._plan_the_next_try(time.monotonic() - began)

    def _once(self) -> None:
        """One session from the bind to its end. Raises Lost, NotBound."""
        wire, self._received = self._connect(), b""
        try:
            self._bind(wire)
            with self._changed:
                self._wire = wire
                self._changed.notify_all()
            log.info("bound to the SMSC")
            while True:
                self._hear(wire, wire.read(_LOOK))
                self._keep_alive(wire)
        finally:
            with self._changed:
                self._wire = None
            wire.free()
            self._window.lose("the connection broke before the answer")

    def _bind(self, wire: Wire) -> None:
        sequence, pdu = pdus.bind(*self._bind_as)
        wire.write(pdu)
        until = time.monotonic() + BIND_SECONDS
        while time.monotonic() < until:
            found, self._received = pdus.frames(self._received + wire.read(_LOOK))
            for n, frame in enumerate(found):
                if frame.sequence == sequence and frame.code in (pdus.BIND_ANSWER, pdus.NACK):
                    if frame.status:
                        raise NotBound(self._codes.of(frame.status), f"bind: {in_words(frame.status)}")
                    self._heard_at, self._asked = time.monotonic(), False
                    for following in found[n + 1 :]:
                        self._other(wire, following)
                    return
        raise Lost("the bind was not answered")

    def _hear(self, wire: Wire, octets: bytes) -> None:
        if not octets:
            if self._closing:
                raise Lost("closed")
            return
        self._heard_at, self._asked = time.monotonic(), False
        try:
            found, self._received = pdus.frames(self._received + octets)
        except pdus.NotSmpp as nonsense:
            raise Lost("what the SMSC says is no SMPP") from nonsense
        answers = [(frame.sequence, self._understand(frame)) for frame in found if frame.code in _ANSWERS]
        if answers and (late := self._window.answer(answers)):
            self._ears.put_late([Receipt(id, "accepted", key=key) for key, id in late])
        for frame in found:
            if frame.code not in _ANSWERS:
                self._other(wire, frame)

    def _other(self, wire: Wire, frame: pdus.Frame) -> None:
        if frame.code == pdus.DELIVER:
            self._ears.put(wire, frame)
        elif frame.code == pdus.ENQUIRE:
            wire.write(pdus.answer(pdus.ENQUIRE, frame.sequence))
        elif frame.code == pdus.UNBIND:
            wire.write(pdus.answer(pdus.UNBIND, frame.sequence))
            raise Lost("the SMSC said goodbye")
        elif frame.code == pdus.UNBIND | pdus.ANSWER:
            raise Lost("closed")
        elif not frame.code & pdus.ANSWER and frame.code != pdus.ALERT:
            wire.write(pdus.nack(frame.sequence))

    def _keep_alive(self, wire: Wire) -> None:
        silent = time.monotonic() - self._heard_at
        allowed = ENQUIRE_SOONER if self._window.unanswered else ENQUIRE_SECONDS
        if self._asked and silent > allowed + ENQUIRE_PATIENCE:
            raise Lost("the SMSC is silent")
        if not self._asked and silent > allowed:
            self._asked = True
            wire.write(pdus.request(pdus.ENQUIRE))

    # -- between two sessions

    def _note(self, trouble: NotBound) -> None:
        code, why = trouble.args
        stopped = code in ERRORS and ERRORS[code] is Consequence.CONFIGURATION
        with self._changed:
            self._trouble = trouble
            self._refused_at = time.monotonic() if stopped else None
            self._changed.notify_all()
        if stopped:
            log.error("the SMSC refuses us, and is not asked again by itself: %s %s", code, why)
        elif not self._closing:
            log.warning("no session with the SMSC: %s", why)

    def _plan_the_next_try(self, lasted: float) -> None:
        with self._changed:
            self._pauses = 0 if lasted > GOOD_SECONDS else self._pauses + 1
            longest = min(LONGEST_PAUSE, 2.0 ** (self._pauses - 1)) if self._pauses else 0.5
            self._next_try = time.monotonic() + longest * random.uniform(0.5, 1.0)

    def _wait_for_the_next_try(self) -> bool:
        with self._changed:
            while not self._closing:
                now = time.monotonic()
                if self._refused_at is None and now >= self._next_try:
                    return True
                self._changed.wait(_LOOK if self._refused_at is not None else min(_LOOK, self._next_try - now))
            return False
