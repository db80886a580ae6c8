"""What people type in standard words: a table a step, one line a case."""

import pytest

from bots.letters import clean, fold, is_syllable
from bots.normalise import MOST_TOKENS, normalise


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        # chat spelling
        ("xkld hàn quốc tuổi bn z", "xuat khau lao dong han quoc tuoi bao nhieu vay"),
        ("e k có tiền thì s đi dc", "em khong co tien thi sao di duoc"),
        ("cty lấy 30tr có đúng ko", "cong ty lay 30 trieu co dung khong"),
        ("17t đi dc k bn", "17 tuoi di duoc khong ban"),
        ("bn ơi cho hỏi", "ban oi cho hoi"),
        # dialect, with accents
        ("chừ tui mần răng", "gio toi lam sao"),
        ("hấn đi mô rồi", "no di dau roi"),
        ("rứa phải nộp chi", "the phai nop gi"),
        ("bựa ni nỏ có ai", "hom nay khong co ai"),
        ("o nớ ở bên tê", "co ay o ben kia"),
        # standard compounds stay
        ("chi phí bao nhiêu", "chi phi bao nhieu"),
        ("quy mô công ty", "quy mo cong ty"),
        ("con đau răng quá", "con dau rang qua"),
        ("ăn cà ri", "an ca ri"),
        ("bây giờ đi", "bay gio di"),
        # dialect, without accents: only groups that are safe
        ("di mo rua", "di dau the"),
        ("lam rang de ve", "lam sao de ve"),
        ("mo hinh", "mo hinh"),
        # a keyboard that was switched off
        ("toi muoons ddi nhaajt dduwowcj khoong", "toi muon di nhat duoc khong"),
        ("em muoosn veef nhaf", "em muon ve nha"),
        ("toi6 muon61 d9i nuoc71 ngoai2", "toi muon di nuoc ngoai"),
        # English: its own table, and none of the Vietnamese one
        ("what's the fee, i cant pay u", "what is the fee i can not pay you"),
        ("is the k visa real", "is the k visa real"),
        ("a man and me", "a man and me"),
        ("don't u know", "do not you know"),
        # drawn out, invisible, other widths
        ("saoooo zậyyyy", "sao vay"),
        ("h\u200bộ ch\u200diếu", "ho chieu"),
        ("gọi 111 hay 999", "goi 111 hay 999"),
        ("ＶＩＳＡ Ａｎｈ", "visa anh"),
    ],
)
def test_plain_words(text, plain):
    assert normalise(text).text == plain


def test_decomposed_and_composed_accents_are_one():
    assert normalise("ho\u0302\u0323 chie\u0302\u0301u").standard == normalise("hộ chiếu").standard


def test_the_changes_are_told():
    assert normalise("k đi mô").changes == ("k → không", "đi mô → đi đâu")


def test_what_shows_no_language_is_read_as_told():
    assert normalise("k", "en").text == "k"
    assert normalise("k", "vi").text == "khong"
    assert normalise("is the k visa real", "vi").text == "is the k visa real"


def test_a_book_is_not_read_to_its_end():
    assert len(normalise("một hai " * 100_000).typed) == MOST_TOKENS


@pytest.mark.parametrize("syllable", ["nghieng", "duoc", "khuya", "quyen", "anh", "oan"])
def test_vietnamese_syllables(syllable):
    assert is_syllable(syllable)


@pytest.mark.parametrize("word", ["work", "visa", "boss", "strong", "blue", "khoong", ""])
def test_no_vietnamese_syllables(word):
    assert not is_syllable(word)


def test_folding_and_cleaning():
    assert fold("Đường ĐẾN Anh") == "duong den anh"
    assert clean("’xin‘\ufeff chàoooo") == "'xin' chào"
