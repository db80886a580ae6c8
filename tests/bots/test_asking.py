"""Politeness around a question, and two questions in one message."""

import pytest

from bots.asking import parts, without_pleasantries


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("chào ad, cho em hỏi phí đi Nhật", "phí đi Nhật"),
        ("cảm ơn, còn Hàn Quốc thì sao", "còn Hàn Quốc thì sao"),
        ("Hi there, thanks. How do I get a passport?", "How do I get a passport?"),
        ("làm hộ chiếu ở đâu, cảm ơn ad nhiều", "làm hộ chiếu ở đâu"),
        ("dạ em cảm ơn, thế phí bao nhiêu", "thế phí bao nhiêu"),
        ("Kính chào quý vị, dấu hiệu nào của mua bán người", "dấu hiệu nào của mua bán người"),
        ("xin chào", "xin chào"), ("cảm ơn nhé", "cảm ơn nhé"), ("phí đi Nhật", "phí đi Nhật"), ("", ""),
        ("...", "..."),
    ],
)
def test_what_is_asked_amid_politeness(text, question):
    assert without_pleasantries(text) == question


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Làm hộ chiếu ở đâu? Vay vốn được bao nhiêu?", ["Làm hộ chiếu ở đâu?", "Vay vốn được bao nhiêu?"]),
        ("làm hộ chiếu ở đâu và vay vốn được bao nhiêu", ["làm hộ chiếu ở đâu", "vay vốn được bao nhiêu"]),
        ("phi di nhat bao nhieu con di han can gi", ["phi di nhat bao nhieu", "di han can gi"]),
        ("lam ho chieu o dau, cong ty nao co phep", ["lam ho chieu o dau", "cong ty nao co phep"]),
        ("where do I get a passport and also how much is the fee", ["where do I get a passport",
        "how much is the fee"]),
        ("làm hộ chiếu ở đâu", []), ("hộ chiếu và visa mất bao lâu", []), ("tôi và chồng tôi đi Đức", []), ("", []),
        ("một " * 500, []),
    ],
)
def test_the_questions_of_a_message(text, questions):
    assert parts(text) == questions
