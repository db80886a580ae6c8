"""Lists: made, counted, shown masked, forgotten."""

import unicodedata

import pytest
from sqlalchemy import func, select

from campaigns import areas, consent, imports, lists
from campaigns.masking import masked
from db.tables import contacts, import_refusals, list_members
from db.tables import imports as imports_table
from messages.errors import Mistake
from tests.campaigns.uploading import receive, take_in

PEOPLE = """Họ tên,SĐT,Huyện,Xã,Ngôn ngữ
Nguyễn Văn A,0912345678,Yên Thành,Đô Thành,vi
Trần Thị B,0356123456,Yên Thành,Đô Thành,en
Lê C,0912345680,Yên Thành,,
Phạm D,+447911123400,,,en
"""


@pytest.fixture
def a_list(db, tmp_path, now):
    take_in(db, tmp_path, PEOPLE, now, list_name="Yên Thành")
    return lists.show(db, "Yên Thành").id


def test_figures(db, a_list):
    figures = lists.show(db, "Yên Thành")
    assert figures.people == 4
    assert [(area.code, area.name, area.former_district, area.people) for area in figures.by_area] == [
        ("17530", "Xã Đông Thành", "Huyện Yên Thành", 2),
        (None, None, "Huyện Yên Thành", 1),
        (None, None, None, 1),
    ]
    assert figures.by_language == {"en": 2, "vi": 2}
    assert figures.by_carrier == {"Vinaphone": 2, "Viettel": 1, "unknown": 1}
    assert (figures.made_up, figures.opted_out) == (0, 0)


def test_an_empty_list_has_figures(db, now):
    list_id = lists.create(db, "Trống", by=None, now=now)
    figures = lists.figures(db, list_id)
    assert (figures.people, figures.by_area, figures.by_language, figures.made_up) == (0, (), {}, 0)


@pytest.mark.parametrize("name", ["Yên Thành", "yen thanh", " YÊN  THÀNH ", unicodedata.normalize("NFD", "Yên Thành")])
def test_a_list_is_found_however_its_name_is_typed(db, a_list, name):
    assert lists.show(db, name).id == a_list


@pytest.mark.parametrize("name", ["Yên", "", "'; DROP TABLE lists;--"])
def test_no_such_list(db, a_list, name):
    with pytest.raises(Mistake) as mistake:
        lists.show(db, name)
    assert mistake.value.code == "list-unknown"


def test_of_two_lists_that_fold_alike_the_exact_name_is_meant(db, a_list, now):
    other = lists.create(db, "Yến Thanh", by=None, now=now)
    assert lists.show(db, "Yến Thanh").id == other
    assert lists.show(db, "Yên Thành").id == a_list
    with pytest.raises(Mistake):
        lists.show(db, "yen thanh")


def test_people_are_masked_unless_asked_for_in_full(db, a_list):
    people = lists.people(db, a_list)
    assert [(person.number, person.name) for person in people[:2]] == [
        ("+84 91* *** 678", "Nguyễn Văn A"),
        ("+84 35* *** 456", "Trần Thị B"),
    ]
    assert (people[0].area, people[0].former) == ("Xã Đông Thành", "Xã Đô Thành")
    assert (people[2].area, people[2].former) == (None, "Huyện Yên Thành")
    assert lists.people(db, a_list, in_full=True)[0].number == "+84912345678"


def test_people_come_a_page_at_a_time(db, a_list):
    first = lists.people(db, a_list, size=3)
    assert [person.name for person in first] == ["Nguyễn Văn A", "Trần Thị B", "Lê C"]
    assert [person.name for person in lists.people(db, a_list, after=first[-1].contact_id)] == ["Phạm D"]


def test_who_opted_out_later_is_shown(db, a_list, now):
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index("+84912345678"), channel="sms", now=now)
    assert lists.show(db, "Yên Thành").opted_out == 1
    assert [person.opted_out for person in lists.people(db, a_list)] == [True, False, False, False]


def test_all_lists_with_their_people(db, a_list, now):
    lists.create(db, "An Hòa", by=None, now=now)
    assert sorted((row.name, row.people) for row in lists.all(db)) == [("An Hòa", 0), ("Yên Thành", 4)]


def test_a_list_is_made_once(db, now):
    areas.load_units(db, now=now)
    lists.create(db, "Yên  Thành", area="426", by=None, now=now)
    with pytest.raises(Mistake) as mistake:
        lists.create(db, "Yên Thành", by=None, now=now)
    assert mistake.value.code == "list-name-taken"
    assert lists.all(db)[0].area == "426"


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 121])
def test_names_that_cannot_be_used(db, now, name):
    with pytest.raises(Mistake) as mistake:
        lists.create(db, name, by=None, now=now)
    assert mistake.value.code == "list-name-unusable"


def test_a_forgotten_list_leaves_its_people_and_opt_outs(db, tmp_path, a_list, now):
    take_in(db, tmp_path, "SĐT\nx\n", now, list_name="Yên Thành")
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index("+84912345678"), channel="sms", now=now)
    lists.delete(db, a_list, by=None, now=now)
    with db.reading() as c:
        left = [c.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (contacts, list_members, imports_table, import_refusals)]
        assert left == [4, 0, 0, 0]
        assert consent.is_out(c, db.seal.index("+84912345678"))
    # and imported again, who said stop is still out
    again = take_in(db, tmp_path, PEOPLE, now)
    assert (again.accepted, again.known, again.opted_out) == (3, 3, 1)


def test_a_list_is_not_forgotten_under_an_import(db, tmp_path, now):
    import_id = receive(db, tmp_path, "SĐT\n0912345678\n", now)
    list_id = imports.show(db, import_id).list_id
    with pytest.raises(Mistake) as mistake:
        lists.delete(db, list_id, by=None, now=now)
    assert mistake.value.code == "list-busy"
    with pytest.raises(Mistake):
        lists.delete(db, 99, by=None, now=now)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+84912345678", "+84 91* *** 678"), ("+447911123400", "+44 79* **** 400"), ("+4791234", "+47 91*  234")],
)
def test_masked(number, shown):
    assert masked(number) == shown
