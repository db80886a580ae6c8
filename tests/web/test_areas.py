"""The map by the pages."""

import pytest

from tests.web.doors import words


def test_two_groupings(officer):
    by_district = words(officer.get("/areas"))
    assert "Huyện Yên Thành" in by_district and "Tỉnh Nghệ An" in by_district and "Xã Đông Thành" in by_district
    by_commune = words(officer.get("/areas?by=communes"))
    assert "Phường Thành Vinh" in by_commune
    assert "Phường Thành Vinh" in words(officer.get("/areas?by=communes&province=99"))
    assert "Xã Yên Trung" in words(officer.get("/areas?by=communes&page=3")) and "Phường" not in by_commune[-200:]
    assert words(officer.get("/areas?by=communes&page=99")) == words(officer.get("/areas?by=communes&page=3"))


@pytest.mark.parametrize("text", ["do thanh", "Đô Thành", "xã đô thành"])
def test_an_old_name_leads_to_what_it_is_now(officer, text):
    said = words(officer.get("/areas", query_string={"find": text}))
    assert "Xã Đô Thành" in said
    assert "nay là Xã Đông Thành, thuộc Huyện Yên Thành cũ" in said


def test_nothing_found(officer):
    assert "Không có nơi nào tên là “<zz>”" in words(officer.get("/areas?find=%3Czz%3E"))


def test_a_commune(officer, rt):
    page = officer.get("/areas/17530")
    said = words(page)
    assert "Xã Đô Thành" in said and "Huyện Yên Thành" in said
    assert "/waves/new?areas=17530" in page.get_data(as_text=True)
    assert words(officer.get("/areas/426")).startswith("Huyện Yên Thành")
    assert "Yên Thành – diễn tập" in words(officer.get("/areas/426"))
    assert officer.get("/areas/1").status_code == 404
    old = officer.get("/areas?find=do+thanh").get_data(as_text=True).split('href="/areas/')[1].split('"')[0]
    assert "Xã Đông Thành" in words(officer.get(f"/areas/{old}"))
    assert "/waves/new" not in officer.get(f"/areas/{old}").get_data(as_text=True)
