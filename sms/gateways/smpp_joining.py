"""What people write in several parts, put together; what came twice, recognised."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from smpplib import consts

from sms.gateways.smpp_parts import header, text_of
from sms.gateways.smpp_pdus import Delivered

_HAS_HEADER = 0x40
_SAR = [consts.OPTIONAL_PARAMS[f"sar_{name}"] for name in ("msg_ref_num", "total_segments", "segment_seqnum")]

#: An SMSC that did not get our answer brings the same again, usually within minutes, after it was connected anew.
REPEATED_WITHIN = 900.0


@dataclass
class Written:
    """A whole message. `id` is ours, the same for a repeat: SMPP has none. `pieces` are what was brought of it."""

    id: str
    sender: str
    to: str
    text: str
    pieces: Sequence[object]


@dataclass
class _Unfinished:
    since: float
    id: str
    total: int
    texts: dict[int, str] = field(default_factory=dict)
    pieces: list = field(default_factory=list)


class Joining:
    """Used by one thread. A `piece` is whatever the caller wants back with the message, to answer it."""

    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._unfinished: dict[tuple, _Unfinished] = {}
        self._done: dict[tuple, tuple[float, _Unfinished]] = {}
        self._known: dict[tuple, tuple[float, str, object]] = {}

    def add(self, delivered: Delivered, piece: object, connection: object) -> Written | None:
        """The message that is whole with this part; None when parts are still missing."""
        part, user = _part(delivered)
        text = text_of(delivered.coding, user)
        people = (delivered.sender, delivered.to)
        if part is None:
            id = self._id((*people, delivered.coding, delivered.user), connection)
            return Written(id, *people, text, [piece])
        reference, total, number = part
        key = (*people, reference, total)
        if before := self._done_with(key, number, text):
            return self._whole(key, before, [piece])
        waiting = self._unfinished.get(key)
        if waiting is None:
            id = self._id((*key, "parts"), connection)
            waiting = self._unfinished[key] = _Unfinished(self._clock(), id, total)
        waiting.texts[number] = text
        waiting.pieces.append(piece)
        return self._finished(key) if len(waiting.texts) == total else None

    def overdue(self, seconds: float) -> list[object]:
        """The pieces brought so long ago, of messages that are still not whole; they are handed out once."""
        found = []
        for waiting in self._unfinished.values():
            if self._clock() - waiting.since >= seconds:
                found += waiting.pieces
                waiting.pieces = []
        return found

    def hopeless(self, seconds: float) -> list[Written]:
        """What is there of messages whose missing parts did not come for so long."""
        old = [key for key, waiting in self._unfinished.items() if self._clock() - waiting.since >= seconds]
        return [self._finished(key) for key in old]

    def _finished(self, key: tuple) -> Written:
        now, waiting = self._clock(), self._unfinished.pop(key)
        self._done = {each: done for each, done in self._done.items() if now - done[0] < REPEATED_WITHIN}
        self._done[key] = (now, waiting)
        return self._whole(key, waiting, waiting.pieces)

    def _whole(self, key: tuple, parts: _Unfinished, pieces: Sequence) -> Written:
        text = "".join(parts.texts.get(number, "…") for number in range(1, parts.total + 1))
        return Written(parts.id, key[0], key[1], text, pieces)

    def _done_with(self, key: tuple, number: int, text: str) -> _Unfinished | None:
        """The finished message that this is a part of, brought once more."""
        at, done = self._done.get(key, (0.0, None))
        again = done is not None and self._clock() - at < REPEATED_WITHIN and done.texts.get(number) == text
        return done if again else None

    def _id(self, what: tuple, connection: object) -> str:
        """The same for what came shortly before over another connection: our answer was lost with that."""
        now = self._clock()
        known = self._known.get(what)
        if known and known[2] is not connection and now - known[0] < REPEATED_WITHIN:
            self._known[what] = (now, known[1], connection)  # once more over this one is somebody who wrote it again
            return known[1]
        if len(self._known) > 10_000:
            self._known = {key: each for key, each in self._known.items() if now - each[0] < REPEATED_WITHIN}
        digest = hashlib.sha256(repr(what).encode()).hexdigest()[:20]
        id = f"{digest}-{int(now * 1000)}"
        self._known[what] = (now, id, connection)
        return id


def _part(delivered: Delivered) -> tuple[tuple[int, int, int] | None, bytes]:
    """((reference, total, number), text without a header); None for a message of one part."""
    if delivered.esm_class & _HAS_HEADER:
        return header(delivered.user)
    values = [delivered.tlvs.get(tag, b"") for tag in _SAR]
    reference, total, number = (int.from_bytes(value, "big") for value in values)
    joined = all(values) and 1 <= number <= total and total > 1
    return ((reference, total, number) if joined else None), delivered.user
