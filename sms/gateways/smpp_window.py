"""How many parts may be on their way unanswered, and what each of them hears in the end."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sms.gateways.smpp_pdus import new_sequence

#: Late answers are waited for to so many parts at most; then all are forgotten.
_MOST_GIVEN_UP = 100_000


@dataclass(frozen=True, slots=True)
class Answered:
    """The SMSC's word: its status, and the id when that is 0."""

    status: int
    id: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It went out, and no answer came: nobody can tell. `why` is for staff."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """It never left. `code` is an error of sms/gateway.py."""

    code: str
    why: str = ""


PartFate = Answered | Unanswered | Unsent


class Call:
    """The parts of one hand-over; `done` when each has its fate. `keys` are ours of messages of one part, else ""."""

    def __init__(self, keys: Sequence[str]):
        self.keys = keys
        self.fates: list[PartFate | None] = [None] * len(keys)
        self.open = len(keys)
        self.done = threading.Event()

    def settle(self, index: int, fate: PartFate) -> None:
        """Under the lock of the window."""
        self.fates[index] = fate
        self.open -= 1
        if not self.open:
            self.done.set()


class Window:
    """Slots: taken before a part leaves, free again with its answer. Thread-safe."""

    def __init__(self, size: int):
        self.size = size
        self._free = size
        self._waiting: dict[int, tuple[Call, int]] = {}
        #: Sequence number → our key, of what was given up on while the connection held: its answer may still come.
        self._given_up: dict[int, str] = {}
        self._changed = threading.Condition()

    def take(self, most: int, seconds: float) -> int:
        """Up to `most` slots, at least one if one becomes free within `seconds`; how many were taken."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._free:
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    return 0
            taken = min(most, self._free)
            self._free -= taken
            return taken

    def give_back(self, count: int) -> None:
        """Slots that were taken and not used."""
        with self._changed:
            self._free += count
            self._changed.notify_all()

    def enter(self, call: Call, indexes: Iterable[int]) -> list[int]:
        """Parts that leave now, each in a slot taken before; their sequence numbers."""
        with self._changed:
            entered = []
            for index in indexes:
                sequence = new_sequence()
                self._waiting[sequence] = (call, index)
                entered.append(sequence)
            return entered

    def answer(self, answers: Sequence[tuple[int, Answered]]) -> list[tuple[str, str]]:
        """What the SMSC said to sequence numbers. Returns (our key, id) of what it took, though we had given it up."""
        with self._changed:
            for sequence, answer in answers:
                self._settle(sequence, answer)
            self._changed.notify_all()
            late = (
                [(self._given_up.pop(sequence, ""), answer) for sequence, answer in answers] if self._given_up else ()
            )
        return [(key, answer.id) for key, answer in late if key and not answer.status and answer.id]

    def lose(self, why: str, sequences: Iterable[int] | None = None) -> None:
        """These (all, when None) will hear nothing any more."""
        with self._changed:
            for sequence in list(self._waiting) if sequences is None else sequences:
                self._settle(sequence, Unanswered(why))
            self._changed.notify_all()

    def withdraw(self, sequences: Iterable[int]) -> int:
        """Parts that did not leave after all, and may leave again. 0, or how many there are when one of them was told
        meanwhile that it is lost: then all are, because they are counted together.
        """
        sequences = list(sequences)
        with self._changed:
            if all(sequence in self._waiting for sequence in sequences):
                for sequence in sequences:
                    del self._waiting[sequence]
                self._free += len(sequences)
                self._changed.notify_all()
                return 0
        self.lose("the connection broke", sequences)
        return len(sequences)

    def settle(self, call: Call, indexes: Iterable[int], fate: PartFate) -> None:
        """The fate of parts of `call` that hold no slot."""
        with self._changed:
            for index in indexes:
                call.settle(index, fate)

    def lose_call(self, call: Call, why: str) -> None:
        """What is still unanswered of `call`."""
        with self._changed:
            mine = {sequence: index for sequence, (each, index) in self._waiting.items() if each is call}
            if len(self._given_up) > _MOST_GIVEN_UP:
                self._given_up.clear()
            self._given_up.update((sequence, call.keys[index]) for sequence, index in mine.items())
        self.lose(why, mine)

    @property
    def unanswered(self) -> int:
        return len(self._waiting)

    def _settle(self, sequence: int, fate: PartFate) -> None:
        if waiting := self._waiting.pop(sequence, None):
            self._free += 1
            call, index = waiting
            call.settle(index, fate)
