"""A check as it is told: its level, its order, the agency."""

import pytest

from bots.offers.checking import CAREFUL, NOTHING, STOP, check


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("đi Anh bằng xe container", STOP),
        ("đi Đức không cần phỏng vấn", CAREFUL),
        ("đi Đức không cần phỏng vấn, cọc trước 5 triệu", STOP),
        ("đi Đức học nghề", NOTHING),
        ("", NOTHING),
    ],
)
def test_the_level_is_that_of_the_gravest_flag(book, text, level):
    assert check(book, text, language="vi").level == level


def test_stop_comes_before_careful_and_the_journey_before_money(book):
    found = check(book, "không cần phỏng vấn, cọc trước 5 triệu, đi Anh bằng xe container", language="vi")
    assert [told.id for told in found.flags] == ["lorry", "deposit-first", "no-interview"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_told_in_the_language_asked_for(book, language):
    found = check(book, "cọc trước 5 triệu", language=language)
    flag = book.flags[language]["deposit-first"]
    assert found.told()["flags"] == [
        {"id": "deposit-first", "level": "stop", "quote": "cọc trước 5 triệu", "reason": flag.reason, "ask": flag.ask,
         "sources": list(flag.sources)}
    ]


def test_the_agency_is_asked_for_by_the_text(book):
    asked = []

    def agency_of(text):
        asked.append(text)
        return {"named": "A"}

    assert check(book, "Công ty A", language="vi", agency_of=agency_of).agency == {"named": "A"}
    assert asked == ["Công ty A"]
    assert check(book, "Công ty A", language="vi").agency is None
