"""Rows as they will be read, and place names that somebody should look at."""

import pytest

from campaigns.columns import find_columns
from campaigns.entries import RowReader
from campaigns.places import Resolver, Unit
from campaigns.preview import MOST_QUESTIONS, MOST_UNKNOWN, judged, questions, seen_rows, unclear_places, unknown

UNITS = [
    Unit("415", "former-district", "Huyện Quế Phong", "40"),
    Unit("428", "former-district", "Huyện Thanh Chương", "40"),
    Unit("16744", "commune", "Xã Thông Thụ", "40", "415"),
    Unit("17713", "commune", "Xã Đại Đồng", "40", "428"),
    Unit("16744-2025", "former-commune", "Xã Đồng Văn", "40", "415", "16744"),
    Unit("17764-2025", "former-commune", "Xã Đồng Văn", "40", "428", "17713"),
]
NAMES = {unit.code: unit.name for unit in UNITS}
RESOLVER = Resolver(UNITS)
COLUMNS = find_columns([["Họ tên", "SĐT", "Huyện", "Xã"]])


def _seen(*rows, answers=None, area=None):
    numbered = list(enumerate(map(list, rows), start=2))
    reader = RowReader(COLUMNS, "VN", RESOLVER, area, answers)
    return seen_rows(reader, COLUMNS, numbered, NAMES), judged(reader, numbered)


def test_a_row_is_shown_as_it_will_be_stored():
    (row,), counted = _seen(("Đào", "01681234567", "Thanh Chương", "Đồng Văn"))
    assert (row.line, row.written, row.number, row.rewritten) == (2, "01681234567", "+84381234567", "renumbered-2018")
    assert (row.name, row.language, row.refused, row.twice) == ("Đào", "vi", None, False)
    assert (row.area, row.former, row.place) == ("Xã Đại Đồng", "Xã Đồng Văn", "known")
    assert (counted.rows, counted.good, counted.rewritten, counted.refused) == (1, 1, 1, {})


def test_a_refused_row_says_why():
    (row,), counted = _seen(("Đào", "12", "", "Đồng Văn"))
    assert (row.refused, row.number, row.name, row.place_written) == ("too-short", "", "Đào", "Đồng Văn")
    assert (counted.good, counted.refused) == (0, {"too-short": 1})


def test_a_number_that_stands_above_is_marked():
    rows, _ = _seen(("A", "0912345678"), ("B", "+84 912 345 678"), ("C", "0912345679"))
    assert [row.twice for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("district", "commune", "place"),
    [("", "Đồng Văn", "ambiguous"), ("", "Không Có", "unknown"), ("Quế Phong", "", "blank")],
)
def test_an_unclear_place_is_shown_as_written(district, commune, place):
    (row,), _ = _seen(("A", "0912345678", district, commune))
    assert (row.place, row.area) == (place, None)
    assert row.place_written == (commune or district)


def test_one_question_for_all_spellings_of_a_value():
    places = unclear_places(
        RESOLVER,
        {("", "Đồng Văn"): 12, ("", "ĐỒNG VĂN"): 3, ("", "xã dong van"): 1, ("Quế Phong", "Đồng Văn"): 5, ("", ""): 9},
    )
    assert places.ambiguous == (("", "Đồng Văn", 15), ("", "xã dong van", 1))
    question = questions(RESOLVER, places, None, {("", "dong van"): "17764-2025"})[0]
    assert (question.key, question.written, question.people, question.answer) == (
        ("", "dong van"), "Đồng Văn", 15, "17764-2025",
    )  # fmt: skip
    assert [(choice.area, choice.former_commune, choice.former_district) for choice in question.choices] == [
        ("Xã Thông Thụ", "Xã Đồng Văn", "Huyện Quế Phong"),
        ("Xã Đại Đồng", "Xã Đồng Văn", "Huyện Thanh Chương"),
    ]


def test_the_answer_is_how_the_rows_are_read():
    key = questions(RESOLVER, unclear_places(RESOLVER, {("", "Đồng Văn"): 2}), None, {})[0].key
    rows, _ = _seen(("A", "0912345678", "", "ĐỒNG VĂN"), answers={key: "16744-2025"})
    assert (rows[0].area, rows[0].former, rows[0].place) == ("Xã Thông Thụ", "Xã Đồng Văn", "known")
    # what it cannot mean is no answer
    rows, _ = _seen(("A", "0912345678", "", "Đồng Văn"), answers={key: "428"})
    assert rows[0].place == "ambiguous"


def test_the_lists_own_area_answers_by_itself():
    places = unclear_places(RESOLVER, {("", "Đồng Văn"): 2, ("", "Không Có"): 1})
    assert questions(RESOLVER, places, "428", {}) == []
    assert unknown(RESOLVER, places, "428") == [("Không Có", 1)]


def test_names_that_lead_nowhere_are_counted_and_not_kept_without_end():
    places = unclear_places(RESOLVER, {("", f"Nơi {n}"): n for n in range(1, 101)})
    assert places.unknown[0] == ("", "Nơi 100", 100)
    assert len(places.unknown) == MOST_UNKNOWN
    assert places.rest == (40, sum(range(1, 41)))
    many = unclear_places(RESOLVER, {("", f"Đồng Văn, xóm {n}"): 1 for n in range(MOST_QUESTIONS + 50)})
    assert len(many.ambiguous) == MOST_QUESTIONS
