"""Stop everything: a reason, an unmissable strip for everybody, and the way on."""

import pytest

from campaigns import halts
from scheduler import tasks
from tests.web.conftest import NOW, STOP
from tests.web.doors import press, signed_in, words
from tests.web.test_waves import approve, planned, status

WHY = "Nhắn nhầm chữ trong câu đầu."


def stop(officer, reason=WHY):
    return press(officer, "/halts", on="/halts", reason=reason)


def test_the_red_button_is_on_every_page_of_those_who_may_press_it(officer, app, rt):
    for path in ("/", "/messages", "/lists", "/waves", "/waves/1", "/cases", "/figures"):
        assert 'href="/halts"' in officer.get(path).get_data(as_text=True), path
    assert 'href="/halts"' not in signed_in(app, rt, "hoa@anlo.example").get("/").get_data(as_text=True)


def test_stopping_asks_why(officer, rt):
    answer = stop(officer, " ")
    assert answer.status_code == 422
    assert "Chưa ghi lý do" in words(answer)
    assert halts.standing(rt.db) is None


def test_everybody_sees_who_stopped_and_why_until_it_goes_on(officer, second_officer, app, rt):
    assert stop(officer).status_code == 303
    for browser in (second_officer, signed_in(app, rt, "hoa@anlo.example")):
        page = words(browser.get("/messages"))
        assert "Nguyễn Thị Lan" in page
        assert WHY in page
    assert "tất cả đang dừng" in words(second_officer.get("/"))
    assert press(second_officer, "/halts/lift", on="/halts", reason="Đã sửa.").status_code == 303
    assert WHY not in words(second_officer.get("/messages"))
    assert WHY in words(second_officer.get("/halts")), "the history keeps it"


def test_a_stopped_wave_hands_nothing_over_and_says_why(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    approve(second_officer, address)
    tasks.open_due(rt, STOP)
    stop(officer)
    assert not tasks.send(rt, STOP).get("sent")
    assert status(rt, address) == "sending"
    assert "Tất cả đang dừng" in words(officer.get(f"{address}/progress?was=sending"))
    halts.lift(rt.db, by=None, now=NOW)
    assert "Tất cả đang dừng" not in words(officer.get(f"{address}/progress?was=sending"))


@pytest.mark.parametrize("path", ["/halts", "/halts/lift"])
def test_only_who_may_plan_waves_may_stop_or_lift(app, rt, path):
    browser = signed_in(app, rt, "hoa@anlo.example")
    assert press(browser, path, on="/messages", reason=WHY).status_code == 403
    assert halts.standing(rt.db) is None


def test_what_is_not_stopped_cannot_be_let_go_on(officer):
    assert press(officer, "/halts/lift", on="/halts").status_code == 422
