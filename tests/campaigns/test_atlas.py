"""The map for pages: how many people live where, places found by the names they have and had."""

import pytest

from campaigns import areas, atlas
from messages.errors import Mistake
from tests import make
from tests.make import NOW

YEN_THANH, DONG_THANH, VINH = "17506", "17530", "16681"
DISTRICT, CITY, PROVINCE = "426", "412", "40"


@pytest.fixture
def mapped(db):
    areas.load_units(db, now=NOW)
    return db


@pytest.fixture
def lived_in(mapped):
    make.people(mapped, 1, first=1, area=YEN_THANH, former_district=DISTRICT)
    make.people(mapped, 2, first=11, area=DONG_THANH)  # only today's commune is known
    make.people(mapped, 4, first=21, former_district=DISTRICT)  # only the former district is known
    make.people(mapped, 8, first=31, area=VINH, former_district=CITY)
    make.people(mapped, 16, first=51)
    return mapped


def test_people_by_place(lived_in):
    found = atlas.atlas(lived_in)
    assert (found.people, found.nowhere) == (31, 16)
    [province] = found.provinces
    assert (province.people, len(province.districts), len(province.communes)) == (15, 20, 130)
    districts = {district.unit.code: district for district in province.districts}
    assert (districts[DISTRICT].people, districts[DISTRICT].without_commune) == (7, 4)
    assert {spot.unit.code: spot.people for spot in districts[DISTRICT].communes if spot.people} == {
        YEN_THANH: 1, DONG_THANH: 2,
    }  # fmt: skip
    assert sum(len(district.communes) for district in province.districts) == 130
    assert province.communes[0].unit.name.startswith("Phường")


def test_an_empty_map(db):
    assert atlas.atlas(db).provinces == []


@pytest.mark.parametrize(
    ("code", "people", "units", "made_of"),
    [(PROVINCE, 15, 130, 0), (DISTRICT, 7, 9, 1), (YEN_THANH, 1, 0, 1), (DONG_THANH, 2, 0, 1), ("16936-2025", 0, 0, 0)],
)
def test_one_place(lived_in, code, people, units, made_of):
    place = atlas.show(lived_in, code)
    assert (place.people, len(place.units)) == (people, units)
    assert (len(place.made_of) > 0) == (made_of > 0)


def test_a_commune_says_what_it_was(lived_in):
    place = atlas.show(lived_in, DONG_THANH)
    assert "Xã Đô Thành" in {unit.name for unit in place.made_of}
    assert (place.district.name, place.province.name) == ("Huyện Yên Thành", "Tỉnh Nghệ An")


def test_the_lists_of_a_place(lived_in):
    assert atlas.show(lived_in, DONG_THANH).lists == []
    one = make.a_list(lived_in, "A", [1, 2])  # one in Yên Thành, one in Đông Thành
    other = make.a_list(lived_in, "B", [2, 3, 20])
    assert atlas.show(lived_in, YEN_THANH).lists == [(one, "A", 1)]
    assert atlas.show(lived_in, DISTRICT).lists == [(one, "A", 2), (other, "B", 2)]
    assert atlas.show(lived_in, PROVINCE).lists == []


def test_a_former_commune_says_what_it_is(lived_in):
    [found] = atlas.search(lived_in, "do thanh")[:1]
    place = atlas.show(lived_in, found.unit.code)
    assert (place.today.name, place.district.name) == ("Xã Đông Thành", "Huyện Yên Thành")


def test_no_such_place(mapped):
    with pytest.raises(Mistake) as mistake:
        atlas.show(mapped, "1")
    assert mistake.value.code == "area-unknown"


@pytest.mark.parametrize(
    ("text", "first", "today"),
    [
        ("do thanh", "Xã Đô Thành", "Xã Đông Thành"),
        ("Đô Thành", "Xã Đô Thành", "Xã Đông Thành"),
        ("xa do thanh", "Xã Đô Thành", "Xã Đông Thành"),
        ("huyện yên thành", "Huyện Yên Thành", None),
        ("17506", "Xã Yên Thành", None),
        ("nghe an", "Tỉnh Nghệ An", None),
    ],
)
def test_found_by_old_and_new_names(mapped, text, first, today):
    found = atlas.search(mapped, text)[0]
    assert (found.unit.name, found.today and found.today.name) == (first, today)


def test_a_part_of_a_name_is_enough(mapped):
    names = [found.unit.name for found in atlas.search(mapped, "yen th")]
    assert names[0] == "Huyện Yên Thành" and "Xã Yên Thành" in names
    assert len(atlas.search(mapped, "xa")) == atlas.MOST_FOUND
    assert atlas.search(mapped, "  ") == atlas.search(mapped, "không có nơi này") == []
