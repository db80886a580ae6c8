"""The drawing of days: one row a day, the wave's hours where they are, rests told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import Babel

from campaigns.forecast import Stretch
from web.strip import DAYS, strip

VN = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(autouse=True)
def page():
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def at(day: int, hour: float) -> datetime:
    return datetime(2026, 12, day, int(hour), round(hour % 1 * 60), tzinfo=VN).astimezone(UTC)


def test_a_bar_stands_at_its_hours():
    [day] = strip([Stretch(at(1, 9), at(1, 12), 300)], VN).days
    assert (day.bar, day.hours, day.messages) == ((37.5, 12.5), "09:00–12:00", 300)
    assert day.closed == ((0.0, 29.17), (91.67, 8.33))


def test_a_day_without_messages_between_two_is_drawn_as_a_rest():
    drawn = strip([Stretch(at(1, 9), at(1, 22), 10), Stretch(at(3, 7), at(3, 8), 5)], VN)
    assert [(day.messages, bool(day.bar)) for day in drawn.days] == [(10, True), (0, False), (5, True)]


def test_a_holiday_has_its_name():
    first = datetime(2026, 12, 31, 9, tzinfo=VN)
    later = datetime(2027, 1, 2, 9, tzinfo=VN)
    drawn = strip([Stretch(first, first.replace(hour=10), 1), Stretch(later, later.replace(hour=10), 1)], VN)
    assert [bool(day.holiday) for day in drawn.days] == [False, True, False]


def test_a_restless_wave_is_cut_at_midnight_and_nothing_is_hatched():
    drawn = strip([Stretch(at(1, 22), at(2, 2), 400)], VN, restless=True)
    assert [(day.hours, day.messages, day.closed) for day in drawn.days] == [
        ("22:00–24:00", 200, ()),
        ("00:00–02:00", 200, ()),
    ]


def test_a_long_wave_says_how_many_days_follow():
    drawn = strip([Stretch(at(day, 7), at(day, 22), 1) for day in range(1, 12)], VN)
    assert (len(drawn.days), drawn.more, drawn.rest) == (DAYS, 4, "and 4 more days")


def test_a_moment_is_one_hour_and_still_seen():
    [day] = strip([Stretch(at(1, 9), at(1, 9), 1)], VN).days
    assert day.hours == "09:00"
    assert day.bar[1] > 0


def test_nothing_is_drawn_for_nothing():
    assert not strip([], VN)
