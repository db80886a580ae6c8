"""The simulated clock, as stories: nights, quotas, budgets, holidays, an outage, two zones, a million people."""

import time as stopwatch
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from campaigns.hours import Hours
from campaigns.pacing import ZONE
from campaigns.rehearsal.clock import Conditions, Quota, play
from campaigns.rehearsal.crowds import Crowd, packets


def at(text: str) -> datetime:
    """A moment in Vietnam: "01T09:00" is one of November 2026."""
    text = text if text.startswith("20") else f"2026-12-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def conditions(starts="01T09:00", rate=1.0, hours=None, price=500, **more) -> Conditions:
    return Conditions(starts=at(starts), rate=rate, hours=hours or Hours(), price=lambda *_: price, **more)


def crowd(area="A", n=3600, first=1, zone=None, **more) -> Crowd:
    return Crowd(area, "viettel", zone, n, first, first + n - 1, **more)


def told(played) -> list[tuple]:
    return [(day.day.day, day.messages) for day in played.days]


def test_an_hour_at_one_a_second():
    played = play([crowd()], conditions())
    assert told(played) == [(1, 3600)]
    assert (played.ends, played.left, played.stopped, played.rests) == (at("01T09:59:59"), 0, None, [])
    assert (played.vnd, played.unpriced) == (1_800_000, 0)
    assert played.areas[0].first == at("01T09:00")
    assert played.areas[0].last == at("01T09:59:59")
    assert played.spans == [(at("01T09:00"), at("01T10:00"), 3600)]


def test_communes_are_reached_in_the_order_of_the_queue():
    played = play([crowd("B", 100, first=101), crowd("A", 100), crowd("C", 100, first=201)], conditions())
    assert [(area.code, area.first, area.last) for area in played.areas] == [
        ("A", at("01T09:00:00"), at("01T09:01:39")),
        ("B", at("01T09:01:40"), at("01T09:03:19")),
        ("C", at("01T09:03:20"), at("01T09:04:59")),
    ]


def test_communes_that_stand_mixed_are_reached_side_by_side():
    mixed = [Crowd(area, "viettel", None, 100, first, first + 198) for area, first in (("A", 1), ("B", 2))]
    played = play(mixed, conditions())
    assert [(area.first, area.last) for area in played.areas] == [
        (at("01T09:00:00"), at("01T09:03:18")),
        (at("01T09:00:01"), at("01T09:03:19")),
    ]


def test_the_night_is_slept_through():
    played = play([crowd(n=7200)], conditions("01T21:00"))
    assert told(played) == [(1, 3600), (2, 3600)]
    assert [(rest.why, rest.begins, rest.ends, rest.waiting) for rest in played.rests] == [
        ("hours", at("01T22:00"), at("02T07:00"), 3600)
    ]
    assert played.ends == at("02T07:59:59")


def test_what_is_due_at_night_begins_in_the_morning():
    played = play([crowd()], conditions("01T23:00"))
    assert (played.spans[0][0], played.rests) == (at("02T07:00"), [])


def test_holidays_are_slept_through_too():
    """New Year's Day, and the seven days of Tết."""
    for starts, ends in (("2026-12-31", "2027-01-02"), ("2027-02-03", "2027-02-11")):
        played = play([crowd(n=7200)], conditions(f"{starts}T21:00"))
        [rest] = played.rests
        assert rest.begins == at(f"{starts}T22:00")
        assert rest.ends == at(f"{ends}T07:00")


def test_who_works_on_holidays_does_not_wait():
    played = play([crowd(n=7200)], conditions("2026-12-31T21:00", hours=Hours(on_holidays=True)))
    assert played.ends == at("2027-01-01T07:59:59")


def test_an_exercise_knows_no_night():
    played = play([crowd(n=7200)], conditions("01T21:30", hours=Hours(restless=True)))
    assert (played.rests, played.ends, told(played)) == ([], at("01T23:29:59"), [(1, 7200)])


def test_a_quota_stretches_the_wave_over_days():
    played = play([crowd(n=250)], conditions(quotas=[Quota(100, {date(2026, 12, 1): 30})]))
    assert told(played) == [(1, 70), (2, 100), (3, 80)]
    assert [rest.why for rest in played.rests] == ["quota", "hours", "quota", "hours"]
    assert played.days[1].first == at("02T07:00")


def test_the_smaller_of_two_quotas_holds():
    played = play([crowd(n=250)], conditions(quotas=[Quota(100, {}), Quota(60, {})]))
    assert told(played)[:2] == [(1, 60), (2, 60)]


def test_a_budget_stops_it_for_good():
    played = play([crowd(n=100, segments=2)], conditions(budget_vnd=10_500))
    assert (played.messages, played.left, played.stopped) == (10, 90, "budget")
    assert played.vnd == 10_000
    assert played.ends == at("01T09:00:09")


def test_without_a_price_nothing_is_guessed():
    played = play([crowd(n=10)], conditions(price=None, budget_vnd=1))
    assert (played.messages, played.vnd, played.unpriced) == (10, 0, 10)


def test_prices_change_with_the_day():
    rules = replace(conditions("01T21:00"), price=lambda carrier, day: 500 if day.day < 2 else 600)
    assert [day.vnd for day in play([crowd(n=7200)], rules).days] == [1_800_000, 2_160_000]


def test_an_outage_makes_everybody_wait():
    played = play([crowd()], conditions(outage=(at("01T09:30"), at("01T10:30"))))
    assert [(rest.why, rest.begins, rest.ends, rest.waiting) for rest in played.rests] == [
        ("outage", at("01T09:30"), at("01T10:30"), 1800)
    ]
    assert played.ends == at("01T10:59:59")


def test_an_outage_may_push_the_rest_into_the_morning():
    played = play([crowd()], conditions("01T21:00", outage=(at("01T21:30"), at("01T22:30"))))
    assert [(rest.why, rest.ends) for rest in played.rests] == [("outage", at("01T22:30")), ("hours", at("02T07:00"))]
    assert played.ends == at("02T07:29:59")


def test_each_zone_keeps_its_own_hours():
    """07:00 in London is 14:00 in Vinh, and 22:00 is 05:00."""
    played = play([crowd("A", 100), crowd("B", 100, first=101, zone="GB")], conditions())
    assert [(area.code, area.first) for area in played.areas] == [("A", at("01T09:00")), ("B", at("01T14:00"))]
    late = play([crowd("A", 100), crowd("B", 100, first=101, zone="GB")], conditions("01T23:00"))
    assert [(area.code, area.first) for area in late.areas] == [("B", at("01T23:00")), ("A", at("02T07:00"))]


def test_slower_than_a_window_is_wide():
    played = play([crowd(n=3)], conditions("01T21:49", rate=0.001))
    assert told(played) == [(1, 1), (2, 2)]


def test_it_ends_even_when_nothing_may_ever_be_sent():
    played = play([crowd(n=3)], conditions(quotas=[Quota(0, {})]))
    assert (played.stopped, played.left, played.ends) == ("unending", 3, None)


def test_nobody_takes_no_time():
    played = play([], conditions())
    assert (played.messages, played.ends, played.days) == (0, None, [])


@pytest.mark.parametrize("n", [1, 2, 3, 7, 4001, 50_000])
def test_packets_hold_everybody_once_in_order(n):
    made = list(packets([crowd(n=n, first=10)]))
    assert sum(packet.n for packet in made) == n
    assert [packet.at for packet in made] == sorted(packet.at for packet in made)
    assert (made[0].at, made[-1].at) == (10, 10 + n - 1)


def test_a_million_people_take_seconds():
    carriers = ("viettel", "vinaphone", "mobifone", "unknown")
    crowds = [
        Crowd(f"c{area}", carrier, zone, n, area + 1, 1_000_000 - area, 2.0)
        for area in range(130)
        for carrier in carriers
        for zone, n in ((None, 1850), ("GB", 73))
    ]
    begun = stopwatch.perf_counter()
    played = play(crowds, conditions(rate=20.0, quotas=[Quota(100_000, {})]))
    assert stopwatch.perf_counter() - begun < 5
    assert played.messages == sum(each.n for each in crowds)
    assert len(played.areas) == 130
    assert played.days[-1].day - played.days[0].day >= timedelta(days=9)
