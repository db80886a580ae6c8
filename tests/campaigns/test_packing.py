"""Rows sealed and packed are the rows as they are read one by one: nothing is lost, moved or left open."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import packing, upload, vault
from campaigns.columns import find_columns
from campaigns.entries import MOST_CELLS, MOST_LETTERS, Refused, RowReader
from campaigns.packing import Source, packed
from campaigns.places import Resolver, Unit
from campaigns.repeats import Seen, sort_out
from campaigns.store.incoming import MOST_FIELD_BYTES, kind_of
from db.seal import SEALED_BYTES, Seal
from sms import numbers
from tests.campaigns.uploading import SAMPLES
from tests.sms.test_numbers import REFUSED, VALID

SEAL = Seal([b"a key for tests only, thirty-two"])
UNITS = [
    Unit("426", "former-district", "Huyện Yên Thành", "40"),
    Unit("17530", "commune", "Xã Đông Thành", "40", "426"),
    Unit("17527-2025", "former-commune", "Xã Đô Thành", "40", "426", "17530"),
]
HEADINGS = ["Họ tên", "SĐT", "Huyện", "Xã", "Ngôn ngữ", "Nghề"]


def _source(folder, content, position=0, size=100, country="VN"):
    stored = vault.store(folder, SEAL, iter([content]))
    reading = upload.find_reading(lambda: io.BytesIO(content), len(content))
    reader = RowReader(reading.columns, country, Resolver(UNITS))
    return Source(folder, stored, reading, reader, position, size)


def _opened(batch):
    """(number, index, fields, kind, shared) of every person of a batch, taken out of the run of bytes."""
    sealed, people, kinds = batch.incoming
    found = []
    for person in people:
        kind, start = kinds[kind_of(person)], person >> 36
        length = person >> 16 & (MOST_FIELD_BYTES - 1)
        ends = start + 16, start + 16 + kind.number_bytes, start + 16 + kind.number_bytes + length
        number = SEAL.open(sealed[ends[0] : ends[1]], "contacts.number")
        fields = json.loads(SEAL.open(sealed[ends[1] : ends[2]], "contacts.fields")) if length else {}
        found.append((number, sealed[start : ends[0]], fields, kind, batch.shared[kind_of(person)]))
    return found


def _expected(source, content):
    """The same from the rows read one at a time, the numbers by the slow way."""
    batch = sort_out(
        (entry for row in upload.records(io.BytesIO(content), source.reading) for entry in source.reader.read([row])),
        Seen(),
    )
    people = [
        (
            person.e164, SEAL.index(person.e164), person.fields,
            (
                len(person.e164) + SEALED_BYTES, person.language, person.country, person.carrier,
                person.place.area, person.place.former_district, person.place.former_commune,
            ),
            (person.rewritten, person.notes),
        )
        for person in batch.people
    ]  # fmt: skip
    return people, [(each.line, each.code, each.cells) for each in batch.refused], batch.duplicates


def _agrees(source, content):
    batches = list(packed(source, SEAL))
    people, refused, duplicates = _expected(source, content)
    assert [person for batch in batches for person in _opened(batch)] == people
    opened = [
        (line, code, json.loads(SEAL.open(row, "import_refusals.row")))
        for batch in batches
        for line, code, row in batch.refused
    ]
    assert opened == refused
    assert sum(batch.duplicates for batch in batches) == duplicates
    assert sum(batch.rows for batch in batches) == source.reading.total
    assert all(batch.rows == source.size for batch in batches[:-1])


@pytest.mark.parametrize("sample", ["yen-thanh.csv", "quynh-luu-windows1258.csv", "dien-chau.xlsx", "hostile.csv"])
def test_the_samples(tmp_path, sample):
    content = (SAMPLES / sample).read_bytes()
    _agrees(_source(tmp_path, content), content)


def test_numbers_of_another_country(tmp_path):
    content = (SAMPLES / "partners-uk.tsv").read_bytes()
    content += b"x\t+33612345678\ten\ny\t+84912345678\tvi\nz\t+19293334444\t"
    _agrees(_source(tmp_path, content, country="GB"), content)


ODD = ['"', "\\", "\x00", "'=1+1", "a\nb", "\t", "Z" * 600]
USUAL = ["", "vi", "EN", "H'Mông", "Yên Thành", "Đô Thành", "Nơi Nào"]
CELLS = st.one_of(st.sampled_from(USUAL + ODD), st.text(max_size=12))
NUMBERS = st.one_of(
    st.sampled_from([text for text, *_ in VALID + REFUSED]),
    st.integers(0, 99).map(lambda n: f"09123456{n:02}"),
    CELLS,
)
ROWS = st.lists(st.tuples(CELLS, NUMBERS, st.lists(CELLS, max_size=7)).map(lambda row: [row[0], row[1], *row[2]]))


@settings(max_examples=300, deadline=None)
@given(ROWS, st.sampled_from(["VN", "GB"]))
def test_any_rows(rows, country):
    """Below the reading of files: whatever cells a file may hold."""
    reader = RowReader(find_columns([HEADINGS]), country, Resolver(UNITS))
    lines = list(enumerate(rows, start=2))
    together = list(reader.read(lines))
    for (line, cells), entry in zip(lines, together, strict=True):
        [alone] = reader.read([(line, cells)])
        number = numbers.careful(cells[1][:MOST_LETTERS], country)
        if isinstance(entry, Refused):
            assert entry == alone and entry.code == number.code
            continue
        assert (entry.e164, entry.rewritten) == (number.e164, number.rewritten)
        assert entry.carrier == (number.carrier or "unknown")
        assert (entry.fields, entry.place, entry.notes) == (alone.fields, alone.place, alone.notes)
        assert json.loads(packing._json(entry.fields)) == entry.fields
        assert packing._json(entry.fields) == json.dumps(entry.fields, ensure_ascii=False)


def _numbers(batches):
    return [person[0] for batch in batches for person in _opened(batch)]


def test_it_goes_on_from_any_row(tmp_path):
    content = (SAMPLES / "yen-thanh.csv").read_bytes()
    whole = _numbers(packed(_source(tmp_path, content), SEAL))
    for position in (1, 100, 436, 437):
        first = next(packed(_source(tmp_path, content, size=position), SEAL))
        rest = packed(_source(tmp_path, content, position=position), SEAL)
        assert _numbers([first]) + _numbers(rest) == whole


def test_no_two_are_sealed_alike(tmp_path):
    content = "Tên,SĐT\n" + "".join(f"A,09123{n:05}\n" for n in range(500))
    [batch] = packed(_source(tmp_path, content.encode(), size=1000), SEAL)
    sealed, people, kinds = batch.incoming
    nonces = set()
    for person in people:
        kind, start = kinds[kind_of(person)], (person >> 36) + 16
        nonces |= {sealed[start + 1 : start + 13], sealed[start + kind.number_bytes + 1 :][:12]}
    assert len(nonces) == 2 * 500


def test_a_batch_of_wide_rows_ends_early(tmp_path):
    headings = ",".join(["SĐT", *(f"cột {n}" for n in range(99))])
    lines = [headings, *(",".join([f"09123{n:05}", *["x" * 490] * 99]) for n in range(2500))]
    source = _source(tmp_path, "\n".join(lines).encode(), size=10_000)
    batches = list(packed(source, SEAL))
    assert len(batches) > 1
    assert sum(len(batch.incoming.people) for batch in batches) == 2500


def test_a_row_without_end_is_cut_and_says_so(tmp_path):
    reader = RowReader(find_columns([["SĐT", "Tên"]]), "VN", Resolver([]))
    wide = ["0912345678", "A", *(f"{n}" for n in range(30_000))]
    long = ["0912345679", "A", *["x" * 600] * 200]
    people = list(reader.read([(2, wide), (3, long), (4, ["0912345670", "A", *"x" * 99])]))
    assert [person.notes for person in people] == [("cells-cut",), ("cells-cut",), ()]
    assert people[0].fields["column 1000"] == "997"
    assert len(people[0].fields) == MOST_CELLS - 1
    assert sum(map(len, people[1].fields.values())) <= 50_000
    assert all(len(packing._json(person.fields).encode()) < MOST_FIELD_BYTES for person in people)


def test_a_batch_is_not_larger_than_its_integers_can_say(tmp_path):
    with pytest.raises(ValueError, match="fewer than 65536"):
        next(packed(_source(tmp_path, b"S\xc4\x90T\n0912345678\n", size=65_536), SEAL))


def test_seen_grows():
    seen = Seen()
    chance = [84_000_000_000 + n * n for n in range(20_000)]
    assert all(map(seen.is_new, chance))
    assert not any(map(seen.is_new, chance))
    assert seen.is_new(1)
