"""How a search compares."""

import unicodedata

import pytest

from messages.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đô Thành", "do thanh"),
        ("  Xã \u00a0 Đô\tThành\n", "xa do thanh"),
        ("NGHỆ AN", "nghe an"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
