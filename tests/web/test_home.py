"""Today: three sentences that fit whoever reads them, and no link that leads to a closed door."""

import re

import pytest
from sqlalchemy import update

from campaigns import halts
from db.tables import imports
from tests.web.conftest import NOW
from tests.web.doors import press, signed_in, words
from tests.web.test_waves import approve, planned

OFFICERS = ("lan@anlo.example", "minh@anlo.example", "hoa@anlo.example", "thuy@anlo.example", "quantri@anlo.example")
PAGES = (
    *("/", "/messages", "/messages/1", "/lists", "/lists/1", "/waves", "/waves/1", "/waves/2"),
    *("/campaigns", "/campaigns/1", "/series", "/cases", "/figures", "/handsets", "/prices"),
)


def sentences(browser) -> list[str]:
    lead = re.search(r'<section class="lead">(.*?)</section>', browser.get("/").get_data(as_text=True), re.S)[1]
    return re.findall(r"<p>(.*?)</p>", lead)


def test_what_went_out_is_counted_today(officer):
    went_out, _, wrong = sentences(officer)
    assert went_out == "Hôm nay đã gửi 235 tin, hết 235.000\u00a0₫."
    assert wrong == "Không có trục trặc nào."


def test_a_wave_waits_for_the_other_officer_and_not_for_its_author(officer, second_officer):
    """Wave 2 of the house was submitted by Lan."""
    assert "đợt cần duyệt" not in sentences(officer)[1]
    assert sentences(second_officer)[1] == "Chờ bạn: 1 đợt cần duyệt."
    page = second_officer.get("/").get_data(as_text=True)
    assert 'href="/waves/2/review"' in page
    assert 'href="/waves/2/review"' not in officer.get("/").get_data(as_text=True)


def test_a_wave_that_came_back_waits_for_its_author_until_it_is_sent_again(officer, second_officer):
    press(second_officer, "/waves/2/return", note="Sửa giờ.")
    assert "1 đợt của bạn bị trả lại" in sentences(officer)[1]
    assert "bị trả lại" not in sentences(second_officer)[1]
    press(officer, "/waves/2/submit")
    assert "bị trả lại" not in sentences(officer)[1]


def test_staff_who_answer_are_told_of_people_only(app, rt):
    hoa = signed_in(app, rt, "hoa@anlo.example")
    assert "đợt cần duyệt" not in sentences(hoa)[1]
    assert "/waves/new" not in hoa.get("/").get_data(as_text=True)


def test_what_is_wrong_is_said(officer, second_officer, rt):
    address = planned(officer).location
    press(officer, f"{address}/submit")
    approve(second_officer, address)
    press(officer, f"{address}/pause")
    with rt.db.transaction() as c:
        c.execute(update(imports).values(status="failed", error="import-file-lost"))
    halts.stop(rt.db, reason="Xem lại.", by=1, now=NOW)
    wrong = sentences(officer)[2]
    assert "tất cả đang dừng, 1 đợt đang tạm dừng" in wrong
    assert "tệp không đọc được" in wrong
    assert "Tệp không đọc được" in words(officer.get("/"))


def test_the_next_waves_stand_in_the_order_of_their_time(officer, second_officer, rt):
    for name, at in (("Sau", "2026-12-03T08:00"), ("Trước", "2026-12-02T08:00")):
        address = planned(officer, name=name, when="at", at=at).location
        press(officer, f"{address}/submit")
        approve(second_officer, address)
    page = words(officer.get("/"))
    assert "Tiếp theo: đợt “Trước”, thứ Tư, 02/12/2026, 08:00." in page
    table = page[page.index("Sắp gửi") :]
    assert 0 < table.index("Trước") < table.index("Sau")


@pytest.mark.parametrize("email", OFFICERS)
def test_nobody_is_shown_a_link_that_does_not_open(app, rt, email):
    browser, opened = signed_in(app, rt, email), set()
    for path in PAGES:
        page = browser.get(path).get_data(as_text=True)
        for link in {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', page)} - opened:
            if not link.startswith("/static/"):
                assert browser.get(link).status_code in (200, 303), f"{email}: {path} → {link}"
                opened.add(link)
