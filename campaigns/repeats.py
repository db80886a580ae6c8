"""What a run of rows comes to: people, each number once; refusals; repetitions. Pure."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.entries import Person, Refused


@dataclass
class Batch:
    """What a run of rows came to. rows = people + refused + duplicates."""

    rows: int = 0
    people: list[Person] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    duplicates: int = 0


class Seen:
    """Numbers that came before, as integers: a set that takes a quarter of the memory of Python's own.

    Zero is no number. `expected` saves growing.
    """

    def __init__(self, expected: int = 0):
        self._slots = array("Q", bytes(8 << max(expected * 3 // 2, 1000).bit_length()))
        self._free = len(self._slots) // 4 * 3

    def is_new(self, number: int) -> bool:
        """Whether it was not among them; it is now."""
        slots, last = self._slots, len(self._slots) - 1
        at = number * 0x9E3779B1 >> 16 & last
        while there := slots[at]:
            if there == number:
                return False
            at = at + 1 & last
        slots[at] = number
        self._free -= 1
        if not self._free:
            self._grow()
        return True

    def _grow(self) -> None:
        before = self._slots
        self.__init__(len(before))
        for number in filter(None, before):
            self.is_new(number)


def sort_out(entries: Iterable[Person | Refused], seen: Seen) -> Batch:
    """The entries without those whose number is in `seen`, where the others are added."""
    batch = Batch()
    for entry in entries:
        batch.rows += 1
        if isinstance(entry, Refused):
            batch.refused.append(entry)
        elif seen.is_new(int(entry.e164)):
            batch.people.append(entry)
        else:
            batch.duplicates += 1
    return batch
