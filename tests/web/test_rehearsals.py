"""Rehearsals by the pages: asked for, with an outage, told in sentences, a drawing and a table; nothing is sent."""

import json
import re

import pytest

from campaigns import rehearsal, waves
from tests.web.doors import press, signed_in, words

ADDRESS = "/waves/2/rehearsals"


def rehearsed(officer, **fields):
    return press(officer, ADDRESS, **fields)


def test_a_rehearsal_by_the_pages(officer, rt):
    before = waves.show(rt.db, 2).figures
    assert f'href="{ADDRESS}"' in officer.get("/waves/2").get_data(as_text=True)
    answer = rehearsed(officer)
    assert answer.status_code == 303
    page = officer.get(answer.location)
    told = words(page)
    assert "235 người nhận được tin" in told
    assert "Xã Yên Thành" in told
    assert "không có tin nào được gửi" in told.lower()
    assert page.get_data(as_text=True).count("<svg aria-hidden") >= 3
    assert waves.show(rt.db, 2).figures == before
    assert answer.location in officer.get(ADDRESS).get_data(as_text=True)


def test_it_costs_what_it_costs_in_both_moneys(officer):
    told = words(officer.get(rehearsed(officer).location))
    assert re.search(r"[\d.]+ ₫ \(khoảng £[\d,]+\)", told)


def test_the_same_as_json(officer):
    address = rehearsed(officer).location
    told = json.loads(officer.get(f"{address}.json").get_data())
    assert told["wave"] == 2
    assert told["messages"] == sum(area["people"] for area in told["areas"])
    assert officer.get(f"{address}.json").mimetype == "application/json"


def test_with_an_outage(officer):
    fields = {"down": "1", "from": "2026-12-01T09:00", "to": "2026-12-01T10:00"}
    told = words(officer.get(rehearsed(officer, **fields).location))
    assert "Khi cổng bị ngắt, 235 người phải chờ" in told
    assert "cổng bị ngắt lâu hơn thì đợt có thể tự dừng" in told


@pytest.mark.parametrize("fields", [{"from": "", "to": ""}, {"from": "2026-12-01T10:00", "to": "2026-12-01T09:00"}])
def test_an_outage_that_cannot_be_is_said(officer, fields):
    answer = rehearsed(officer, down="1", **fields)
    assert (answer.status_code, "Giờ kết thúc phải sau giờ bắt đầu" in words(answer)) == (422, True)


def test_a_wave_that_has_begun_is_not_rehearsed(officer):
    assert "đã bắt đầu hoặc đã kết thúc" in words(officer.get("/waves/1/rehearsals"))
    assert press(officer, "/waves/1/rehearsals").status_code == 422


def test_a_rehearsal_belongs_to_its_wave(officer, rt):
    kept = rehearsal.of_wave(rt.db, 2)[0]
    assert officer.get(f"/waves/2/rehearsals/{kept.id}").status_code == 200
    assert officer.get(f"/waves/1/rehearsals/{kept.id}").status_code == 404
    assert officer.get(f"/waves/1/rehearsals/{kept.id}.json").status_code == 404


def test_who_only_answers_people_looks_and_does_not_ask(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert staff.get(ADDRESS).status_code == 200
    assert press(staff, ADDRESS).status_code == 403
