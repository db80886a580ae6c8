"""What became of a text, word by word."""

import pytest

from web.differences import differences

CASES = [
    ("gọi 111", "gọi 111", [("same", "gọi 111")]),
    ("", "gọi 111", [("new", "gọi 111")]),
    ("gọi 111", "", [("gone", "gọi 111")]),
    ("", "", []),
    (
        "Đừng đưa tiền cọc cho người lạ.",
        "Đừng đưa tiền cho người lạ.",
        [("same", "Đừng đưa tiền "), ("gone", "cọc "), ("same", "cho người lạ.")],
    ),
    (
        "Đừng đưa tiền cọc cho người lạ.",
        "Đừng đưa giấy tờ cho người lạ.",
        [("same", "Đừng đưa "), ("gone", "tiền cọc"), ("new", "giấy tờ"), ("same", " cho người lạ.")],
    ),
    ("một hai ba bốn", "năm sáu bảy tám", [("gone", "một hai ba bốn\n"), ("new", "năm sáu bảy tám")]),
]


@pytest.mark.parametrize(("before", "after", "pieces"), CASES)
def test_pieces(before, after, pieces):
    assert differences(before, after) == pieces


def test_what_is_kept_and_new_is_the_text_of_now():
    before, after = "Gọi số 111 khi bị lừa, miễn phí.", "Gọi số 113 ngay khi bị lừa, miễn phí."
    assert "".join(words for kind, words in differences(before, after) if kind != "gone") == after
