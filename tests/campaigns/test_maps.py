"""Where communes lie, and where numbers came from."""

from datetime import UTC, datetime

import pytest

from campaigns import areas, maps, sources
from db.tables import imports
from tests import make

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def test_every_commune_of_the_province_has_its_place_and_its_former_district(db):
    areas.load_units(db, now=NOW)
    spots = maps.spots(db)
    assert len(spots) == 130
    assert all(18.4 < spot.lat < 20.1 and 103.8 < spot.lon < 105.9 for spot in spots)
    assert all(spot.district for spot in spots)
    thanh_vinh = next(spot for spot in spots if spot.code == "16681")
    assert (thanh_vinh.name, thanh_vinh.district) == ("Phường Thành Vinh", "Thành phố Vinh")


def test_a_commune_without_a_place_is_on_no_map(db):
    make.area(db, "99999")
    assert maps.spots(db) == []


@pytest.mark.parametrize(("limit", "expected"), [(9, ["xã B", "xã A"]), (1, ["xã B"])])
def test_sources_are_told_once_the_latest_first(db, limit, expected):
    list_id = make.a_list(db, "một", [])
    common = {"list_id": list_id, "filename": "f", "stored_as": "s", "created_at": NOW}
    with db.transaction() as c:
        for source in ("xã A", "xã B", "xã A", "xã B"):
            c.execute(imports.insert().values(source=source, **common))
    assert sources.newest(db, limit) == expected
