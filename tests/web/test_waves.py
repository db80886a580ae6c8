"""A wave by the pages: planned, approved by somebody else, watched, paused, stopped."""

import re

import pytest

from campaigns import waves
from scheduler import tasks
from tests.web.conftest import STOP
from tests.web.doors import press, signed_in, words


def planned(officer, **changes):
    fields = {
        "name": "Đợt thử",
        "lists": "1",
        "version": "1",
        "form": "vi",
        "when": "now",
        "gateway": "simulator",
        **changes,
    }
    return press(officer, "/waves/new", **fields)


def approve(browser, address):
    page = browser.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    return press(browser, f"{address}/approve", digest=digest)


def status(rt, address) -> str:
    return waves.show(rt.db, int(address.rpartition("/")[2])).wave.status


def test_a_wave_from_plan_to_figures(officer, second_officer, rt):
    address = planned(officer).location
    draft = words(officer.get(address))
    assert "Bản nháp" in draft
    assert "người nhận" in draft
    assert "Gửi duyệt" in draft

    press(officer, f"{address}/submit")
    own = officer.get(address)
    assert "không ai tự duyệt đợt của mình" in words(own)
    assert "/review" not in own.get_data(as_text=True)

    shown = words(second_officer.get(f"{address}/review"))
    assert "Tin sẽ gửi đúng như sau" in shown
    assert waves.show(rt.db, int(address.rpartition("/")[2])).texts.vi in shown
    assert approve(second_officer, address).status_code == 303
    assert status(rt, address) == "scheduled"

    tasks.open_due(rt, STOP)
    going = officer.get(address)
    assert f'data-poll="{address}/progress?was=sending"' in going.get_data(as_text=True)
    assert "Tạm dừng" in words(going)
    tasks.send(rt, STOP)
    tasks.finish(rt, STOP)
    part = officer.get(f"{address}/progress?was=sending")
    assert part.headers["X-Finished"] == "1"
    assert "Đã gửi xong" in words(officer.get(address))


def test_the_author_cannot_approve_even_by_hand(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    assert "name=\"digest\"" not in officer.get(f"{address}/review").get_data(as_text=True)
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    answer = press(officer, f"{address}/approve", digest=digest)
    assert answer.status_code == 422
    assert status(rt, address) == "submitted"


def test_an_edit_after_looking_voids_what_was_seen(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    press(
        officer, f"{address}/edit", name="Đổi tên", lists="1", version="1", form="vi", when="now", gateway="simulator"
    )
    press(officer, f"{address}/submit")
    answer = press(second_officer, f"{address}/approve", digest=digest)
    assert answer.status_code == 422
    assert status(rt, address) == "submitted"


def test_a_wave_goes_back_with_a_note(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    assert press(second_officer, f"{address}/return", note=" ").status_code == 422
    press(second_officer, f"{address}/return", note="Sửa giờ gửi giúp.")
    assert status(rt, address) == "draft"
    assert "Trần Văn Minh đã trả lại: Sửa giờ gửi giúp." in words(officer.get(address))


def test_pause_go_on_and_stop(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    approve(second_officer, address)
    tasks.open_due(rt, STOP)
    press(officer, f"{address}/pause")
    assert status(rt, address) == "paused"
    assert officer.get(f"{address}/progress?was=sending").headers["X-Finished"] == "1"
    press(officer, f"{address}/resume")
    assert status(rt, address) == "sending"
    assert "người còn chờ sẽ không nhận được tin" in words(officer.get(f"{address}/cancel"))
    assert status(rt, address) == "sending", "asking stops nothing"
    press(officer, f"{address}/cancel")
    assert status(rt, address) == "cancelled"
    assert press(officer, f"{address}/resume").status_code == 422


@pytest.mark.parametrize(
    "changes,sentence",
    [
        ({"name": " "}, ""),
        ({"lists": ""}, ""),
        ({"version": "999"}, ""),
        ({"version": "x"}, ""),
        ({"rate": "nhanh"}, ""),
        ({"when": "at", "at": ""}, "Chưa rõ ngày giờ gửi"),
        ({"when": "at", "at": "ngày mai"}, "Chưa rõ ngày giờ gửi"),
        ({"form": "fr"}, ""),
    ],
)
def test_what_cannot_be_planned_is_said_and_what_was_chosen_stays(officer, changes, sentence):
    answer = planned(officer, **{"name": "Tên giữ lại", **changes})
    assert answer.status_code in (404, 422)
    assert sentence in words(answer)
    assert 'role="alert"' in answer.get_data(as_text=True)
    if changes.get("name") != " ":
        assert "Tên giữ lại" in answer.get_data(as_text=True)


def test_a_time_is_one_of_vietnam(officer, rt):
    address = planned(officer, when="at", at="2026-11-25T08:30").location
    assert waves.show(rt.db, int(address.rpartition("/")[2])).wave.starts_at.isoformat() == "2026-11-25T01:30:00+00:00"
    assert "thứ Tư, 25/11/2026, 08:30" in words(officer.get(address))
    assert 'value="2026-11-25T08:30"' in officer.get(f"{address}/edit").get_data(as_text=True)


def test_links_fill_the_plan(officer):
    page = officer.get("/waves/new?list=1&version=2").get_data(as_text=True)
    assert re.search(r'name="lists" value="1" id="lists-1" checked', page)
    assert '<option value="2" selected>' in page


def test_a_page_of_a_wave_that_waits_notices_when_it_starts(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    approve(second_officer, address)
    waiting = officer.get(address).get_data(as_text=True)
    assert f'data-poll="{address}/progress?was=scheduled"' in waiting
    assert "X-Finished" not in officer.get(f"{address}/progress?was=scheduled").headers
    tasks.open_due(rt, STOP)
    assert "X-Finished" in officer.get(f"{address}/progress?was=scheduled").headers


@pytest.mark.parametrize(("gateway", "code"), [("simulator", 303), ("twilio", 422), ("nobody", 422)])
def test_only_an_exercise_may_ignore_the_night(officer, gateway, code):
    assert planned(officer, gateway=gateway, outside_hours="1").status_code == code


@pytest.mark.parametrize(("email", "tells"), [("lan@anlo.example", True), ("hoa@anlo.example", False)])
@pytest.mark.parametrize("wave_id", [1, 2])
def test_small_numbers_of_a_wave_are_for_those_who_plan_waves(app, rt, wave_id, email, tells):
    page = signed_in(app, rt, email).get(f"/waves/{wave_id}").get_data(as_text=True)
    assert ("Chỉ người lập đợt gửi mới xem được" in page) is not tells
    assert ("Không gửi cho ai, vì sao" in page or "Không có ai bị loại ra." in page) is tells
