"""Whose day it is: nights, zones and holidays, as tables of moments on a clock in Vinh."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns import holidays, hours, pacing
from campaigns.hours import Hours

USUAL = Hours()


def vinh(text: str) -> datetime:
    """"12-01 09:00" of 2026, "2027-02-06 09:00" of that year."""
    return datetime.fromisoformat(text if len(text) > 11 else f"2026-{text}").replace(tzinfo=pacing.ZONE)


@pytest.mark.parametrize(
    ("zone", "moment", "opens"),
    [
        (None, "12-01 09:00", "12-01 09:00"),
        (None, "12-01 22:00", "12-02 07:00"),
        # seven hours behind in winter, six in summer
        ("GB", "12-01 09:00", "12-01 14:00"),
        ("GB", "12-01 14:00", "12-01 14:00"),
        ("GB", "12-02 04:59", "12-02 04:59"),
        ("GB", "12-02 05:00", "12-02 14:00"),
        ("GB", "07-01 12:59", "07-01 13:00"),
        ("JP", "12-01 06:00", "12-01 06:00"),
        ("JP", "12-01 20:00", "12-02 05:00"),
        ("TW", "12-01 06:30", "12-01 06:30"),
        # two clocks in one country: day by both of them
        ("US", "12-01 19:00", "12-02 00:00"),
        ("RU", "12-01 09:00", "12-01 12:00"),
        ("RU", "12-01 19:30", "12-02 12:00"),
        # nobody knows the clock of this country
        ("AQ", "12-01 06:00", "12-01 07:00"),
    ],
)
def test_each_reader_s_own_day(zone, moment, opens):
    assert USUAL.next_opening(vinh(moment), zone) == vinh(opens)
    assert USUAL.is_open(vinh(moment), zone) is (moment == opens)


@pytest.mark.parametrize(
    ("zone", "moment", "opens", "why"),
    [
        # Tết 2027: from the eve of the eve, a Thursday, to the fifth day
        (None, "2027-02-03 21:59", "2027-02-03 21:59", None),
        (None, "2027-02-04 09:00", "2027-02-11 07:00", "holiday"),
        (None, "2027-02-06 23:00", "2027-02-11 07:00", "holiday"),
        (None, "2027-02-10 23:30", "2027-02-11 07:00", "holiday"),
        (None, "2027-02-11 01:00", "2027-02-11 07:00", "quiet-hours"),
        ("GB", "2027-02-06 16:00", "2027-02-06 16:00", None),
        # Christmas to Monday 28 December in lieu of the Saturday; Sunday lies between
        ("GB", "2026-12-25 16:00", "2026-12-27 14:00", "holiday"),
        ("GB", "2026-12-28 16:00", "2026-12-29 14:00", "holiday"),
        (None, "2026-12-25 16:00", "2026-12-25 16:00", None),
        ("FR", "2026-12-25 16:00", "2026-12-25 16:00", None),
        (None, "2026-09-02 08:00", "2026-09-03 07:00", "holiday"),
    ],
)
def test_holidays_are_the_reader_s(zone, moment, opens, why):
    assert USUAL.next_opening(vinh(moment), zone) == vinh(opens)
    assert USUAL.why_closed(vinh(moment), zone) == why
    chosen = Hours(on_holidays=True)
    assert chosen.is_open(vinh(moment), zone) is (why != "quiet-hours" and "07:00" <= clock(moment, zone) < "22:00")
    assert Hours(restless=True).is_open(vinh(moment), zone)


def clock(moment: str, zone: str | None) -> str:
    there = ZoneInfo({"GB": "Europe/London", "FR": "Europe/Paris"}.get(zone, "Asia/Ho_Chi_Minh"))
    return vinh(moment).astimezone(there).strftime("%H:%M")


@pytest.mark.parametrize(
    ("moment", "starts"),
    [
        ("12-01 21:50", "12-01 21:50"),
        ("12-01 21:51", "12-02 07:00"),
        ("12-01 22:30", "12-02 07:00"),
        ("2027-02-03 21:55", "2027-02-11 07:00"),
    ],
)
def test_too_late_to_begin(moment, starts):
    assert USUAL.next_start(vinh(moment)) == vinh(starts)
    assert USUAL.may_start(vinh(moment)) is (moment == starts)
    assert Hours(restless=True).next_start(vinh(moment)) == vinh(moment)


@pytest.mark.parametrize(
    ("day", "zone", "opens", "closes"),
    [
        (date(2026, 12, 1), None, "12-01 07:00", "12-01 22:00"),
        (date(2026, 12, 1), "GB", "12-01 14:00", "12-02 05:00"),
        (date(2026, 7, 1), "GB", "07-01 13:00", "07-02 04:00"),
    ],
)
def test_the_hours_of_a_day(day, zone, opens, closes):
    assert USUAL.of_day(day, zone) == (vinh(opens), vinh(closes))


def test_a_day_on_which_nothing_goes_out():
    tet = date(2027, 2, 6)
    assert USUAL.of_day(tet) is None
    assert Hours(on_holidays=True).of_day(tet) == (vinh("2027-02-06 07:00"), vinh("2027-02-06 22:00"))


def test_every_clock_is_known_and_somebody_can_be_written_to_every_day():
    for zone in hours.CLOCKS:
        opens, closes = USUAL.of_day(date(2026, 12, 1), zone)
        assert (closes - opens).total_seconds() >= 7 * 3600, zone


@pytest.mark.parametrize(
    ("day", "country", "vi", "en"),
    [
        ("2027-02-06", "VN", "Tết Nguyên Đán", "Lunar New Year"),
        ("2026-04-30", "VN", None, None),
        ("2026-12-28", "GB", None, None),
        ("2026-12-01", "VN", None, None),
    ],
)
def test_names_of_holidays(day, country, vi, en):
    day = date.fromisoformat(day)
    assert holidays.on(day, country) is (holidays.name(day, country) is not None)
    if vi:
        assert (holidays.name(day, country, "vi"), holidays.name(day, country, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("day", "country", "free"),
    [
        ("2026-01-01", "VN", True),
        ("2027-02-09", "VN", True),  # the fourth day of Tết
        ("2026-04-30", "VN", True),
        ("2026-09-02", "VN", True),
        ("2026-12-25", "VN", False),
        ("2027-03-29", "GB", True),  # Easter Monday
        ("2026-08-31", "GB", True),  # the last Monday of August
        ("2026-04-30", "GB", False),
        ("2026-12-25", "KR", False),  # nobody asked for Korea's
    ],
)
def test_public_holidays(day, country, free):
    assert holidays.on(date.fromisoformat(day), country) is free
    if country == "VN":
        assert holidays.sendable(date.fromisoformat(day)) is not free
