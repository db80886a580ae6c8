"""Which language a page speaks, and the forms of numbers and times."""

from datetime import UTC, datetime, timedelta

import pytest

from staff import accounts
from tests.web.doors import press, words
from web import language


@pytest.mark.parametrize(
    "asked,sent,spoken",
    [
        ("", {}, "vi"),
        ("", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("", {"Accept-Language": "fr-FR"}, "vi"),
        ("?lang=en", {"Accept-Language": "vi"}, "en"),
        ("?lang=vi", {"Accept-Language": "en"}, "vi"),
        ("?lang=xx", {"Accept-Language": "en"}, "en"),
    ],
)
def test_a_visitors_language(visitor, asked, sent, spoken):
    assert f'<html lang="{spoken}">' in visitor.get(f"/sign-in{asked}", headers=sent).get_data(as_text=True)


def test_a_visitors_choice_is_remembered(visitor):
    answer = press(visitor, "/language", on="/sign-in", lang="en", back="/sign-in")
    assert answer.location == "/sign-in"
    assert '<html lang="en">' in visitor.get("/sign-in").get_data(as_text=True)


def test_the_choice_is_louder_than_the_address_it_was_made_on(visitor):
    answer = press(visitor, "/language", on="/sign-in", lang="en", back="/sign-in?back=/lists&lang=vi")
    assert answer.location == "/sign-in?back=%2Flists"


def test_a_persons_choice_is_kept_with_the_person(officer, rt):
    press(officer, "/language", lang="en", back="/lists")
    assert accounts.everybody(rt.db)[0].language == "en"
    page = officer.get("/lists", headers={"Accept-Language": "vi"}).get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "Test phones" in page


@pytest.fixture(params=["vi", "en"])
def spoken(request, app):
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_times_and_numbers_in_the_readers_form(spoken):
    expected = {
        "vi": ("thứ Ba, 24/11/2026, 08:00", "1.234.567", "1.234.567\u00a0₫", "97%"),
        "en": ("Tue 24 Nov 2026, 08:00", "1,234,567", "1,234,567\u00a0₫", "97%"),
    }
    shown = language.moment(AT), language.number(1234567), language.money(1234567), language.percent(97, 100)
    assert shown == expected[spoken]


@pytest.mark.parametrize(
    "span,vi,en",
    [
        (timedelta(seconds=5), "5 giây", "5 seconds"),
        (timedelta(seconds=61), "1 phút", "1 minute"),
        (timedelta(minutes=75), "1 giờ 15 phút", "1 hour 15 minutes"),
        (timedelta(hours=3), "3 giờ", "3 hours"),
        (timedelta(days=5), "5 ngày", "5 days"),
        (None, "–", "–"),
    ],
)
def test_lengths_of_time(spoken, span, vi, en):
    assert language.lasting(span) == {"vi": vi, "en": en}[spoken]


def test_nothing_measured_is_a_dash(spoken):
    assert language.percent(0, 0) == "–"
    assert language.moment(None) == "–"


def test_an_error_page_speaks_the_readers_language(visitor):
    assert "Không có trang này" in words(visitor.get("/nowhere"))
    assert "There is no such page" in words(visitor.get("/nowhere?lang=en"))
