"""Conversations from which staff open a case themselves: what was said is read in a case, not here."""

from datetime import timedelta

import pytest

from bots.cases import queue
from staff import accounts
from tests.bots.cases.people import handed_over, writes
from tests.web.conftest import NOW
from tests.web.doors import press, signed_in, words


@pytest.fixture
def hoa(app, rt):
    return signed_in(app, rt, "hoa@anlo.example")


def test_nobody_has_written_yet(hoa):
    assert "Chưa có cuộc trò chuyện nào" in words(hoa.get("/cases/conversations"))


def test_who_wrote_the_latest_first_and_not_what(hoa, rt):
    writes(rt.db, NOW - timedelta(hours=2), "chuyện kín của tôi", who="+84912345678", platform="sms")
    writes(rt.db, NOW, "chuyện khác", who="khach-abcd", platform="web")
    page = words(hoa.get("/cases/conversations"))
    assert page.index("…abcd") < page.index("+84 91* *** 678")
    assert "+84912345678" not in hoa.get("/cases/conversations").get_data(as_text=True)
    assert "chuyện" not in page.replace("cuộc trò chuyện", "").replace("Các cuộc trò chuyện", "")


def test_a_case_is_opened_with_its_reason(hoa, rt):
    writes(rt.db, NOW, "con em đi Anh rồi", platform="web")
    ask = "/cases/conversations/1/open"
    assert "con em đi Anh" not in words(hoa.get(ask))
    assert press(hoa, ask, danger="red", words=" ").status_code == 422
    opened = press(hoa, ask, danger="red", words="mẹ em ấy gọi đến")
    assert (opened.status_code, opened.location) == (303, "/cases/1")
    page = words(hoa.get("/cases/1"))
    assert "con em đi Anh rồi" in page and "mẹ em ấy gọi đến" in page and "Lê Thị Hoa mở việc" in page
    assert "Cán bộ tự mở" in page
    assert 'href="/cases/1"' in hoa.get("/cases/conversations").get_data(as_text=True)


@pytest.mark.parametrize("danger", ["", "purple"])
def test_how_urgent_must_be_chosen(hoa, rt, danger):
    writes(rt.db, NOW, "chào", platform="web")
    answer = press(hoa, "/cases/conversations/1/open", danger=danger, words="mẹ gọi")
    assert answer.status_code == 422 and "mẹ gọi" in answer.get_data(as_text=True)
    assert queue.to_do(rt.db, accounts.everybody(rt.db)[2]) == []


def test_a_person_whose_case_is_restricted_cannot_be_opened_by_others(hoa, rt):
    handed_over(rt.db, NOW, reason="suicide")
    writes(rt.db, NOW, "thêm nữa")
    assert press(hoa, "/cases/conversations/1/open", danger="none", words="xem thử").status_code == 404
    assert hoa.get("/cases/conversations/99/open").status_code == 404


def test_older_ones_are_on_the_next_page(hoa, rt):
    for n in range(52):
        writes(rt.db, NOW - timedelta(minutes=n), "chào", who=f"khach{n:04}", platform="web")
    first, second = (words(hoa.get(f"/cases/conversations?page={n}")) for n in (1, 2))
    assert "…0000" in first and "…0049" in first and "…0050" not in first
    assert "…0050" in second and "…0051" in second and "…0049" not in second
    assert words(hoa.get("/cases/conversations?page=x")) and hoa.get("/cases/conversations?page=-1").status_code == 200
