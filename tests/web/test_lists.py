"""A list by the pages: masked numbers, a page at a time, deleted after asking. Uploading one: test_uploads."""

import re

import pytest

from campaigns import list_figures, lists
from scheduler import tasks
from tests.web.conftest import STOP
from tests.web.doors import press, token, words
from tests.web.uploading import upload


def test_numbers_are_masked(officer, rt):
    upload(officer)
    tasks.work_through_uploads(rt, STOP)
    the_list = next(row for row in lists.all(rt.db) if row.name == "Thử")
    page = officer.get(f"/lists/{the_list.id}").get_data(as_text=True)
    assert "+84 91* *** 678" in page
    assert "912345678" not in page
    assert "Lê Thị Một" in page
    assert "Xã Yên Thành" in page


def leads(page, relation: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{relation}"', page.get_data(as_text=True))
    return found and found[1].replace("&amp;", "&")


def rows(page) -> list[str]:
    return re.findall(r"\+84 \d\d\* \*\*\* \d{3}", page.get_data(as_text=True))


def test_a_page_leads_to_the_next_and_back(officer):
    first = officer.get("/lists/1")
    assert (len(rows(first)), leads(first, "prev")) == (25, None)
    second = officer.get(leads(first, "next"))
    assert not set(rows(second)) & set(rows(first))
    assert rows(officer.get(leads(second, "prev"))) == rows(first)
    last = first
    while onward := leads(last, "next"):
        last = officer.get(onward)
    assert "Về đầu danh sách" in words(last)


@pytest.mark.parametrize("query", ["after=x", "before=x", "after=-1", "after=99999999", "before=1", "page=2"])
def test_pages_stay_within_the_list(officer, query):
    assert officer.get(f"/lists/1?{query}").status_code == 200


def test_all_communes_of_a_list(officer):
    the_province = officer.get("/lists/2")
    assert "/lists/2/communes" in the_province.get_data(as_text=True)
    assert len(the_province.data) < 25_000
    assert words(officer.get("/lists/2/communes")).count("Xã ") > 14


def test_lists_are_found_by_name_and_put_in_order(officer, rt):
    for name in ("Diễn Châu – đã về", "Đô Lương", "Đô Thành"):
        lists.create(rt.db, name, by=None, now=rt.clock())
    found = words(officer.get("/lists?find=do+"))
    assert "Đô Lương" in found and "Đô Thành" in found and "Diễn Châu – đã về" not in found
    assert "Không có danh sách nào có “không có” trong tên." in words(officer.get("/lists?find=không có"))
    by_people = words(officer.get("/lists?order=people"))
    assert by_people.index("Yên Thành – diễn tập") < by_people.index("Đô Lương")
    assert officer.get("/lists?order=nonsense&page=99").status_code == 200


def test_a_list_gets_another_name(officer, rt):
    assert press(officer, "/lists/1/name", on="/lists/1/name", name=" Yên  Thành mới ").status_code == 303
    assert lists.row(rt.db, 1).name == "Yên Thành mới"
    taken = press(officer, "/lists/1/name", on="/lists/1/name", name=lists.row(rt.db, 2).name)
    assert taken.status_code == 422 and "Đã có danh sách" in words(taken)
    assert press(officer, "/lists/new", on="/lists/new", name="").status_code == 422


def test_a_large_list_says_when_it_was_counted(officer, rt, monkeypatch):
    monkeypatch.setattr(list_figures, "LARGE", 10)
    assert "Danh sách đang được đếm" in words(officer.get("/lists/1"))
    tasks.count_lists(rt, STOP)
    counted = words(officer.get("/lists/1"))
    assert "Đếm lúc" in counted and "Xã Yên Thành" in counted


def test_a_list_is_deleted_after_asking(officer, rt):
    upload(officer)
    tasks.work_through_uploads(rt, STOP)
    the_list = next(row for row in lists.all(rt.db) if row.name == "Thử")
    assert "sẽ bỏ 1 người" in words(officer.get(f"/lists/{the_list.id}/delete"))
    assert officer.post(f"/lists/{the_list.id}/delete", data={"csrf_token": token(officer)}).status_code == 303
    assert "Thử" not in [row.name for row in lists.all(rt.db)]


def test_the_page_of_a_list_names_no_number_in_its_addresses(officer):
    page = officer.get("/lists/1").get_data(as_text=True)
    assert not re.search(r"\+84\d{9}", page)
