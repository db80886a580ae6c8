"""The page after a copy of the database was put back: who reads it, what it asks first, what each wave waits for."""

from dataclasses import replace

import pytest

from campaigns import halts, recall, waves
from scheduler import tasks
from tests.web.conftest import NOW, STOP
from tests.web.doors import press, signed_in, words
from tests.web.test_waves import approve, planned, status


@pytest.fixture
def put_back(officer, second_officer, rt):
    """A wave was being sent when the copy was made; its address."""
    address = planned(officer).location
    press(officer, f"{address}/submit")
    approve(second_officer, address)
    tasks.open_due(rt, STOP)
    recall.hold(rt.db, by=None, now=NOW)
    return address


def number(address: str) -> int:
    return int(address.rpartition("/")[2])


def test_everybody_sees_that_nothing_goes_out_and_where_to_look(put_back, officer, app, rt):
    for browser in (officer, signed_in(app, rt, "hoa@anlo.example")):
        assert "bản sao" in words(browser.get("/messages"))
    assert officer.get("/halts").location == "/restored"
    page = words(officer.get("/restored"))
    assert "xin ngừng nhận tin" in page
    assert waves.show(rt.db, number(put_back)).wave.name in page
    assert not tasks.send(rt, STOP).get("handed")


def test_opt_outs_first_then_each_wave_by_its_own_word(put_back, officer, rt, monkeypatch):
    simulator = rt.gateways["simulator"]
    monkeypatch.setattr(type(simulator), "traits", replace(simulator.traits, find=False))
    refused = press(officer, "/restored", on="/restored")
    assert refused.status_code == 422 and halts.standing(rt.db)
    assert press(officer, "/restored", on="/restored", optouts="1").status_code == 303
    assert halts.standing(rt.db) is None
    assert status(rt, put_back) == "paused"
    assert press(officer, f"{put_back}/resume").status_code == 422, "it goes on here, where the gateway is asked first"
    press(officer, f"/restored{put_back}/ask", on="/restored")
    tasks.ask_recalled(rt, STOP)
    (wave,) = (each for each in recall.state(rt.db, rt.gateways).waves if each.wave_id == number(put_back))
    assert wave.status == "doubtful", "this gateway cannot tell who has it"
    assert "không ai biết" in words(officer.get("/restored"))
    press(officer, f"/restored{put_back}/decide", on="/restored", send="no")
    assert status(rt, put_back) == "sending"
    assert not tasks.send(rt, STOP).get("handed")
    assert number(put_back) not in {each.wave_id for each in recall.state(rt.db, rt.gateways).waves}


def test_the_gateway_is_asked_and_the_wave_goes_on_by_itself(put_back, officer, rt):
    press(officer, "/restored", on="/restored", optouts="1")
    assert "Có thể hỏi cổng gửi" in words(officer.get("/restored"))
    press(officer, f"/restored{put_back}/ask", on="/restored")
    tasks.ask_recalled(rt, STOP)
    assert status(rt, put_back) == "sending"


def test_nothing_to_look_at(officer):
    assert "Không còn việc gì phải làm" in words(officer.get("/restored"))


@pytest.mark.parametrize("path", ["", "/waves/1/ask", "/waves/1/decide"])
def test_only_who_may_plan_waves_decides(app, rt, path):
    browser = signed_in(app, rt, "hoa@anlo.example")
    assert press(browser, f"/restored{path}", on="/messages", optouts="1").status_code == 403


def test_a_wave_of_the_copy_leads_to_the_page_where_it_goes_on(put_back, officer, rt):
    press(officer, "/restored", on="/restored", optouts="1")
    page = officer.get(put_back).get_data(as_text=True)
    assert 'href="/restored"' in page
    assert f'action="{put_back}/resume"' not in page, "from here it would be refused"


def test_a_draft_without_a_time_is_not_called_late(officer, rt):
    address = planned(officer).location
    recall.hold(rt.db, by=None, now=NOW)
    page = words(officer.get("/restored"))
    assert waves.show(rt.db, number(address)).wave.name in page
    assert "ngay khi được duyệt" in page
    assert "đã qua" not in page
