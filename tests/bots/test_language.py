"""Which language a message is in: a table, one line a case."""

import pytest

from bots.language import detect


@pytest.mark.parametrize(
    ("text", "language", "accented"),
    [
        ("Tôi muốn đi Hàn Quốc", "vi", True),
        ("toi muon di han quoc", "vi", False),
        ("e bi giu ho chieu o ben nớ chừ răng", "vi", True),
        ("xkld hàn quốc tuổi bn z", "vi", True),
        ("di mo rua", "vi", False),
        ("the nao", "vi", False),
        ("ban la ai", "vi", False),
        ("con no bi bat o phap", "vi", False),
        ("toi muoons ddi nhaajt dduwowcj khoong", "vi", False),
        ("toi6 muon61 d9i nuoc71 ngoai2", "vi", False),
        ("còn Hàn Quốc?", "vi", True),
        ("is care visa still open", "en", False),
        ("can i go", "en", False),
        ("hw much do smuglers chrge", "en", False),
        ("wat is ths", "en", False),
        ("my boss seems rude", "en", False),
        ("Je veux aller en Angleterre", "other", False),
        ("hola quiero ir a londres", "other", False),
        ("ich möchte nach England", "other", False),
        ("saya mau kerja di inggris", "other", False),
        ("我想去英国", "other", False),
        ("Я хочу в Англию", "other", False),
        ("أريد الذهاب", "other", False),
        ("ຂ້ອຍຢາກໄປ", "other", False),
        ("", "unclear", False),
        ("😀😀😀", "unclear", False),
        ("123", "unclear", False),
        ("asdfgh qwerty", "unclear", False),
        ("visa", "unclear", False),
    ],
)
def test_language(text, language, accented):
    writing = detect(text)
    assert (writing.language, writing.accented) == (language, accented)


def test_both_languages_in_one_message_are_seen():
    writing = detect("my husband bị bắt ở Anh, what should I do")
    assert writing.mixed
    assert not detect("chồng em bị bắt ở Anh, em phải làm gì").mixed


def test_a_single_word_does_not_tell_surely():
    assert not detect("stop").sure
    assert not detect("o campuchia").sure
    assert detect("is the visa real").sure
