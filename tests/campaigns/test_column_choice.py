"""Columns proposed where headings say too little or too much, chosen by an officer, written so that they are found."""

import pytest

from campaigns.column_choice import headings_that_tell, propose, width
from campaigns.columns import ROLES, find_columns

PERSON, OTHER = ["Đào", "0912345678", "x"], ["Bình", "0912 345 679", "y"]


def _proposed(*rows, **decided):
    columns, doubt = propose([list(row) for row in rows], **decided)
    return columns.heading_row, columns.phone, columns.name, doubt


@pytest.mark.parametrize(
    ("rows", "heading_row", "phone", "doubt"),
    [
        # what headings say outright is not doubted
        ([["Tên", "SĐT", "Xã"], PERSON], 0, 1, None),
        ([["DANH SÁCH"], [], ["Tên", "SĐT", "Xã"], PERSON], 2, 1, None),
        # of several the fullest
        ([["SĐT", "SĐT", "SĐT"], ["", "0912345678", "12"], ["", "0912345679", ""]], 0, 1, "upload-many-phone-columns"),
        ([["SĐT", "SĐT"], ["", ""]], 0, 0, "upload-many-phone-columns"),
        # no heading says it: what stands below does
        ([["Tên", "Liên lạc", "Ghi chú"], PERSON, OTHER], 0, 1, "upload-no-phone-column"),
        ([["Ai", "Gọi số", "Gì"], PERSON, OTHER], 0, 1, "upload-no-phone-column"),
        # no headings at all
        ([PERSON, OTHER], -1, 1, "upload-no-phone-column"),
        ([["a", "912345678.0"], ["b", "912345679.0"]], -1, 1, "upload-no-phone-column"),
        # nothing that looks like a number
        ([["Tên", "Tuổi"], ["A", "41"]], 0, None, "upload-no-phone-column"),
        ([["Tên", "Số CCCD"], ["A", "040012345678901"]], 0, None, "upload-no-phone-column"),
        ([[]], 0, None, "upload-no-phone-column"),
        ([], -1, None, "upload-no-phone-column"),
    ],
)
def test_proposals(rows, heading_row, phone, doubt):
    found = _proposed(*rows)
    assert (found[0], found[1], found[3]) == (heading_row, phone, doubt)


def test_what_is_decided_is_followed():
    rows = [["DANH SÁCH"], ["Tên", "SĐT", "SĐT vợ"], PERSON]
    roles = dict.fromkeys(ROLES) | {"phone": 2, "name": 0}
    assert _proposed(*rows, roles=roles) == (1, 2, 0, None)
    assert _proposed(*rows, heading_row=-1)[0] == -1
    assert _proposed(*rows, heading_row=99)[0] == 2
    assert _proposed(*rows, roles=roles | {"phone": None})[3] == "upload-no-phone-column"


def test_a_list_without_headings_names_its_columns():
    columns, _ = propose([PERSON, OTHER])
    assert columns.headings == ("Cột A", "Cột B", "Cột C")
    assert columns.extra == ((0, "Cột A"), (2, "Cột C"))


def test_a_column_called_name_does_not_hide_the_name():
    columns, _ = propose([["name", "SĐT", "Tên"], PERSON], roles=dict.fromkeys(ROLES) | {"phone": 1, "name": 2})
    assert columns.extra == ((0, "name (1)"),)


def test_width():
    assert width([["a"], ["a", "b"]]) == 2
    assert width([]) == 0


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (["Tên", "SĐT", "Xã"], {"name": 0, "phone": 1, "commune": 2}),
        (["SĐT", "SĐT", "SĐT"], {"phone": 1}),
        (["Tên", "Liên lạc", "Nơi làm"], {"name": 0, "phone": 1, "commune": 2}),
        (["Cột A", "Cột B"], {"name": 0, "phone": 1}),
        (["Tên", "SĐT", "Điện thoại"], {"name": 0, "phone": 2}),
        (["Tên", "SĐT", "Huyện", "Xã"], {"name": 0, "phone": 1}),
        (["Huyện", "Xã", "Số máy (nếu có)", "Tên"], {"district": 1, "commune": 0, "phone": 2, "name": 3}),
        (["Tên", "", "x"], {"name": 0, "phone": 1}),
        (["Tên"], {"name": 0, "phone": 2}),
    ],
)
def test_headings_that_tell_lead_to_the_same_columns(headings, roles):
    """An officer had to choose once; the refused rows come back by themselves."""
    chosen, _ = propose([headings, PERSON], roles=dict.fromkeys(ROLES) | roles)
    again = find_columns([headings_that_tell(chosen)])
    assert {role: getattr(again, role) for role in ROLES} == dict.fromkeys(ROLES) | roles


def test_headings_that_tell_enough_are_left_as_they_are():
    headings = ["STT", "Họ tên", "SĐT (chính)", "Ghi chú"]
    assert headings_that_tell(find_columns([headings])) == headings
