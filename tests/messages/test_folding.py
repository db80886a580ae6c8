"""How a search compares."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.folding import flat, fold


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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đô Thành", "do thanh"),
        ("ĐỪNG!", "dung!"),
        ("  Hoà ", "  hoa "),
        ("“…” – ﬁ ß", "“.” – f ß"),
        ("İŞĞ", "isg"),
        ("", ""),
    ],
)
def test_flat(text, plain):
    assert flat(text) == plain


@given(st.text())
def test_flat_keeps_every_place(text):
    assert len(flat(text)) == len(text)
    assert flat(flat(text)) == flat(text)
