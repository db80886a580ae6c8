"""Whatever is uploaded: a clear mistake, or every row accounted for."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import upload
from campaigns.entries import RowReader
from campaigns.places import Resolver
from campaigns.repeats import Seen, sort_out
from messages.errors import Mistake

CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _batch(content):
    reading = upload.find_reading(lambda: io.BytesIO(content), len(content))
    reader = RowReader(reading.columns, "VN", Resolver([]))
    batch = sort_out(reader.read(upload.records(io.BytesIO(content), reading)), Seen())
    assert batch.rows == reading.total == len(batch.people) + len(batch.refused) + batch.duplicates
    return batch


@QUICK
@given(st.binary(max_size=400), st.sampled_from([b"", b"Phone\n", b"\xff\xfe", b"name;phone\n", b"PK\x03\x04"]))
def test_any_bytes(rest, start):
    try:
        _batch(start + rest)
    except Mistake as mistake:
        assert mistake.sentence("vi")


@QUICK
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20), st.sampled_from(",;\t|"))
def test_any_rows(rows, delimiter):
    """Rows as a spreadsheet writes them come out as many as went in (blank ones aside)."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("Họ tên", "SĐT", "Xã"), ("A", "0912345678", "B"), *rows])
    batch = _batch(text.getvalue().encode("utf-8-sig"))
    assert batch.rows >= 1 + sum(any(cell.isalnum() for cell in row) for row in rows)
    assert batch.rows <= 1 + len(rows)


@QUICK
@given(st.lists(st.integers(0, 30), max_size=40))
def test_any_order_of_numbers(numbers):
    text = "SĐT\n0999\n" + "".join(f"09123456{number:02}\n" for number in numbers)
    batch = _batch(text.encode())
    assert (len(batch.people), len(batch.refused)) == (len(set(numbers)), 1)
    assert batch.duplicates == len(numbers) - len(set(numbers))
