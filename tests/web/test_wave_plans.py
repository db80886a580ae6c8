"""Planning a wave on its page: areas by any name, exclusions, a count that follows, limits, drafts, submission."""

import re

import pytest

from campaigns import waves
from scheduler import tasks
from tests.web.conftest import STOP
from tests.web.doors import press, words
from tests.web.test_waves import approve, planned, status


def plan(**changes) -> dict:
    return {
        "name": "Đợt thử",
        "lists": "1",
        "version": "1",
        "form": "vi",
        "when": "now",
        "gateway": "simulator",
        **changes,
    }


def counted(officer, **changes):
    return press(officer, "/waves/count", on="/waves/new", **plan(**changes))


def people(answer) -> int:
    return int(re.search(r"<b>([\d.]+)</b>", answer.get_data(as_text=True))[1].replace(".", ""))


def wave_of(rt, address):
    return waves.show(rt.db, int(address.rpartition("/")[2])).wave


@pytest.mark.parametrize("text", ["yên thành", "YEN THANH", "yen  thanh"])
def test_a_former_district_is_found_with_or_without_accents(officer, text):
    page = counted(officer, find_areas=text).get_data(as_text=True)
    assert 'id="areas-426"' in page
    assert "Yên Thành (huyện cũ)" in page


def test_a_commune_that_is_no_more_leads_to_todays(officer):
    page = words(counted(officer, find_areas="Đô Thành"))
    assert "gồm cả Xã Đô Thành cũ" in page


def test_without_javascript_a_search_and_a_count_keep_what_was_chosen_and_save_nothing(officer, rt):
    before = len(waves.all(rt.db))
    answer = planned(officer, do="count", find_areas="yen thanh", areas="425")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert re.search(r'value="425" id="areas-425" checked', page)
    assert re.search(r'value="426" id="areas-426">', page)
    assert re.search(r'value="1" id="lists-1" checked', page)
    assert len(waves.all(rt.db)) == before


def test_the_count_follows_areas_and_exclusions(officer, second_officer, rt):
    everybody = people(counted(officer, lists="2"))
    there = people(counted(officer, lists="2", areas="426"))
    assert 0 < there < everybody
    without = counted(officer, lists="2", except_lists="1")
    assert "có trong danh sách bị trừ ra" in words(without) or people(without) == everybody
    assert people(counted(officer, lists="2", carriers="Viettel")) < everybody


def test_who_was_messaged_lately_is_skipped_and_said_so(officer):
    """Wave 1 of the house went out today."""
    assert "mới được nhắn gần đây" in words(counted(officer, messaged_days="7"))
    assert "đã nhận đợt bị trừ ra" in words(counted(officer, except_waves="1"))


def test_an_empty_audience_is_told_where_the_count_stands(officer):
    assert "Chưa chọn người nhận" in words(counted(officer, lists=""))


def test_three_prices_hours_and_what_a_budget_leaves(officer):
    page = words(counted(officer, budget="100.000", daily_quota="100", version="1"))
    assert page.count("một tin") >= 3
    assert "T3 01/12" in page
    assert "thiếu" in page
    assert "phần còn lại sẽ không gửi" in page


def test_everything_chosen_is_kept_and_stands_in_the_form_again(officer, rt):
    given = {
        "areas": "426",
        "language": "vi",
        "carriers": "Viettel",
        "except_waves": "1",
        "messaged_days": "7",
        "daily_quota": "1.500",
        "budget": "2 000 000",
        "failure_limit": "10",
        "on_holidays": "1",
        "rate": "2,5",
    }
    address = planned(officer, do="save", **given).location
    wave = wave_of(rt, address)
    assert (wave.daily_quota, wave.budget_vnd, wave.failure_limit, wave.on_holidays, wave.rate) == (
        1500,
        2_000_000,
        10,
        True,
        2.5,
    )
    assert wave.audience == {
        "lists": [1],
        "areas": ["426"],
        "language": "vi",
        "carriers": ["Viettel"],
        "except": {"waves": [1], "messaged_days": 7},
    }
    form = officer.get(f"{address}/edit").get_data(as_text=True)
    for marked in ('value="426" id="areas-426" checked', 'value="Viettel" checked', 'value="1" id="except_waves-1"'):
        assert marked in form
    assert words(officer.get(address)).count("Yên Thành (huyện cũ)") == 1
    again = press(officer, f"{address}/edit", **plan(**given))
    assert again.status_code == 303
    assert wave_of(rt, address).audience == wave.audience


def test_the_main_button_saves_and_submits(officer, rt):
    address = planned(officer, do="submit").location
    assert status(rt, address) == "submitted"
    assert "Chờ duyệt" in words(officer.get(address))


def test_the_second_button_keeps_a_draft(officer, rt):
    assert status(rt, planned(officer, do="save").location) == "draft"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("daily_quota", "nhiều"),
        ("daily_quota", "0"),
        ("budget", "-5"),
        ("failure_limit", "101"),
        ("messaged_days", "hai"),
        ("rate", "nhanh"),
        ("campaign", "999999"),
    ],
)
def test_a_mistake_stands_at_its_field_and_above(officer, rt, field, value):
    before = len(waves.all(rt.db))
    answer = planned(officer, **{field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code in (404, 422)
    assert f'id="{field}-error"' in page or field == "campaign"
    assert 'role="alert"' in page
    assert len(waves.all(rt.db)) == before


def test_a_count_with_something_half_typed_still_counts(officer):
    assert people(counted(officer, rate="2x", budget="?", daily_quota="-")) > 0


def test_limits_of_a_wave_on_its_way_are_anothers_to_change(officer, second_officer, rt):
    address = planned(officer, do="submit").location
    approve(second_officer, address)
    tasks.open_due(rt, STOP)
    assert "do một cán bộ khác đổi" in words(officer.get(f"{address}/limits"))
    assert press(officer, f"{address}/limits", budget="5.000.000").status_code == 422
    assert press(second_officer, f"{address}/limits", budget="x").status_code == 422
    assert press(second_officer, f"{address}/limits", budget="5.000.000").status_code == 303
    assert wave_of(rt, address).budget_vnd == 5_000_000
    assert second_officer.get("/waves/2/limits").status_code == 422, "a wave that is not open is edited instead"
