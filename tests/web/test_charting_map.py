"""The map of dots: north is up, size is people, colour is the share, and everybody can tell the colours apart."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

import web
from campaigns.figures.intervals import Rate
from campaigns.figures.masking_rates import Shown
from campaigns.maps import Outline, Spot
from web.charting_map import ALL, LARGEST, MARGIN, SMALLEST, STEPS, WIDE, Scale, districts_of, dot_map, scale

WEST = Spot("1", "Xã Tây", "Huyện Kỳ Sơn", 19.4, 104.0)
EAST = Spot("2", "Xã Đông", "Huyện Diễn Châu", 19.0, 105.6)
NORTH = Spot("3", "Xã Bắc", "Huyện Quế Phong", 19.8, 105.0)
SPOTS = [WEST, EAST, NORTH]
CSS = (Path(__file__).parent.parent.parent / "web" / "static" / "app.css").read_text()


@pytest.fixture(autouse=True, scope="module")
def reader(house):
    with web.create_app(house).test_request_context("/?lang=vi"):
        yield


def places(values=(), **more):
    return {dot.words.partition(":")[0]: dot for dot in dot_map("Bản đồ", SPOTS, dict(values), **more).dots}


def test_places_stand_as_on_a_map_and_within_it():
    there = places()
    assert there["Xã Tây"].x == MARGIN
    assert there["Xã Đông"].x == WIDE - MARGIN
    assert there["Xã Bắc"].y == MARGIN
    assert there["Xã Bắc"].y < there["Xã Tây"].y < there["Xã Đông"].y


def test_the_area_of_a_dot_is_its_people():
    there = places({"1": Shown(50, 400), "2": Shown(50, 100), "3": Shown(None, None)})
    assert there["Xã Tây"].r == LARGEST
    assert there["Xã Đông"].r == LARGEST / 2
    assert there["Xã Bắc"].r == SMALLEST


@pytest.mark.parametrize(
    ("shown", "step"),
    [
        (Shown(0, 0), None), (Shown(0, 10), 1), (Shown(1, 1000), 1), (Shown(2, 10), 1), (Shown(3, 10), 2),
        (Shown(9, 10), 5), (Shown(10, 10), 5), (Shown(None, 50), 0), (Shown(None, None), 0),
    ],
)  # fmt: skip
def test_five_steps_one_for_what_is_hidden_and_none_for_nobody(shown, step):
    assert places({"1": shown}, steps=ALL)["Xã Tây"].step == step


def test_what_is_hidden_is_not_in_its_words():
    there = places({"1": Shown(None, 523), "2": Shown(None, None), "3": Shown(40, 80)})
    assert there["Xã Tây"].words == "Xã Tây: đã ẩn, trong 523"
    assert there["Xã Đông"].words == "Xã Đông: đã ẩn"
    assert there["Xã Bắc"].words.replace("\xa0", "") == "Xã Bắc: 50% (40 trong 80; 39–61%)"


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.02, 0.004, 0.0], "0–0,5%"), ([0.93, 0.96, 0.98], "93–94%"), ([0.2, 0.9], "0–20%"), ([], "0–20%"),
        ([0.0], "0–20%"), ([1.0, 1.0], "95–96%"), ([0.5], "50–51%"),
    ],
)  # fmt: skip
def test_the_scale_tells_apart_what_is_there(shares, words):
    rates = [Rate(round(share * 1000), 1000) for share in shares]
    found = scale(rates)
    assert found.words[0].replace("\xa0", "") == words
    assert found.low <= min(shares, default=0) + 1e-9
    assert found.low + STEPS * found.step >= max(shares, default=0) - 1e-9
    assert found.low + STEPS * found.step <= 1 + 1e-9
    assert all(1 <= found.of(rate) <= STEPS for rate in rates)
    assert len(set(found.words)) == STEPS


def test_a_map_nobody_is_counted_on_is_not_drawn():
    assert not dot_map("x", SPOTS, {})
    assert not dot_map("x", [], {"1": Shown(1, 1)})
    assert dot_map("x", SPOTS, {"1": Shown(0, 50)})
    assert dot_map("x", [WEST], {"1": Shown(10, 50)}).height == 2 * MARGIN, "one place alone"


def test_names_of_former_districts_leave_each_other_room():
    near = Spot("4", "Xã Gần", "Thị xã Hoàng Mai", 19.01, 105.59)
    names = [name for _x, _y, name, _anchor in dot_map("x", [*SPOTS, near, near], {}).names]
    assert sorted(names) == ["Hoàng Mai", "Kỳ Sơn", "Quế Phong"], "of two that meet the larger district is named"


def test_a_former_district_stands_amid_its_communes():
    south = Spot("5", "Xã Nam", "Huyện Kỳ Sơn", 19.2, 104.4)
    (found,) = [spot for spot in districts_of([*SPOTS, south]) if spot.name == "Huyện Kỳ Sơn"]
    assert (found.lat, found.lon) == (pytest.approx(19.3), pytest.approx(104.2))


def test_outlines_lie_on_the_same_sheet():
    ring = [(103.9, 18.9), (105.7, 18.9), (105.7, 19.9), (103.9, 18.9)]
    drawn = dot_map("x", SPOTS, {"1": Shown(10, 50)}, outlines=[Outline("1", [ring])])
    numbers = [float(text) for text in re.findall(r"[\d.]+", drawn.shapes[0])]
    assert max(numbers[0::2]) == WIDE - MARGIN
    assert all(MARGIN <= x <= WIDE - MARGIN for x in numbers[0::2])
    assert all(MARGIN <= y <= drawn.height - MARGIN for y in numbers[1::2])
    assert all(MARGIN < dot.x < WIDE - MARGIN for dot in drawn.dots), "dots move with the outlines"


def test_steps_are_what_the_legend_says():
    assert Scale(0.9, 0.02).of(Rate(900, 1000)) == 1
    assert Scale(0.9, 0.02).of(Rate(921, 1000)) == 2
    assert Scale(0.9, 0.02).of(Rate(1000, 1000)) == 5


# -- colours


def colours(dark):
    """Name → (r, g, b) from 0 to 1, as app.css has them."""
    light, night = (block for block in re.findall(r":root \{(.*?)\}", CSS, re.S)[:2])
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", night)) if dark else {}
    return {name: tuple(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)) for name, text in found.items()}


def linear(colour):
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]


def contrast(a, b):
    """WCAG 2."""
    bright, dim = sorted((sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (a, b)),
                         reverse=True)  # fmt: skip
    return (bright + 0.05) / (dim + 0.05)


#: Machado, Oliveira, Fernandes (IEEE TVCG 15, 2009), severity 1, on linear RGB.
SEES = {
    "everything": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def lab(colour, eyes):
    """CIE L*a*b* of what these eyes see."""
    seen = [min(max(sum(w * p for w, p in zip(row, linear(colour), strict=True)), 0), 1) for row in SEES[eyes]]
    xyz = [sum(w * p for w, p in zip(row, seen, strict=True)) for row in XYZ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in
               (v / white for v, white in zip(xyz, (0.9505, 1.0, 1.089), strict=True)))  # fmt: skip
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(a, b, eyes):
    return sum((p - q) ** 2 for p, q in zip(lab(a, eyes), lab(b, eyes), strict=True)) ** 0.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("eyes", SEES)
def test_the_steps_of_the_scale_are_told_apart_by_whoever_looks(dark, eyes):
    tones = [colours(dark)[f"map-{step}"] for step in range(1, STEPS + 1)]
    assert all(apart(a, b, eyes) > 10 for a, b in pairwise(tones))
    depths = [lab(tone, eyes)[0] for tone in tones]
    assert depths == sorted(depths, reverse=not dark), "the more the further from the paper, in grey too"
    assert all(abs(a - b) > 8 for a, b in pairwise(depths))


@pytest.mark.parametrize("dark", [False, True])
def test_every_mark_stands_out_from_the_paper(dark):
    there = colours(dark)
    assert contrast(there["edge"], there["paper"]) >= 3, "the line around each dot"
    assert contrast(there["quiet"], there["paper"]) >= 4.5, "the words at the axes"
    assert contrast(there["bar-1"], there["paper"]) >= 3
    assert contrast(there["info"], there["paper"]) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("eyes", SEES)
def test_parts_of_a_column_and_two_lines_are_told_apart(dark, eyes):
    there = colours(dark)
    assert apart(there["bar-1"], there["info"], eyes) > 10
    assert apart(there["bar-1"], there["bar-2"], eyes) > 10
    assert apart(there["bar-2"], there["bar-3"], eyes) > 10
