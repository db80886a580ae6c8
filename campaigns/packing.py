"""The rows of an upload sealed and packed into batches as they will be stored: all that needs no database.

What comes of a file depends on the file and on what its import says, so any process may do this, from any row on.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, islice
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import NamedTuple

from campaigns import upload, vault
from campaigns.entries import Person, Refused, RowReader, Standing
from campaigns.reading import Reading
from campaigns.repeats import Seen, sort_out
from campaigns.store.incoming import MOST_KINDS, Incoming, Kind, written
from db.seal import INDEX_BYTES, SEALED_BYTES, Seal

#: Rows that are read at a time; the columns of so many stay in the processor's cache.
_AT_ONCE = 1000
#: A batch ends early when it has come to so many bytes. Whatever its rows hold, it stays below incoming.MOST_BYTES.
_ENOUGH_BYTES = 8 << 20


class Packed(NamedTuple):
    """A batch: what `rows` rows of the file came to. `shared` is what the people of each of `incoming.kinds` share.

    `refused` are (row number in the file, code, sealed cells).
    """

    rows: int
    duplicates: int
    incoming: Incoming
    shared: list[tuple[str | None, tuple[str, ...]]]
    refused: list[tuple[int, str, bytes]]


@dataclass(frozen=True)
class Source:
    """A stored upload, how its rows are read, and from which row on (`position`), so many (`size`) to a batch."""

    folder: Path
    stored_as: str
    reading: Reading
    reader: RowReader
    position: int
    size: int


def packed(source: Source, seal: Seal) -> Iterator[Packed]:
    """All batches, one after the other. Raises Mistake or CannotOpen for a file that cannot be read to its end."""
    if source.size >= MOST_KINDS:
        raise ValueError(f"a batch has fewer than {MOST_KINDS} rows")
    with (
        vault.open_stored(source.folder, seal, source.stored_as) as content,
        closing(upload.records(content, source.reading)) as records,
    ):
        seen, before = Seen(source.reading.total), islice(records, source.position)
        while rows := list(islice(before, _AT_ONCE)):
            for number in source.reader.good_numbers(rows):
                seen.is_new(number)
        # Nobody here holds on to a batch while the next one grows.
        yield from iter(partial(_batch, records, source, seal, seen), None)


def _batch(records: Iterator, source: Source, seal: Seal, seen: Seen) -> Packed | None:
    """The next one; None at the end."""
    draft = _Draft(seal)
    while draft.rows < source.size and draft.bytes < _ENOUGH_BYTES:
        rows = list(islice(records, min(_AT_ONCE, source.size - draft.rows)))
        if not rows:
            break
        draft.take(rows, source.reader, seen)
    return draft.packed() if draft.rows else None


class _Draft:
    """A batch that grows."""

    def __init__(self, seal: Seal):
        self.rows = self.bytes = self._duplicates = 0
        self._seal = seal
        self._parts: list[bytes] = []
        self._people: list[int] = []
        self._refused: list[tuple[int, str, bytes]] = []
        self._kinds: dict[Standing, int] = {}

    def take(self, rows: list[tuple[int, list[str]]], reader: RowReader, seen: Seen) -> None:
        batch = sort_out(reader.read(rows), seen)
        self.rows += batch.rows
        self._duplicates += batch.duplicates
        self._add(batch.people)
        self._refused += self._sealed_refusals(batch.refused)

    def packed(self) -> Packed:
        kinds = [_kind(standing) for standing in self._kinds]
        shared = [(standing.rewritten, standing.notes) for standing in self._kinds]
        incoming = Incoming(b"".join(self._parts), self._people, kinds)
        return Packed(self.rows, self._duplicates, incoming, shared, self._refused)

    def _add(self, people: list[Person]) -> None:
        seal, known = self._seal, self._kinds
        addresses = [person.e164 for person in people]
        indexes, numbers = seal.index_many(addresses), seal.seal_many(addresses, "contacts.number")
        others = seal.seal_many([_json(person.fields) for person in people], "contacts.fields")
        others = [each if person.fields else b"" for person, each in zip(people, others, strict=True)]
        kinds = [known.setdefault(person.standing, len(known)) for person in people]
        lengths = list(map(len, others))
        sizes = (INDEX_BYTES + len(number) + length for number, length in zip(numbers, lengths, strict=True))
        starts = list(accumulate(sizes, initial=self.bytes))
        self.bytes = starts.pop()
        self._people += map(written, starts, lengths, kinds)
        self._parts += chain.from_iterable(zip(indexes, numbers, others, strict=True))

    def _sealed_refusals(self, refused: list[Refused]) -> Iterable[tuple[int, str, bytes]]:
        rows = self._seal.seal_many([_json_list(each.cells) for each in refused], "import_refusals.row")
        return [(each.line, each.code, row) for each, row in zip(refused, rows, strict=True)]


def _kind(standing: Standing) -> Kind:
    place = standing.place
    return Kind(
        standing.letters + SEALED_BYTES, standing.language, standing.country, standing.carrier,
        place.area, place.former_district, place.former_commune,
    )  # fmt: skip


def _json(fields: dict[str, str]) -> str:
    """As json.dumps writes it, which for so small a thing takes five times as long."""
    if len(fields) == 1 and (name := fields.get("name")):
        return '{"name": ' + quoted(name) + "}"
    return "{" + ", ".join([f"{quoted(key)}: {quoted(value)}" for key, value in fields.items()]) + "}"


def _json_list(cells: list[str]) -> str:
    return "[" + ", ".join(map(quoted, cells)) + "]"
