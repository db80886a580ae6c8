"""One sentence about yesterday, made from its figures, in both languages."""

from datetime import timedelta

import pytest

import web
from tests.web.conftest import NOW
from tests.web.test_home import sentences
from web.yesterday import Yesterday, sentence

NBSP = "\u00a0"
SENTENCES = [
    (Yesterday(), "", ""),
    (
        Yesterday(12_430, 11_684, 312, 275, 6_215_000),
        f"Hôm qua 12.430 tin đã gửi, 94% đến nơi; 312 câu hỏi, máy hiểu 88%; hết 6.215.000{NBSP}₫.",
        "Yesterday 12,430 messages went out, 94% arrived; 312 questions, the bot understood 88%;"
        f" it cost 6,215,000{NBSP}₫.",
    ),
    (
        Yesterday(12_430, 0, 0, 0, 0),
        "Hôm qua 12.430 tin đã gửi; không có ai hỏi.",
        "Yesterday 12,430 messages went out; nobody asked anything.",
    ),
    (
        Yesterday(1, 1, 0, 0, 500),
        "Hôm qua gửi chưa đến 10 tin; không có ai hỏi.",
        "Yesterday fewer than 10 messages went out; nobody asked anything.",
    ),
    (
        Yesterday(0, 0, 9, 9, 0),
        "Hôm qua không gửi tin nào; chưa đến 10 câu hỏi.",
        "Yesterday no message went out; fewer than 10 questions.",
    ),
    (
        Yesterday(10, 10, 1_000, 0, 0),
        "Hôm qua 10 tin đã gửi, 100% đến nơi; 1.000 câu hỏi, máy hiểu 0%.",
        "Yesterday 10 messages went out, 100% arrived; 1,000 questions, the bot understood 0%.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("day", "vi", "en"), SENTENCES)
def test_a_sentence(house, day, vi, en):
    app = web.create_app(house)
    for lang, expected in (("vi", vi), ("en", en)):
        with app.test_request_context(f"/?lang={lang}"):
            assert sentence(day) == expected


def test_the_next_morning_tells_what_went_out(officer, rt):
    """The house sent 235 messages today; its clock goes on by a day."""
    object.__setattr__(rt, "clock", lambda: NOW + timedelta(days=1))
    assert sentences(officer)[0].startswith("Hôm qua 235 tin đã gửi")
