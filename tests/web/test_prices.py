"""The price table by its page: every price ever, new ones from today on, and what a pound is worth."""

from datetime import timedelta

import pytest

from campaigns import prices
from tests.conftest import NOW
from tests.web.doors import press, signed_in, words

TODAY = NOW.date().isoformat()
TOMORROW = (NOW.date() + timedelta(days=1)).isoformat()


def put(browser, **fields):
    given = {"gateway": "simulator", "carrier": "Viettel", "price": "650", "from": TODAY, "note": "Hợp đồng 12/2026"}
    return press(browser, "/prices", **{**given, **fields})


def test_a_price_is_written_down_with_its_source(officer, rt):
    assert put(officer).status_code == 303
    assert prices.on(rt.db, "simulator", NOW)["Viettel"] == 650
    said = words(officer.get("/prices"))
    assert "650 ₫" in said and "Hợp đồng 12/2026" in said


def test_a_coming_price_does_not_hold_yet(officer, rt):
    put(officer, **{"from": TOMORROW, "price": "33.500"})
    assert "Viettel" not in prices.on(rt.db, "simulator", NOW)
    assert "33.500 ₫" in words(officer.get("/prices"))
    assert "sắp tới" in words(officer.get("/prices"))


def test_what_has_held_is_not_changed(officer, rt):
    put(officer)
    told = put(officer, **{"from": "2026-01-01", "price": "1"})
    assert told.status_code == 422
    assert prices.on(rt.db, "simulator", NOW)["Viettel"] == 650
    assert 'value="1"' in told.get_data(as_text=True)  # what was typed stays


@pytest.mark.parametrize(
    "fields",
    [
        {"price": ""},
        {"price": "-5"},
        {"price": "12.5"},
        {"price": "99999999999999"},
        {"gateway": "nobody"},
        {"carrier": "Viettel Mobile"},
        {"from": "yesterday"},
    ],
)
def test_what_cannot_be_read(officer, rt, fields):
    before = prices.table(rt.db)
    answer = put(officer, **fields)
    assert answer.status_code in (404, 422)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert prices.table(rt.db) == before


def test_a_rate_of_exchange(officer, rt):
    assert press(officer, "/prices/rates", rate="33.500", **{"from": TODAY}, note="Vietcombank").status_code == 303
    assert prices.rate_on(rt.db, NOW) == 33_500
    assert "Vietcombank" in words(officer.get("/prices"))
    assert press(officer, "/prices/rates", rate="0", **{"from": TODAY}).status_code == 422


def test_staff_may_look_and_not_write(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    page = staff.get("/prices")
    assert page.status_code == 200
    assert "<select" not in page.get_data(as_text=True)
    assert put(staff).status_code == 403
