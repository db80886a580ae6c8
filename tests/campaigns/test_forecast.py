"""When a wave ends: arithmetic over nights, holidays, zones and quotas."""

from datetime import datetime

import pytest

from campaigns.forecast import Pace, forecast, stretches
from campaigns.hours import Hours
from campaigns.pacing import ZONE


def vinh(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


HOUR = 3600
CASES = [
    # due, people by zone, rate, quota, used, starts, ends
    ("an hour", "2026-12-01 09:00", {None: HOUR}, 1, None, 0, "2026-12-01 09:00", "2026-12-01 10:00"),
    ("nobody", "2026-12-01 09:00", {}, 1, None, 0, "2026-12-01 09:00", "2026-12-01 09:00"),
    ("over the night", "2026-12-01 21:00", {None: 2 * HOUR}, 1, None, 0, "2026-12-01 21:00", "2026-12-02 08:00"),
    ("too late", "2026-12-01 21:55", {None: HOUR}, 1, None, 0, "2026-12-02 07:00", "2026-12-02 08:00"),
    ("over Tết", "2027-02-03 21:00", {None: 2 * HOUR}, 1, None, 0, "2027-02-03 21:00", "2027-02-11 08:00"),
    ("a hundred a day", "2026-12-01 09:00", {None: 250}, 1, 100, 0, "2026-12-01 09:00", "2026-12-03 07:00:50"),
    ("some are used", "2026-12-01 09:00", {None: 150}, 1, 100, 60, "2026-12-01 09:00", "2026-12-03 07:00:10"),
    ("all are used", "2026-12-01 09:00", {None: 10}, 1, 100, 100, "2026-12-01 09:00", "2026-12-02 07:00:10"),
    ("to London", "2026-12-01 09:00", {"GB": HOUR}, 1, None, 0, "2026-12-01 14:00", "2026-12-01 15:00"),
    ("home first", "2026-12-01 13:30", {"GB": HOUR, None: HOUR}, 1, None, 0, "2026-12-01 13:30", "2026-12-01 15:30"),
    ("abroad at night", "2026-12-01 23:00", {"GB": HOUR, None: HOUR}, 1, None, 0,
     "2026-12-01 23:00", "2026-12-02 08:00"),
]


@pytest.mark.parametrize(
    ("due", "people", "rate", "quota", "used", "starts", "ends"), [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_wave_from_its_first_message_to_its_last(due, people, rate, quota, used, starts, ends):
    told = forecast(vinh(due), people, Pace(rate, quota, used), Hours())
    assert (told.starts, told.ends) == (vinh(starts), vinh(ends))


def test_the_nights_and_holidays_between():
    told = forecast(vinh("2027-02-03 21:00"), {None: 2 * HOUR}, Pace(1), Hours())
    assert told.nights == 8
    assert told.holidays[0] == ("2027-02-04", "VN")
    assert len(told.holidays) == 7
    chosen = forecast(vinh("2027-02-03 21:00"), {None: 2 * HOUR}, Pace(1), Hours(on_holidays=True))
    assert (chosen.ends, chosen.nights, chosen.holidays) == (vinh("2027-02-04 08:00"), 1, [])


def test_the_restless_sleep_through_nothing():
    told = forecast(vinh("2027-02-05 23:00"), {None: HOUR, "GB": HOUR}, Pace(1), Hours(restless=True))
    assert (told.starts, told.ends) == (vinh("2027-02-05 23:00"), vinh("2027-02-06 01:00"))
    assert (told.nights, told.holidays) == (0, [])


def test_one_that_has_begun_goes_on_to_the_last_minute():
    told = forecast(vinh("2026-12-01 21:55"), {None: 60}, Pace(1), Hours(), begun=True)
    assert told.ends == vinh("2026-12-01 21:56")


@pytest.mark.parametrize(("people", "rate", "quota"), [(1_000_000, 0.001, None), (1_000_000, 100, 1)])
def test_a_wave_that_takes_a_lifetime_is_told_at_once(people, rate, quota):
    assert forecast(vinh("2026-12-01 09:00"), {None: people}, Pace(rate, quota), Hours()).ends.year > 2060


def test_the_stretches_are_told_one_by_one_and_end_where_the_forecast_does():
    people, pace, due = {None: 250}, Pace(1.0, quota=100, used=40), vinh("2026-12-01 09:00")
    found = list(stretches(due, people, pace, Hours()))
    assert [round(stretch.messages) for stretch in found] == [60, 100, 90]
    assert [stretch.begins for stretch in found] == [due, vinh("2026-12-02 07:00"), vinh("2026-12-03 07:00")]
    assert found[-1].ends == forecast(due, people, pace, Hours()).ends
