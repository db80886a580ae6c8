"""One connection to the SMSC of tests/servers/smsc.py."""

import asyncio
import itertools

from tests.servers import smsc_pdus as pdus
from tests.servers.smsc_pdus import RESPONSE, Wrong, pdu


class Session(asyncio.Protocol):
    def __init__(self, fake, transports: set):
        self._fake, self._transports, self._received = fake, transports, b""
        self._sequences = itertools.count(1)
        #: deliver_sm of ours that were not answered yet.
        self._handed: dict[int, bytes] = {}
        self._unanswered = 0
        self._mode = 0

    # -- the connection

    def connection_made(self, transport):
        self.transport = transport
        self._transports.add(transport)

    def connection_lost(self, error):
        self._transports.discard(self.transport)
        if self in self._fake.bound:
            self._fake.bound.remove(self)
        self._fake.undelivered.extend(self._handed.values())
        self._mode = 0

    def drop(self):
        self.transport.abort()
        self.connection_lost(None)
        self._handed = {}

    def data_received(self, received: bytes):
        try:
            found, self._received = pdus.frames(self._received + received)
        except Wrong as wrong:
            self._fake.wrongs.append(str(wrong))
            return self.drop()
        #: What is answered at once, and what after the latency, each in one write.
        self._now, self._later = [], []
        for command, status, sequence, body in found:
            self._hear(command, status, sequence, body)
            if self.transport.is_closing():
                return None
        self._write(self._now)
        if self._later:
            self._after(self._fake.latency, self._later)
        self.deliver_waiting()

    def _after(self, delay: float, answers: list[bytes]) -> None:
        if delay:
            asyncio.get_running_loop().call_later(delay, self._answer_parts, answers)
        else:
            self._answer_parts(answers)

    def _answer_parts(self, answers: list[bytes]) -> None:
        self._unanswered -= len(answers)
        self._write(answers)

    def _write(self, answers: list[bytes]) -> None:
        if answers and not self.transport.is_closing():
            self.transport.write(b"".join(answers))

    # -- what comes

    def _hear(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if command == pdus.SUBMIT:
            self._submit(sequence, body)
        elif command in pdus.BINDS:
            self._bind(command, sequence, body)
        elif command == pdus.ENQUIRE:
            self._fake.enquired += 1
            if self._fake.answers_enquire:
                self._now.append(pdu(command | RESPONSE, sequence))
        elif command == pdus.UNBIND:
            self._now.append(pdu(command | RESPONSE, sequence))
            self._mode = 0
            self._fake.bound.remove(self)
        elif command == pdus.DELIVER | RESPONSE:
            self._answered(status, sequence)
        elif not command & RESPONSE:
            self._fake.wrongs.append(f"command {command:x}")
            self._now.append(pdu(pdus.NACK, sequence, status=pdus.BAD_COMMAND))

    def _bind(self, command: int, sequence: int, body: bytes) -> None:
        try:
            status = self._fake.bind_status(*pdus.read_bind(body)) if not self._mode else pdus.ALREADY_BOUND
        except Wrong as wrong:
            status = wrong.args[0]
        self._now.append(pdu(command | RESPONSE, sequence, b"smsc\0" if not status else b"", status))
        if not status:
            self._mode = command
            self._fake.bound.append(self)

    def _submit(self, sequence: int, body: bytes) -> None:
        try:
            if self._mode not in (pdus.BIND_TRANSMITTER, pdus.BIND_TRANSCEIVER):
                raise Wrong(pdus.BAD_STATE, "not bound")
            submit = pdus.read_submit(body)
        except Wrong as wrong:
            self._fake.wrongs.append(str(wrong))
            self._now.append(_response(sequence, wrong.args[0]))
            return
        self._take(sequence, submit)

    def _take(self, sequence: int, submit) -> None:
        fake = self._fake
        self._unanswered += 1
        fake.most_unanswered = max(fake.most_unanswered, self._unanswered)
        if self._unanswered > fake.window:
            fake.wrongs.append(f"{self._unanswered} unanswered")
            self._later.append(_response(sequence, pdus.THROTTLED))
            return
        step = fake.step(submit.to)
        id = fake.keep(submit, step) if step.keep or not (step.status or step.silent or step.drop) else ""
        if step.drop:
            return self.drop()
        report = fake.receipt_for(submit, id, step) if id else None
        if report and step.early:
            self._now.append(self._handing(report))
        if not step.silent:
            self._answer(_response(sequence, step.status, id if not step.status else ""), step)
        if report and not step.early:
            fake.undelivered.append(report)

    def _answer(self, response: bytes, step) -> None:
        if step.delay:
            self._after(step.delay, [response])
        else:
            self._later.append(response)

    # -- what we send by ourselves

    def deliver_waiting(self) -> None:
        if self._mode in (pdus.BIND_RECEIVER, pdus.BIND_TRANSCEIVER) and self._fake.undelivered:
            bodies = list(self._fake.undelivered)
            self._fake.undelivered.clear()
            self._after_answers([self._handing(body) for body in bodies])

    def _after_answers(self, handed: list[bytes]) -> None:
        if self._fake.latency:
            asyncio.get_running_loop().call_later(self._fake.latency, self._write, handed)
        else:
            self._write(handed)

    def _handing(self, body: bytes) -> bytes:
        sequence = next(self._sequences)
        self._handed[sequence] = body
        return pdu(pdus.DELIVER, sequence, body)

    def _answered(self, status: int, sequence: int) -> None:
        self._fake.taken[status] += 1
        body = self._handed.pop(sequence, None)
        if body is None:
            self._fake.wrongs.append(f"an answer to nothing: {sequence}")
        elif status:
            asyncio.get_running_loop().call_later(self._fake.repeat_after, self._again, body)

    def _again(self, body: bytes) -> None:
        self._fake.undelivered.append(body)
        for session in self._fake.bound[:1]:
            session.deliver_waiting()

    def enquire(self) -> None:
        self.transport.write(pdu(pdus.ENQUIRE, next(self._sequences)))


def _response(sequence: int, status: int, id: str = "") -> bytes:
    return pdu(pdus.SUBMIT | RESPONSE, sequence, id.encode() + b"\0" if not status else b"", status)
