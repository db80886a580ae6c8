"""A province's own GeoJSON: taken when it fits, refused with one sentence when it does not."""

import json

import pytest

from campaigns import maps, outlines
from campaigns.areas import ensure_loaded
from messages.errors import Mistake


@pytest.fixture
def province(sqlite_db, now):
    ensure_loaded(sqlite_db, now=now)
    return sqlite_db


def square(lon, lat, size=0.05, corners=4):
    side = [(i / corners) for i in range(corners)]
    ring = [(lon + size * t, lat) for t in side] + [(lon + size, lat + size * t) for t in side]
    ring += [(lon + size * (1 - t), lat + size) for t in side] + [(lon, lat + size * (1 - t)) for t in side]
    return [*map(list, ring), list(ring[0])]


def feature(ring, kind="Polygon", **properties):
    there = [ring] if kind == "Polygon" else [[ring]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": there}}


def file(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def test_outlines_are_matched_thinned_and_kept(province, tmp_path):
    first, second, third, *_ = maps.spots(province)
    found = maps.load(province, tmp_path, file(
        feature(square(first.lon, first.lat, corners=50), Ma=first.code),
        feature(square(second.lon, second.lat), "MultiPolygon", TEN_XA=second.name.upper()),
        feature(square(third.lon, third.lat), name="Xã Không Có Thật"),
    ))  # fmt: skip
    assert found.province == "40"
    assert [outline.code for outline in found.outlines] == sorted([first.code, second.code])
    assert found.unmatched == ["Xã Không Có Thật"]
    kept = maps.kept_outlines(tmp_path)
    assert kept == [outlines.Outline(each.code, [list(map(tuple, ring)) for ring in each.rings])
                    for each in found.outlines]  # fmt: skip
    assert all(len(ring) == 5 for outline in kept for ring in outline.rings), "a square has four corners"


def test_a_later_file_takes_the_place_of_an_earlier_one(province, tmp_path):
    first, second, *_ = maps.spots(province)
    for spot in (first, second):
        maps.load(province, tmp_path, file(feature(square(spot.lon, spot.lat), code=spot.code)))
        assert [outline.code for outline in maps.kept_outlines(tmp_path)] == [spot.code]


def test_a_map_of_many_corners_is_thinned_to_what_is_drawn(province, tmp_path):
    def jagged(spot):
        edge = [[spot.lon + 0.03 * (i % 2) + i / 5000, spot.lat + i / 4000] for i in range(400)]
        return [*edge, edge[0]]

    spots = maps.spots(province)[:40]
    found = maps.load(province, tmp_path, file(*(feature(jagged(spot), code=spot.code) for spot in spots)))
    assert found.corners <= outlines.MOST_KEPT
    assert len(found.outlines) == len(spots)


GOOD = square(105.0, 19.0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "maps-unreadable"),
        (b"\xff\xfe{", "maps-unreadable"),
        (b"[" * 100_000, "maps-unreadable"),
        (b"[]", "maps-collection"),
        (b'{"type": "FeatureCollection"}', "maps-collection"),
        (b'{"type": "FeatureCollection", "features": []}', "maps-collection"),
        (b'{"type": "FeatureCollection", "features": [1]}', "maps-collection"),
        (b'{"type": "Topology", "objects": {}}', "maps-collection"),
        (file({"type": "Feature", "properties": {}, "geometry": None}), "maps-geometry"),
        (file({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}), "maps-geometry"),
        (file({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}), "maps-geometry"),
        (file({"type": "Feature", "geometry": {"type": "Polygon"}}), "maps-geometry"),
        (file(feature([["a", "b"]] * 4)), "maps-geometry"),
        (file(feature([[105.0, None]] * 4)), "maps-geometry"),
        (file(feature([[105.0, 19.0]] * 3)), "maps-geometry"),
        (file(feature(GOOD)).replace(b"105.0,", b"NaN,"), "maps-geometry"),
        (file(feature(GOOD)).replace(b"105.0,", b"1e999,"), "maps-geometry"),
        (file(feature(GOOD, name="Xã Không Có Thật")), "maps-names"),
        (file(feature(GOOD, name=["Vinh"])), "maps-names"),
        (file({**feature(GOOD), "properties": "Vinh"}), "maps-names"),
    ],
)
def test_rubbish_is_refused_with_a_sentence(province, tmp_path, content, code):
    with pytest.raises(Mistake) as refused:
        maps.load(province, tmp_path, content)
    assert refused.value.code == code
    assert refused.value.sentence("vi")
    assert not maps.kept_outlines(tmp_path)


@pytest.mark.parametrize("move", [lambda lon, lat: (lat, lon), lambda lon, lat: (lon * 5000, lat * 111_000)])
def test_metres_or_north_before_east_are_refused(province, tmp_path, move):
    spot = maps.spots(province)[0]
    moved = [list(move(*point)) for point in square(spot.lon, spot.lat)]
    with pytest.raises(Mistake, match="maps-elsewhere"):
        maps.load(province, tmp_path, file(feature(moved, code=spot.code)))


def test_a_file_too_large_is_not_read(province, tmp_path, monkeypatch):
    monkeypatch.setattr(outlines, "MOST_BYTES", 10)
    with pytest.raises(Mistake, match="maps-too-large"):
        maps.load(province, tmp_path, file(feature(GOOD)))


def test_a_file_somebody_spoilt_draws_nothing(province, tmp_path):
    (tmp_path / maps.FOLDER).mkdir()
    (tmp_path / maps.FOLDER / "40.geojson").write_text('{"features": [{}]}')
    assert maps.kept_outlines(tmp_path) == []
