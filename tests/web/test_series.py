"""A series by the pages: planned, approved by somebody else, its waves made, paused and ended."""

import re
from datetime import timedelta

import pytest

from campaigns import series
from scheduler import tasks
from tests.web.conftest import NOW, STOP
from tests.web.doors import press, signed_in, words


def planned(officer, **changes):
    fields = {
        "name": "Chào người mới", "lists": "1", "version": "1", "form": "vi-unaccented", "gateway": "simulator",
        "kind": "repeating", "rhythm": "days", "every_days": "1", "at_time": "08:00", "starts_on": "2026-12-02",
        "ends_on": "", "most_people": "1.000", "days_after": "3",
    }  # fmt: skip
    return press(officer, "/series/new", on="/series/new", **{**fields, **changes})


def of(rt, address):
    return series.show(rt.db, int(address.rpartition("/")[2]))


def approved(officer, second_officer, **changes):
    address = planned(officer, **changes).location
    press(officer, f"{address}/submit")
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    assert press(second_officer, f"{address}/approve", digest=digest).status_code == 303
    return address


def test_a_series_from_its_plan_to_its_waves(officer, second_officer, rt):
    address = planned(officer).location
    draft = words(officer.get(address))
    assert "mỗi ngày lúc 08:00" in draft
    assert "thứ Tư, 02/12/2026, 08:00" in draft
    press(officer, f"{address}/submit")
    assert "không ai tự duyệt chuỗi tin của mình" in words(officer.get(address))
    assert "/review" not in officer.get(address).get_data(as_text=True)

    shown = words(second_officer.get(f"{address}/review"))
    assert of(rt, address).texts.vi_unaccented in shown
    assert "235 người có thể nhận" in shown
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    press(second_officer, f"{address}/approve", digest=digest)
    assert of(rt, address).series.status == "active"

    assert tasks.open_series(at(rt, days=1, hours=-1), STOP) == {"made": 1}
    assert "Chào người mới · 02/12/2026" in words(officer.get(address))


def at(rt, **later):
    """The same house at another time."""
    return type(rt)(**{**vars(rt), "clock": lambda: NOW + timedelta(**later)})


def test_the_author_cannot_approve_even_by_hand(officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    page = officer.get(f"{address}/review").get_data(as_text=True)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    answer = press(officer, f"{address}/approve", digest=digest)
    assert (answer.status_code, of(rt, address).series.status) == (422, "submitted")


def test_it_goes_back_with_a_note(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    assert press(second_officer, f"{address}/return", note=" ").status_code == 422
    press(second_officer, f"{address}/return", note="Thưa hơn giúp.")
    assert "Thưa hơn giúp." in words(officer.get(address))


def test_an_edit_takes_the_approval_away(officer, second_officer, rt):
    address = approved(officer, second_officer)
    page = officer.get(f"{address}/edit").get_data(as_text=True)
    assert 'value="Chào người mới"' in page
    fields = {
        "name": "Chào", "lists": "1", "version": "1", "form": "vi", "gateway": "simulator", "kind": "after-joining",
        "days_after": "5", "at_time": "09:30", "starts_on": "2026-12-02", "most_people": "50",
    }  # fmt: skip
    press(officer, f"{address}/edit", **fields)
    found = of(rt, address).series
    assert (found.status, found.approved_by, found.table.days_after, found.most_people) == ("draft", None, 5, 50)


def test_on_weekdays(officer, rt):
    address = planned(officer, rhythm="weekdays", weekdays=["1", "5"]).location
    assert of(rt, address).series.table.weekdays == (1, 5)
    assert "T2, T6" in words(officer.get(address))


def test_paused_gone_on_and_ended(officer, second_officer, rt):
    address = approved(officer, second_officer)
    press(officer, f"{address}/pause")
    assert of(rt, address).series.status == "paused"
    press(officer, f"{address}/resume")
    assert of(rt, address).series.status == "active"
    assert "không bao giờ tạo đợt" in words(officer.get(f"{address}/end"))
    assert of(rt, address).series.status == "active", "asking ends nothing"
    press(officer, f"{address}/end")
    assert of(rt, address).series.status == "ended"
    assert press(officer, f"{address}/resume").status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "chưa có tên"),
        ({"lists": []}, "Chưa chọn"),
        ({"version": "99"}, "Không có bản tin nhắn nào"),
        ({"at_time": "23:00"}, "từ 07:00 đến 21:00"),
        ({"at_time": "sáng"}, "từ 07:00 đến 21:00"),
        ({"starts_on": "mai"}, "không khớp"),
        ({"ends_on": "2026-12-01"}, "không khớp"),
        ({"every_days": "0"}, "bao lâu gửi một lần"),
        ({"every_days": "hai"}, "bao lâu gửi một lần"),
        ({"rhythm": "weekdays"}, "bao lâu gửi một lần"),
        ({"kind": "after-joining", "days_after": ""}, "phải từ 1 đến"),
        ({"most_people": "0"}, "phải từ 1 đến"),
        ({"most_people": "x"}, "phải từ 1 đến"),
        ({"budget": "nhiều"}, "nhiều"),
        ({"campaign": "99"}, "Không có chiến dịch nào"),
    ],
)
def test_what_cannot_be_planned_is_said_and_what_was_chosen_stays(officer, changes, sentence):
    answer = planned(officer, **{"name": "Tên giữ lại", **changes})
    assert answer.status_code in (404, 422)
    assert sentence in words(answer)
    if "name" not in changes:
        assert "Tên giữ lại" in answer.get_data(as_text=True)


def test_who_is_chosen_is_counted_while_one_chooses(officer):
    answer = press(officer, "/series/count", on="/series/new", lists="1", gateway="simulator", form="vi")
    page = answer.get_data(as_text=True)
    assert "<html" not in page
    assert "<b>235</b>" in page
    assert "Chưa chọn" in words(press(officer, "/series/count", on="/series/new"))


def test_looking_for_a_list_keeps_nothing(officer, rt):
    before = len(series.all(rt.db))
    answer = planned(officer, do="find", find_lists="toan tinh")
    assert answer.status_code == 200
    assert len(series.all(rt.db)) == before


def test_who_only_answers_people_looks_and_changes_nothing(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert staff.get("/series/1").status_code == 200
    assert staff.get("/series/1/review").status_code == 403
    for step in ("submit", "approve", "return", "pause", "resume", "end", "edit"):
        assert press(staff, f"/series/1/{step}").status_code == 403
