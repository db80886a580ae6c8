"""A campaign by the pages: made, waves laid out, put in order, submitted; the calendar with its holidays."""

import pytest

from campaigns import areas, audience, programme, waves
from tests.web.doors import press, signed_in, words


def created(officer, **changes):
    fields = {"name": "Về quê an toàn", "goal": "Biết gọi ai.", "budget": "5.000.000", "ends_on": "2026-12-31"}
    return press(officer, "/campaigns/new", on="/campaigns/new", **{**fields, **changes})


@pytest.fixture
def campaign(officer):
    """Its address."""
    return created(officer).location


@pytest.fixture
def districts(rt):
    """Two former districts in which people of the list for the whole province live."""
    found = []
    for branch in areas.tree(rt.db):
        there = {"areas": [branch.district.code], "lists": [2]}
        if audience.count(rt.db, there, leaves_machine=False, now=rt.clock()).recipients:
            found.append(branch.district.code)
    return found[:2]


def laid_out(officer, campaign, districts, **changes):
    fields = {
        "over": "districts", "districts": districts, "lists": "2", "version": "1", "form": "vi-unaccented",
        "at": "2026-12-02T08:00", "order": "given", "gateway": "simulator", "daily_quota": "", "rate": "",
    }  # fmt: skip
    return press(officer, f"{campaign}/layout", **{**fields, **changes})


def of(rt, campaign):
    return programme.show(rt.db, int(campaign.rpartition("/")[2]))


def test_a_campaign_from_its_goal_to_its_waves(officer, second_officer, rt, campaign, districts):
    assert "Biết gọi ai." in words(officer.get(campaign))
    assert "5.000.000 ₫" in words(officer.get(campaign))
    assert laid_out(officer, campaign, districts).location == campaign
    page = words(officer.get(campaign))
    assert "2 bản nháp" in page
    assert "08:00 02/12" in page
    press(officer, f"{campaign}/submit-all")
    assert [wave.status for wave, _ in of(rt, campaign).waves] == ["submitted", "submitted"]
    assert "Gửi 2 bản nháp" not in words(officer.get(campaign))
    assert press(officer, f"{campaign}/submit-all").status_code == 422


def test_the_order_is_changed_by_buttons(officer, rt, campaign, districts):
    laid_out(officer, campaign, districts)
    first, second = [wave for wave, _ in of(rt, campaign).waves]
    assert press(officer, f"{campaign}/waves/{second.id}/move", to="up").status_code == 303
    moved = [wave for wave, _ in of(rt, campaign).waves]
    assert [wave.id for wave in moved] == [second.id, first.id]
    assert moved[0].starts_at == first.starts_at < moved[1].starts_at


def test_communes_of_a_district_and_lists(officer, rt, campaign, districts):
    laid_out(officer, campaign, districts[:1], over="communes", order="most")
    counts = [waves.preview(rt.db, wave.id, rt.gateways, rt.clock()).recipients for wave, _ in of(rt, campaign).waves]
    assert counts == sorted(counts, reverse=True)
    assert all(counts)
    before = len(counts)
    laid_out(officer, campaign, [], over="lists", lists=["1", "2"])
    assert len(of(rt, campaign).waves) == before + 2


def test_looking_for_a_list_keeps_what_was_chosen_and_makes_nothing(officer, rt, campaign, districts):
    page = laid_out(officer, campaign, districts, do="find", find_lists="yen thanh").get_data(as_text=True)
    assert f'value="{districts[0]}" checked' in page
    assert "Yên Thành – diễn tập" in page
    assert of(rt, campaign).waves == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"districts": []}, "Không có nơi nào có người nhận"),
        ({"version": "99"}, "Không có bản tin nhắn nào"),
        ({"at": ""}, "Chưa rõ ngày giờ gửi"),
        ({"daily_quota": "nhiều"}, "nhiều"),
        ({"rate": "nhanh"}, "nhanh"),
    ],
)
def test_what_cannot_be_laid_out_is_said(officer, rt, campaign, districts, changes, sentence):
    answer = laid_out(officer, campaign, **{"districts": districts, **changes})
    assert answer.status_code in (404, 422)
    assert sentence in words(answer)
    assert of(rt, campaign).waves == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "chưa có tên"),
        ({"name": "An Lộ"}, "Đã có chiến dịch tên là"),
        ({"budget": "mười triệu"}, "mười triệu"),
        ({"daily_cap": "-1"}, "-1"),
        ({"starts_on": "2027-01-01"}, "không khớp"),
        ({"ends_on": "mai"}, "không khớp"),
    ],
)
def test_what_cannot_be_a_campaign_is_said_and_stays(officer, changes, sentence):
    answer = created(officer, goal="Giữ lại", **changes)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert "Giữ lại" in answer.get_data(as_text=True)


def test_a_campaign_changed_closed_and_opened_again(officer, rt, campaign):
    fields = {"name": "Về quê", "goal": "", "budget": "", "daily_cap": "1.500", "starts_on": "", "ends_on": ""}
    assert press(officer, f"{campaign}/edit", **fields).status_code == 303
    assert (of(rt, campaign).campaign.name, of(rt, campaign).campaign.daily_cap) == ("Về quê", 1500)
    press(officer, f"{campaign}/close")
    page = words(officer.get(campaign))
    assert "không nhận thêm đợt" in page
    assert press(officer, f"{campaign}/edit", **fields).status_code == 422
    press(officer, f"{campaign}/reopen")
    assert of(rt, campaign).campaign.closed_at is None


def test_the_calendar_shows_waves_series_and_holidays(officer, rt, campaign, districts):
    laid_out(officer, campaign, districts)
    december = words(officer.get("/campaigns/calendar?month=2026-12"))
    assert "Tháng 12/2026" in december
    assert "08:00 Về quê an toàn" in december
    assert "Anh: Christmas Day" in december
    tet = officer.get("/campaigns/calendar?month=2027-02").get_data(as_text=True)
    assert tet.count("quiet-day") == 7
    assert "Tết" in tet


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "mai"])
def test_a_month_that_is_none_is_this_one(officer, month):
    assert "Tháng 12/2026" in words(officer.get(f"/campaigns/calendar?month={month}"))


def test_a_long_wave_stands_on_all_its_days(officer, rt, campaign, districts):
    laid_out(officer, campaign, districts[:1], daily_quota="20")
    page = officer.get("/campaigns/calendar?month=2026-12").get_data(as_text=True)
    [(wave, _)] = of(rt, campaign).waves
    assert page.count(f'href="/waves/{wave.id}"') > 1


def test_who_only_answers_people_looks_and_changes_nothing(app, rt, campaign):
    staff = signed_in(app, rt, "hoa@anlo.example")
    page = staff.get(campaign).get_data(as_text=True)
    assert "<form" not in page.partition('<main id="main"')[2]
    for address in (f"{campaign}/close", f"{campaign}/layout", f"{campaign}/submit-all", f"{campaign}/waves/1/move"):
        assert press(staff, address).status_code == 403
    assert staff.get("/campaigns/new").status_code == 403


def test_a_campaign_that_is_not_there(officer):
    assert officer.get("/campaigns/99").status_code == 404
    assert officer.get("/campaigns/99/layout").status_code == 404
