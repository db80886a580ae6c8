"""One row of a list: a person, or the reason why not."""

import pytest

from campaigns.columns import find_columns
from campaigns.entries import MOST_LETTERS, Person, Refused, RowReader
from campaigns.places import Resolver, Unit
from campaigns.repeats import Seen, sort_out

UNITS = [
    Unit("426", "former-district", "Huyện Yên Thành", "40"),
    Unit("17530", "commune", "Xã Đông Thành", "40", "426"),
    Unit("17527-2025", "former-commune", "Xã Đô Thành", "40", "426", "17530"),
]
COLUMNS = find_columns([["Họ tên", "SĐT", "Huyện", "Xã", "Ngôn ngữ", "Nghề"]])


def _read(*cells, columns=COLUMNS, country="VN", area=None):
    reader = RowReader(columns, country, Resolver(UNITS), area)
    return next(iter(reader.read([(7, list(cells))])))


def test_a_plain_row():
    person = _read("Nguyễn Văn A", "0912 345 678", "Yên Thành", "Đô Thành", "en", "thợ nề")
    assert person.e164 == "+84912345678"
    assert (person.carrier, person.country, person.language, person.rewritten) == ("Vinaphone", "VN", "en", None)
    assert (person.place.area, person.place.former_district) == ("17530", "426")
    assert person.fields == {"name": "Nguyễn Văn A", "Nghề": "thợ nề"}
    assert person.notes == ()


@pytest.mark.parametrize(
    ("written", "language", "notes"),
    [
        ("vi", "vi", ()),
        ("", "vi", ()),
        ("EN", "en", ()),
        ("Tiếng Anh", "en", ()),
        ("tieng viet", "vi", ()),
        ("English", "en", ()),
        ("H'Mông", "vi", ("language-unknown",)),
    ],
)
def test_language(written, language, notes):
    person = _read("A", "0912345678", "", "", written)
    assert (person.language, person.notes) == (language, notes)


@pytest.mark.parametrize(
    ("district", "commune", "area", "placed", "notes"),
    [
        ("Yên Thành", "Không Có Thật", None, (None, "426"), ("place-unknown",)),
        ("", "Không Có Thật", "426", (None, "426"), ("place-unknown",)),
        ("", "", "17530", ("17530", "426"), ()),
        ("", "", None, (None, None), ()),
    ],
)
def test_a_row_is_not_lost_for_its_place(district, commune, area, placed, notes):
    person = _read("A", "0912345678", district, commune, area=area)
    assert ((person.place.area, person.place.former_district), person.notes) == (placed, notes)


@pytest.mark.parametrize(("number", "code"), [("", "empty"), ("không có", "not-a-number"), ("02383197252", "landline")])
def test_a_refused_row_keeps_its_line_and_cells(number, code):
    assert _read("A", number, "Yên Thành") == Refused(7, code, ["A", number, "Yên Thành"])


def test_a_short_row_has_no_number():
    assert _read("A") == Refused(7, "empty", ["A"])


def test_cells_beyond_the_headings_are_kept():
    person = _read("A", "0912345678", "", "", "", "", "extra", "cells")
    assert person.fields == {"name": "A", "column 7": "extra", "column 8": "cells"}


def test_a_cell_is_one_line_and_not_endless():
    person = _read("x" * 20_000, "0912345678", "", "", "", "thợ\n nề")
    assert person.fields == {"name": "x" * MOST_LETTERS, "Nghề": "thợ nề"}
    assert person.notes == ("cells-cut",)


@pytest.mark.parametrize("name", ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "Robert'); DROP TABLE contacts;--"])
def test_text_is_only_text(name):
    assert _read(name, "0912345678").fields["name"] == name
    # and what was written out safely comes back as it was
    assert _read(f"'{name}" if name.startswith("=") else name, "0912345678").fields["name"] == name


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+81 90 1234 5678", "JP"),
        ("+886 912 345 678", "TW"),
        ("+82 10 1234 5678", "KR"),
        ("+855 12 345 678", "KH"),
        ("+420 601 123 456", "CZ"),
        ("+353 85 012 3456", "IE"),
        ("+33 6 12 34 56 78", "FR"),
        ("+7 912 345 67 89", "RU"),
    ],
)
def test_a_number_with_its_prefix_says_where_the_person_is(number, country):
    """Their day and holidays are that country's."""
    assert _read("A", number).country == country


def test_numbers_without_a_prefix_are_of_the_named_country():
    person = _read("A", "07911 123403", country="GB")
    assert (person.e164, person.country, person.carrier) == ("+447911123403", "GB", "unknown")
    assert _read("A", "+84912345678", country="GB").country == "VN"


def test_sort_out_counts_a_number_once_however_it_is_written():
    reader = RowReader(COLUMNS, "VN", Resolver(UNITS))
    rows = [(2, ["A", "0912345678"]), (3, ["B", "84912345678"]), (4, ["C", ""]), (5, ["D", "0912345679"])]
    seen = Seen()
    assert seen.is_new(84912345679)
    batch = sort_out(reader.read(rows), seen)
    assert (batch.rows, batch.duplicates) == (4, 2)
    assert [person.fields["name"] for person in batch.people] == ["A"]
    assert [refused.line for refused in batch.refused] == [4]
    assert set(reader.good_numbers(rows)) == {84912345678, 84912345679}
    assert not seen.is_new(84912345678)


def test_an_entry_is_one_of_two_things():
    assert isinstance(_read("A", "0912345678"), Person)
    assert isinstance(_read("A", "x"), Refused)
