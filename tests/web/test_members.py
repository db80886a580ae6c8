"""People of a list by the pages: found by number, added, taken off, brought back."""

import dataclasses
from datetime import timedelta

import pytest

from campaigns import lists, members
from campaigns.store import dead
from scheduler import tasks
from tests.conftest import NOW
from tests.web.conftest import STOP
from tests.web.doors import press, signed_in, words


@pytest.fixture
def list_id(officer, rt):
    made = press(officer, "/lists/new", on="/lists/new", name="Thử")
    assert made.status_code == 303
    return int(made.location.rsplit("/", 1)[1])


PERSON = {"number": "0912 345 678", "country": "VN", "name": "Lê Thị Một", "place": "đô thành", "language": "vi",
          "source": "gọi điện", "consent": "", "until": ""}  # fmt: skip


def add(officer, list_id, **changes):
    path = f"/lists/{list_id}/people/new"
    return press(officer, path, on=path, **{**PERSON, **changes})


def test_one_person_comes_and_goes(officer, rt, list_id):
    assert "Chưa có ai trong danh sách này" in words(officer.get(f"/lists/{list_id}"))
    added = add(officer, list_id, until="2027-06-30")
    assert added.status_code == 303
    said = words(officer.get(added.location))
    assert "+84 91* *** 678" in said and "Xã Đông Thành" in said and "gọi điện" in said
    assert 'value="2027-06-30"' in officer.get(added.location).get_data(as_text=True)
    assert "1 người" in words(officer.get(f"/lists/{list_id}"))

    assert press(officer, f"{added.location}/until", on=added.location, until="").status_code == 303
    assert press(officer, f"{added.location}/until", on=added.location, until="2001-01-01").status_code == 422
    assert press(officer, f"{added.location}/until", on=added.location, until="mai").status_code == 422

    assert "rời" in words(officer.get(f"{added.location}/remove"))
    assert press(officer, f"{added.location}/remove", on=f"{added.location}/remove").status_code == 303
    assert lists.row(rt.db, list_id).people == 0
    assert officer.get(added.location).status_code == 404


def test_whose_day_has_come_leaves_by_themselves(officer, rt, list_id):
    add(officer, list_id, until="2026-12-02")
    tasks.expire_members(rt, STOP)
    assert lists.row(rt.db, list_id).people == 1
    tasks.expire_members(dataclasses.replace(rt, clock=lambda: NOW + timedelta(days=1)), STOP)
    assert lists.row(rt.db, list_id).people == 0


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"number": "12"}, "number"),
        ({"source": ""}, "source"),
        ({"place": "Hà Nội"}, "place"),
        ({"until": "2001-01-01"}, "until"),
        ({"until": "hôm qua"}, "until"),
    ],
)
def test_mistakes_stand_at_their_field(officer, rt, list_id, changes, about):
    page = add(officer, list_id, **changes)
    assert page.status_code in (404, 422)
    assert f'id="{about}-error"' in page.get_data(as_text=True)
    assert "Lê Thị Một" in page.get_data(as_text=True)
    assert lists.row(rt.db, list_id).people == 0


def test_found_by_number(officer, rt, list_id):
    person = add(officer, list_id).location
    here = f"/lists/{list_id}"
    found = press(officer, f"{here}/people/find", on=here, number="+84912345678")
    assert found.location == person
    other = press(officer, f"{here}/people/find", on=here, number="0912345679")
    assert "không có trong danh sách" in words(officer.get(other.location))


def bury(rt, contact_id):
    with rt.db.transaction() as c:
        dead.bury(c, [contact_id], wave_id=1, now=rt.clock())


def test_the_dead_are_shown_and_brought_back(officer, rt, list_id):
    person = add(officer, list_id).location
    contact_id = members.people(rt.db, list_id)[0].contact_id
    bury(rt, contact_id)
    assert "Đã gửi" in words(officer.get("/lists/dead"))
    assert "Số không còn dùng từ" in words(officer.get(person))
    assert press(officer, f"{person}/revive", on=person).status_code == 303
    assert not members.people(rt.db, list_id)[0].dead
    assert officer.get("/lists/dead/1").status_code == 422

    bury(rt, contact_id)
    assert press(officer, "/lists/dead/1", on="/lists/dead/1").status_code == 303
    assert not members.people(rt.db, list_id)[0].dead


def test_who_only_answers_may_look_and_no_more(app, rt, officer, list_id):
    person = add(officer, list_id).location
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert staff.get(person).status_code == 200
    for path in (f"{person}/remove", f"/lists/{list_id}/people/new", f"/lists/{list_id}/name", "/lists/new"):
        assert staff.get(path).status_code == 403
