"""The desk's bell: who is in danger and taken by nobody, for who may know about it."""

import pytest

from tests.bots.alerts.making import a_case, claimed
from tests.conftest import NOW
from tests.web.doors import signed_in, words


@pytest.fixture
def staff(app, rt):
    return signed_in(app, rt, "hoa@anlo.example")


def rings(browser) -> tuple[int, int]:
    told = browser.get("/bell").json
    return told["red"], told["waiting"]


def test_it_rings_until_somebody_takes_the_case(staff, rt):
    assert staff.get("/bell").json == {"red": 0, "waiting": 0, "mark": "0-0", "words": ""}
    a_case(rt.db, danger="none")
    first = a_case(rt.db)
    assert rings(staff) == (1, 2)
    before = staff.get("/bell").json
    assert before["words"] == "1 người đang nguy hiểm mà chưa ai nhận việc."
    second = a_case(rt.db)
    assert staff.get("/bell").json["mark"] != before["mark"]  # somebody new: it rings at once
    claimed(rt.db, second, at=NOW, by=1)
    claimed(rt.db, first, at=NOW, by=1)
    assert rings(staff) == (0, 1)


def test_a_restricted_case_rings_only_for_who_may_see_it(app, rt, staff):
    a_case(rt.db, reason="child-taken", restricted=True)
    assert rings(staff) == (0, 0)
    assert "đang nguy hiểm mà chưa ai nhận" not in words(staff.get("/"))
    safeguard = signed_in(app, rt, "thuy@anlo.example")
    assert rings(safeguard) == (1, 1)
    assert "1 người đang nguy hiểm mà chưa ai nhận việc." in words(safeguard.get("/"))


def test_without_javascript_every_page_says_it(staff, rt):
    quiet = staff.get("/waves").get_data(as_text=True)
    assert 'data-bell="/bell" hidden' in quiet
    a_case(rt.db)
    page = staff.get("/waves")
    assert "1 người đang nguy hiểm" in words(page)
    assert 'data-bell="/bell">' in page.get_data(as_text=True)


def test_the_sound_is_a_button_that_only_javascript_shows(staff):
    page = staff.get("/cases").get_data(as_text=True)
    assert 'data-on="Bật chuông" data-off="Tắt chuông" hidden' in page
    assert "/static/bell.js" in page


def test_who_does_not_answer_cases_has_no_bell(officer, visitor):
    assert officer.get("/bell").status_code == 403
    assert "data-bell" not in officer.get("/").get_data(as_text=True)
    assert visitor.get("/bell").status_code == 303
