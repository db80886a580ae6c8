"""The opt-out book by the pages."""

import io

import pytest

from campaigns import optouts
from tests.web.doors import press, signed_in, token, words


def add(browser, **fields):
    data = {"csrf_token": token(browser, "/optouts/new"), "country": "VN", "reason": "gọi tới trạm y tế", **fields}
    return browser.post("/optouts/new", data=data, content_type="multipart/form-data")


def test_added_looked_up_and_lifted(officer, rt):
    added = words(add(officer, numbers="0912 345 678\n0912345678\nabc"))
    assert "1 đã thêm" in added and "1 đã có sẵn" in added and "1 không đọc được" in added
    assert "không phải là số điện thoại" in added

    found = press(officer, "/optouts/look-up", on="/optouts", number="0912345678")
    assert "không muốn nhận tin" in words(found) and "gọi tới trạm y tế" in words(found)
    assert "+84 91* *** 678" in words(found) and "0912345678" not in found.get_data(as_text=True)
    [line] = optouts.latest(rt.db)
    ask = f"/optouts/{line.key}/lift"
    assert "+84 91* *** 678" in words(officer.get(ask))
    assert press(officer, ask, on=ask, reason="").status_code == 422
    assert optouts.counts(rt.db) == {"staff": 1}
    assert press(officer, ask, on=ask, reason="chính chủ gọi lại").status_code == 303
    assert optouts.counts(rt.db) == {}
    assert "chưa từ chối" in words(press(officer, "/optouts/look-up", on="/optouts", number="0912345678"))
    assert officer.get(ask).status_code == 404


def test_a_file(officer, rt):
    content = "Họ tên,SĐT\nA,0912345678\nB,12\n"
    added = add(officer, file=(io.BytesIO(content.encode()), "so.csv"))
    assert "1 đã thêm" in words(added) and "số thiếu chữ số" in words(added)
    assert optouts.counts(rt.db) == {"list": 1}


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"numbers": ""}, "numbers"),
        ({"numbers": "0912345678", "reason": ""}, "reason"),
        ({"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n0000"), "a.csv")}, "file"),
    ],
)
def test_mistakes_stand_at_their_field(officer, rt, fields, about):
    page = add(officer, **fields)
    assert page.status_code == 422
    assert f'id="{about}-error"' in page.get_data(as_text=True)
    assert optouts.counts(rt.db) == {}


def test_a_number_that_is_none(officer):
    assert press(officer, "/optouts/look-up", on="/optouts", number="abc").status_code == 422


def test_downloaded_masked_unless_one_may_see_numbers(app, rt, officer):
    add(officer, numbers="0912345678")
    book = officer.get("/optouts/export.csv")
    assert book.mimetype == "text/csv" and "attachment" in book.headers["Content-Disposition"]
    assert "+84 91* *** 678" in book.get_data(as_text=True)
    admin = signed_in(app, rt, "quantri@anlo.example")
    assert "0912 345 678" in admin.get("/optouts/export.csv").get_data(as_text=True)


def test_who_only_answers_may_look_and_no_more(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert staff.get("/optouts").status_code == 200
    for path in ("/optouts/new", "/optouts/export.csv", "/optouts/00/lift"):
        assert staff.get(path).status_code == 403
