"""The days of a series, as tables: when it comes again, what holidays, nights and a server that slept do to it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from campaigns import timetable
from campaigns.pacing import ZONE
from campaigns.timetable import AFTER_JOINING, REPEATING, Timetable

#: Tuesday.
START = date(2026, 11, 24)
EIGHT = time(8, 0)


def repeating(**changes) -> Timetable:
    return Timetable(**{"kind": REPEATING, "at_time": EIGHT, "starts_on": START, "every_days": 1, **changes})


def welcoming(**changes) -> Timetable:
    return Timetable(**{"kind": AFTER_JOINING, "at_time": EIGHT, "starts_on": START, "days_after": 3, **changes})


def always(day: date) -> bool:
    return True


def closed_on(*days: str):
    closed = {date.fromisoformat(day) for day in days}
    return lambda day: day not in closed


def at(text: str) -> datetime:
    """A moment in Vietnam, as rooms get it: in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def iso(days) -> list[str]:
    return [day.isoformat()[5:] for day in days]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (repeating(), ["11-24", "11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01"]),
        (repeating(every_days=3), ["11-24", "11-27", "11-30"]),
        (repeating(every_days=7), ["11-24", "12-01"]),
        (repeating(every_days=None, weekdays=(1, 5)), ["11-27", "11-30"]),
        (repeating(every_days=None, weekdays=(7,)), ["11-29"]),
        (repeating(ends_on=date(2026, 11, 25)), ["11-24", "11-25"]),
        (repeating(ends_on=START), ["11-24"]),
        (welcoming(ends_on=date(2026, 11, 26)), ["11-24", "11-25", "11-26"]),
    ],
)
def test_the_days_of_a_series(table, expected):
    assert iso(timetable.days(table, date(2026, 11, 20), date(2026, 12, 1))) == expected


def test_weeks_go_on_over_the_turn_of_the_year():
    table = repeating(every_days=7)
    assert iso(timetable.days(table, date(2026, 12, 28), date(2027, 1, 15))) == ["12-29", "01-05", "01-12"]


@pytest.mark.parametrize(
    ("settled", "now", "days", "missed", "up_to"),
    [
        # Before its hour nothing is due; from then on it is, until the evening.
        (None, "2026-11-24T07:59", [], [], None),
        (None, "2026-11-24T08:00", ["11-24"], [], "11-24"),
        (None, "2026-11-24T21:50", ["11-24"], [], "11-24"),
        (None, "2026-11-24T21:51", [], ["11-24"], "11-24"),
        # Made once, it is settled; the next day brings the next.
        ("11-24", "2026-11-24T09:00", [], [], "11-24"),
        ("11-24", "2026-11-25T08:00", ["11-25"], [], "11-25"),
        # A server that slept for days: only today's, and only until the evening.
        ("11-24", "2026-11-28T10:00", ["11-28"], ["11-25", "11-26", "11-27"], "11-28"),
        ("11-24", "2026-11-28T06:00", [], ["11-25", "11-26", "11-27"], "11-27"),
        ("11-24", "2026-11-28T23:00", [], ["11-25", "11-26", "11-27", "11-28"], "11-28"),
    ],
)
def test_what_is_due(settled, now, days, missed, up_to):
    found = timetable.due(repeating(), settled and date.fromisoformat(f"2026-{settled}"), at(now), always)
    assert (iso(found.days), iso(found.missed)) == (days, missed)
    assert found.settled == (up_to and date.fromisoformat(f"2026-{up_to}"))


def test_a_holiday_puts_a_day_off_at_the_same_hour():
    closed = closed_on("2026-11-24", "2026-11-25")
    assert timetable.goes_out(repeating(), START, closed) == at("2026-11-26T08:00")
    assert timetable.due(repeating(), None, at("2026-11-25T09:00"), closed) == timetable.Due()


def test_days_put_off_to_one_day_are_one_message_for_the_same_people():
    found = timetable.due(repeating(), None, at("2026-11-26T09:00"), closed_on("2026-11-24", "2026-11-25"))
    assert (iso(found.days), iso(found.missed)) == (["11-26"], ["11-24", "11-25"])


def test_days_put_off_to_one_day_are_several_messages_for_different_people():
    found = timetable.due(welcoming(), None, at("2026-11-26T09:00"), closed_on("2026-11-24", "2026-11-25"))
    assert (iso(found.days), iso(found.missed)) == (["11-24", "11-25", "11-26"], [])


def test_a_calendar_that_is_closed_for_ever_does_not_hang():
    assert timetable.goes_out(repeating(), START, lambda day: False) == at("2026-11-24T08:00")


def test_the_next_occurrences_are_told_with_their_real_moment():
    found = timetable.upcoming(repeating(every_days=2), None, at("2026-11-24T09:00"), closed_on("2026-11-26"), 3)
    assert [(day.isoformat()[5:], moment) for day, moment in found] == [
        ("11-26", at("2026-11-27T08:00")),
        ("11-28", at("2026-11-28T08:00")),
        ("11-30", at("2026-11-30T08:00")),
    ]


def test_what_falls_together_is_told_once():
    closed = closed_on("2026-11-25", "2026-11-26")
    found = timetable.upcoming(repeating(), START, at("2026-11-24T09:00"), closed, 2)
    assert iso(moment.astimezone(ZONE).date() for _, moment in found) == ["11-27", "11-28"]


def test_a_series_that_ended_has_no_more():
    assert timetable.upcoming(repeating(ends_on=START), START, at("2026-11-24T09:00"), always, 5) == []


def test_a_series_far_ahead_is_told():
    table = repeating(starts_on=date(2027, 6, 1), every_days=30)
    assert [day for day, _ in timetable.upcoming(table, None, at("2026-11-24T09:00"), always, 2)] == [
        date(2027, 6, 1),
        date(2027, 7, 1),
    ]


def test_whom_a_day_is_for():
    begins, ends = timetable.joined_on(welcoming(), date(2026, 11, 27))
    assert (begins, ends) == (at("2026-11-24T00:00"), at("2026-11-25T00:00"))
    assert ends - begins == timedelta(days=1)
