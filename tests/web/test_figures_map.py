"""The page with the map: what is drawn is what its table says, hidden where few could be told, and a file as well."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from campaigns import maps
from db.tables import response_counts, wave_tally, waves
from tests.conftest import NOW
from tests.web.doors import words

PATH = "/figures/map"


@pytest.fixture
def counted(rt):
    """A wave to three communes of one former district and one each of two others: 500, 400, 300, 5 and 200 messages."""
    spots = maps.spots(rt.db)
    home = [spot for spot in spots if spot.district == spots[0].district][:3]
    away = next(spot for spot in spots if spot.district not in ("", spots[0].district))
    third = next(spot for spot in spots if spot.district not in ("", spots[0].district, away.district))
    places = [*home, away, third]
    with rt.db.transaction() as c:
        template = dict(c.execute(waves.select().limit(1)).mappings().one())
        template |= {"id": 900, "name": "Đợt vẽ bản đồ", "status": "finished", "opened_at": NOW, "finished_at": NOW}
        c.execute(insert(waves).values(**template))
        for spot, delivered, lost in zip(places, (450, 200, 297, 4, 100), (50, 200, 3, 1, 100), strict=True):
            for status, n in (("delivered", delivered), ("undelivered", lost), ("skipped", 7)):
                row = {"wave_id": 900, "area": spot.code, "status": status, "reason": "", "n": n}
                c.execute(insert(wave_tally).values(**row))
        c.execute(insert(response_counts).values(wave_id=900, area=home[0].code, kind="asked", n=40))
    return places


def table(browser, **asked):
    query = {"as": "csv", "wave": 900, **asked}
    answer = browser.get(PATH, query_string=query)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    return {row[0]: row[1:] for row in rows[2:]}


def dots(page):
    return re.findall(r'<circle class="point (\w+)"[^>]*aria-label="([^"]*)"', page)


def test_before_any_wave_began_the_page_says_so(officer):
    page = words(officer.get(PATH + "?period=2026-10"))
    assert "Chưa có gì để vẽ" in page


def test_what_is_drawn_is_what_the_table_says(officer, counted):
    page = officer.get(PATH + "?wave=900").get_data(as_text=True)
    drawn = {label.partition(":")[0]: (step, label) for step, label in dots(page)}
    rows = table(officer, table="communes")
    assert drawn[counted[1].name][0] in ("m1", "m2", "m3", "m4", "m5")
    assert "50%" in drawn[counted[1].name][1].replace("\xa0", "")
    assert rows[counted[1].name][1:3] == ["200", "400"]
    assert "200 trong 400" in drawn[counted[1].name][1]
    assert set(drawn) == {spot.name for spot in counted}


def test_few_people_are_neither_drawn_nor_written(officer, counted):
    page = officer.get(PATH + "?wave=900").get_data(as_text=True)
    drawn = {label.partition(":")[0]: (step, label) for step, label in dots(page)}
    few, alone = counted[2].name, counted[3].name
    assert drawn[alone][0] == "shut"
    assert drawn[few][0] == "shut"
    rows = table(officer, table="communes")
    assert rows[few][1] == "đã ẩn"
    assert rows[alone][1] == "đã ẩn"
    assert not re.search(r"\b297\b", words(officer.get(PATH + "?wave=900")))


def test_former_districts_do_not_give_away_what_communes_hide(officer, counted):
    rows = table(officer, table="districts")
    assert rows[counted[3].district][:2] == ["đã ẩn", "đã ẩn"]
    assert rows[counted[4].district][:2] == ["đã ẩn", "đã ẩn"], "the rest of the whole would tell the other"
    assert rows[counted[0].district][:2] == ["947", "1200"]
    page = officer.get(PATH + "?wave=900&by=districts").get_data(as_text=True)
    assert sorted(step == "shut" for step, _label in dots(page)) == [False, True, True]


def test_a_period_is_all_waves_that_began_in_it(officer, counted):
    rows = table(officer, wave="", period="30", what="delivered", table="communes")
    assert counted[0].name in rows


def test_before_the_first_wave_of_a_month_the_month_before_is_shown(officer, rt, counted):
    before = (NOW.replace(day=1) - timedelta(days=3)).replace(hour=3)
    with rt.db.transaction() as c:
        c.execute(waves.update().values(opened_at=before))
    page = officer.get(PATH).get_data(as_text=True)
    assert {label.partition(":")[0] for _step, label in dots(page)} >= {spot.name for spot in counted}
    assert f"{before:%-m/%Y}" in words(officer.get(PATH))
    assert "Chưa có gì để vẽ" in words(officer.get(f"{PATH}?period={NOW:%Y-%m}")), "asked for, it is this one"


def test_what_people_did_is_called_no_proof(officer, counted):
    page = words(officer.get(PATH + "?wave=900&what=asked"))
    assert "không chứng minh" in page
    assert "không chứng minh" not in words(officer.get(PATH + "?wave=900"))


@pytest.mark.parametrize(
    "query",
    ["wave=99999", "wave=x", "wave=", "wave=²", "what=nonsense", "period=0", "period=2026-13", "period=3650",
     "period=2031-01", "by=nonsense", "days=-1"],
)  # fmt: skip
def test_nonsense_in_the_address_is_passed_over(officer, query):
    assert officer.get(f"{PATH}?{query}").status_code == 200


def test_a_provinces_outlines_are_drawn_below(officer, rt, counted):
    spot = counted[0]
    ring = [[spot.lon, spot.lat], [spot.lon + 0.2, spot.lat], [spot.lon, spot.lat + 0.2], [spot.lon, spot.lat]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    file = {"type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {"code": spot.code}, "geometry": shape}]}  # fmt: skip
    assert 'class="land"' not in officer.get(PATH + "?wave=900").get_data(as_text=True)
    maps.load(rt.db, rt.settings.data_dir, json.dumps(file).encode())
    assert officer.get(PATH + "?wave=900").get_data(as_text=True).count('class="land"') == 1


def test_who_has_not_signed_in_sees_no_map(visitor):
    assert visitor.get(PATH).status_code in (302, 303)
