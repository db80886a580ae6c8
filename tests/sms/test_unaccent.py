"""Vietnamese without accents, and the plain look-alikes of what Word pastes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.segments import count
from sms.unaccent import unaccent

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("Đừng đưa tiền cọc cho người lạ.", "Dung dua tien coc cho nguoi la."),
        ("Huyện Yên Thành, xã Đô Thành", "Huyen Yen Thanh, xa Do Thanh"),
        ("“Việc nhẹ, lương cao”", '"Viec nhe, luong cao"'),
        ("‘không’ – đúng không…", "'khong' - dung khong..."),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("500.000₫", "500.000d"),
        ("½ ngày, 40°C, 3 × 4", "1/2 ngay, 40oC, 3 x 4"),
        ("→ gọi ngay • miễn phí", "-> goi ngay - mien phi"),
        ("≥ 18 tuổi ≤ 35", ">= 18 tuoi <= 35"),
        ("it`s ´so´", "it's 'so'"),
        ("１２３ ＡＢＣ", "123 ABC"),
        ("ﬁ ™ ²", "fi TM 2"),
        ("tab\there", "tab here"),
        ("⚠️ Chú ý 中文 한국", "⚠️ Chu y 中文 한국"),
        ("¿Ñandú? £5 €6 ß Ø Æ", "¿Nandu? £5 €6 ß Ø Æ"),
        ("hàng 1\nhàng 2", "hang 1\nhang 2"),
    ],
)
def test_plain(text, plain):
    assert unaccent(text) == plain
    assert unaccent(unicodedata.normalize("NFD", text)) == plain


def test_every_vietnamese_letter_becomes_gsm_7():
    for letters in (LETTERS, LETTERS.upper()):
        assert count(unaccent(letters)).encoding == "GSM-7"
        assert unaccent(letters).isascii()


@given(st.text(max_size=80))
def test_twice_is_once(text):
    assert unaccent(unaccent(text)) == unaccent(text)
