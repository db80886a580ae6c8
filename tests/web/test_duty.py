"""The people on duty by their page: who may see them, who may change them, a test for each."""

import re
import threading

import pytest

from bots.alerts import call_list
from scheduler import alerts
from staff import audit
from tests.web.doors import press, signed_in, words

STOP = threading.Event()


@pytest.fixture
def admin(app, rt):
    return signed_in(app, rt, "quantri@anlo.example")


@pytest.fixture
def safeguard(app, rt):
    return signed_in(app, rt, "thuy@anlo.example")


def add(browser, **fields):
    usual = {"name": "Chị Hà", "email": "ha@nghean.example", "number": "0912 345 678", "language": "vi"}
    return press(browser, "/duty/new", on="/duty/new", **{"position": "1", **usual, **fields})


def test_added_changed_laid_off_and_back(admin, rt):
    assert "Danh sách trực chưa có ai" in words(admin.get("/duty"))
    assert add(admin).status_code == 303
    page = admin.get("/duty")
    assert "Chị Hà" in words(page) and "+84 91* *** 678" in words(page) and "ha@nghean.example" in words(page)
    assert "345" not in re.sub(r"csrf_token\S+ value=\S+", "", page.get_data(as_text=True))
    assert press(admin, "/duty/1", on="/duty/1", name="Hà", email="", language="en", position="2").status_code == 303
    [person] = call_list.everybody(rt.db)
    assert (person.name, person.channels, person.language, person.position) == ("Hà", ("sms",), "en", 2)
    assert "từ lượt 2" in words(admin.get("/duty"))
    press(admin, "/duty/1/rest", on="/duty")
    assert "không gọi" in words(admin.get("/duty")) and not call_list.everybody(rt.db)[0].active
    press(admin, "/duty/1/resume", on="/duty")
    assert call_list.everybody(rt.db)[0].active
    done = [row.action for row in audit.latest(rt.db, about="duty:1")]
    assert done == ["duty.resume", "duty.rest", "duty.change", "duty.add"]


def test_the_number_goes_only_when_it_is_asked(admin, rt):
    add(admin)
    kept = {"name": "Hà", "email": "ha@nghean.example", "language": "vi", "position": "1"}
    press(admin, "/duty/1", on="/duty/1", **kept)
    assert call_list.show(rt.db, 1).number
    press(admin, "/duty/1", on="/duty/1", forget_number="1", **kept)
    assert call_list.show(rt.db, 1).number == ""


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"name": " "}, "name"),
        ({"email": "ha"}, "email"),
        ({"email": "", "number": ""}, "email"),
        ({"number": "113"}, "number"),
        ({"position": "0"}, "position"),
        ({"position": "x"}, "position"),
        ({"position": "9" * 400}, "position"),
    ],
)
def test_mistakes_stand_at_their_field_and_what_was_typed_stays(admin, rt, fields, about):
    page = add(admin, **fields)
    assert page.status_code == 422
    assert f'id="{about}-error"' in page.get_data(as_text=True)
    assert (fields.get("email", "ha@nghean.example")) in page.get_data(as_text=True)
    assert call_list.everybody(rt.db) == []


def test_a_test_goes_to_that_person_and_the_page_says_what_became_of_it(admin, rt):
    add(admin)
    assert press(admin, "/duty/1/try", on="/duty").status_code == 303
    alerts.call_out(rt, STOP)
    alerts.send_mail(rt, STOP)
    [message] = rt.gateways["simulator"].thread("+84912345678")
    assert "Khong co ai nguy hiem" in message.text
    page = words(admin.get("/duty"))
    assert "SMS Đã gửi" in page and "gửi thử" in page
    assert "Cổng gửi chưa được cài đặt đúng" in page  # there is no mail server here
    assert "Vừa gửi thử" in words(press(admin, "/duty/1/try", on="/duty"))


def test_what_is_missing_is_said(admin, rt):
    add(admin)
    page = words(admin.get("/duty"))
    assert "máy chủ thư chưa cài đặt đủ" in page and "chỉ tới máy thử" in page


def test_nobody_on_the_list_is_said_where_the_day_begins(app, rt, admin, safeguard):
    assert "Danh sách trực chưa có ai" in words(safeguard.get("/"))
    assert "Danh sách trực chưa có ai" not in words(signed_in(app, rt, "hoa@anlo.example").get("/"))
    add(admin, email="")
    assert "Danh sách trực" not in words(safeguard.get("/"))


def test_safeguarding_looks_and_an_administrator_changes(app, rt, admin, safeguard):
    add(admin)
    page = safeguard.get("/duty")
    assert page.status_code == 200 and "Chị Hà" in words(page)
    assert "/duty/1" not in page.get_data(as_text=True)
    for path in ("/duty/new", "/duty/1"):
        assert safeguard.get(path).status_code == 403
    for path in ("/duty/new", "/duty/1", "/duty/1/rest", "/duty/1/resume", "/duty/1/try"):
        assert press(safeguard, path, on="/", name="X", email="x@y.example", position="1").status_code == 403
    for who in ("hoa@anlo.example", "lan@anlo.example"):
        assert signed_in(app, rt, who).get("/duty").status_code == 403
    assert [each.name for each in call_list.everybody(rt.db)] == ["Chị Hà"]


def test_nobody_of_that_number(admin):
    assert admin.get("/duty/99").status_code == 404
    assert press(admin, "/duty/99/try", on="/duty/new").status_code == 404
