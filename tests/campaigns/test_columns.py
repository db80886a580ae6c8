"""Heading rows as officers write them."""

import pytest

from campaigns.columns import find_columns, letter, recognised
from messages.errors import Mistake


def _found(*rows):
    columns = find_columns(list(rows))
    roles = ("phone", "name", "district", "commune", "language")
    return columns.heading_row, {role: getattr(columns, role) for role in roles if getattr(columns, role) is not None}


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (["Họ và tên", "Số điện thoại", "Huyện", "Xã", "Ngôn ngữ"],
         {"name": 0, "phone": 1, "district": 2, "commune": 3, "language": 4}),
        (["name", "phone", "district", "commune", "language"],
         {"name": 0, "phone": 1, "district": 2, "commune": 3, "language": 4}),
        (["STT", "HỌ TÊN", "SĐT", "Địa chỉ (xã)", "Ghi chú"], {"name": 1, "phone": 2, "commune": 3}),
        (["Full name", "Mobile", "Language"], {"name": 0, "phone": 1, "language": 2}),
        (["ho ten", "so dien thoai", "huyen/thi xa", "xa/phuong", "tieng"],
         {"name": 0, "phone": 1, "district": 2, "commune": 3, "language": 4}),
        ([" Họ  tên ", "S.Đ.T", "Quận/Huyện", "Phường, xã"], {"name": 0, "phone": 1, "district": 2, "commune": 3}),
        (["Tên", "Số điện thoại (bắt buộc)"], {"name": 0, "phone": 1}),
        (["Tên", "SĐT 1", "Ghi chú"], {"name": 0, "phone": 1}),
        (["SỐ ĐIỆN THOẠI"], {"phone": 0}),
        # an unusual heading that speaks of phones, when nothing else does
        (["Tên", "Điện thoại của lao động"], {"name": 0, "phone": 1}),
        (["Tên", "SĐT", "SĐT người thân"], {"name": 0, "phone": 1}),
        # "ĐT" is a phone unless a phone stands beside it; an address is a commune unless a commune does
        (["Tên", "ĐT"], {"name": 0, "phone": 1}),
        (["Tên", "DT", "SĐT"], {"name": 0, "phone": 2}),
        (["Tên", "SĐT", "Địa chỉ"], {"name": 0, "phone": 1, "commune": 2}),
        (["Tên", "SĐT", "Địa chỉ", "Xã"], {"name": 0, "phone": 1, "commune": 3}),
    ],
)
def test_columns(headings, roles):
    assert _found(headings, ["x"] * len(headings)) == (0, roles)


def test_the_heading_row_stands_below_titles():
    titles = [["UBND HUYỆN DIỄN CHÂU"], ["DANH SÁCH SỐ ĐIỆN THOẠI LAO ĐỘNG"], []]
    heading_row, roles = _found(*titles, ["STT", "Họ tên", "SĐT"], ["1", "A", "0912345678"])
    assert (heading_row, roles) == (3, {"name": 1, "phone": 2})


def test_other_columns_keep_their_headings_and_serial_numbers_do_not():
    columns = find_columns([["STT", "SĐT", "Nghề", "Nghề", "", "Lý do / Reason", "Dòng / Line"]])
    assert columns.extra == ((2, "Nghề"), (3, "Nghề (4)"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["SĐT", "SĐT", "SĐT"]], "upload-many-phone-columns"),
        ([["Tên", "SĐT 1", "SĐT 2"]], "upload-many-phone-columns"),
        ([["Tên", "Phone", "Mobile"]], "upload-many-phone-columns"),
        ([["Tên", "Tuổi"]], "upload-no-phone-column"),
        ([["Nguyễn Văn A", "0912345678"]], "upload-no-phone-column"),
        ([[]], "upload-no-phone-column"),
        ([], "upload-no-phone-column"),
    ],
)
def test_no_choice_is_made_for_the_officer(rows, code):
    with pytest.raises(Mistake) as mistake:
        find_columns(rows)
    assert mistake.value.code == code


def test_the_columns_in_question_are_named():
    with pytest.raises(Mistake) as mistake:
        find_columns([["Tên", "SĐT", "SĐT", "SĐT"]])
    for language in ("vi", "en"):
        assert "B (SĐT), C (SĐT), D (SĐT)" in mistake.value.sentence(language)


def test_recognised_counts_roles():
    assert recognised([["x"], ["Tên", "SĐT"]]) == 2
    assert recognised([["Tên", "Huyện"]]) == 0


def test_the_apostrophe_that_made_a_heading_text_is_no_part_of_it():
    assert find_columns([["SĐT", "'=1+1", "'quoted'"]]).headings == ("SĐT", "=1+1", "'quoted'")


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("Đào 0912 345 678", "Đào …"), ("+84.912.345.678", "…"), ("Giai đoạn 2020-2026", "Giai đoạn 2020-2026")],
)
def test_a_number_is_no_heading(cell, kept):
    assert find_columns([["SĐT", cell]]).headings[1] == kept


@pytest.mark.parametrize(("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_in_a_spreadsheet(at, letters):
    assert letter(at) == letters
