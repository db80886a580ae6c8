"""The map of dots: north is up, east is right, the fuller the deeper, names where there is room."""

import pytest

from campaigns.maps import Spot
from web.charts import MARGIN, WIDE, dot_map

WEST = Spot("1", "Xã Tây", "Huyện Kỳ Sơn", 19.4, 104.0)
EAST = Spot("2", "Xã Đông", "Huyện Diễn Châu", 19.0, 105.6)
NORTH = Spot("3", "Xã Bắc", "Huyện Quế Phong", 19.8, 105.0)


def places(shares=()):
    return {dot.words: dot for dot in dot_map([WEST, EAST, NORTH], dict(shares)).dots}


def test_places_stand_as_on_a_map_and_within_it():
    there = places()
    assert there["Xã Tây"].x == MARGIN
    assert there["Xã Đông"].x == WIDE - MARGIN
    assert there["Xã Bắc"].y == MARGIN
    assert there["Xã Bắc"].y < there["Xã Tây"].y < there["Xã Đông"].y


@pytest.mark.parametrize(
    ("n", "whole", "step"), [(0, 0, None), (0, 10, 0), (1, 1000, 1), (2, 10, 1), (3, 10, 2), (9, 10, 5), (10, 10, 5)]
)
def test_five_steps(n, whole, step):
    assert places({"1": (n, whole)})["Xã Tây"].step == step


def test_a_map_nobody_is_counted_on_is_not_drawn():
    assert not dot_map([WEST, EAST], {})
    assert not dot_map([], {"1": (1, 1)})
    assert dot_map([WEST, EAST], {"1": (0, 5)})


def test_names_of_former_districts_leave_each_other_room():
    near = Spot("4", "Xã Gần", "Thị xã Hoàng Mai", 19.01, 105.59)
    names = [name for _x, _y, name, _anchor in dot_map([WEST, EAST, NORTH, near, near], {}).names]
    assert sorted(names) == ["Hoàng Mai", "Kỳ Sơn", "Quế Phong"], "of two that meet the larger district is named"
