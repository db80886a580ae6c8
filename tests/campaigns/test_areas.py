"""Units in the database: loaded, loaded again, found, shown as a tree."""

import json
from collections import Counter

import pytest
from sqlalchemy import select, update

from campaigns import areas
from db.tables import areas as table
from messages.errors import Mistake


@pytest.fixture
def loaded(db, now):
    areas.load_units(db, now=now)
    return db


def test_every_unit_is_there_once(loaded, now):
    with loaded.reading() as c:
        rows = c.execute(select(table)).all()
    # one province, 20 districts, 130 communes and wards (119 + 11), 412 communes that were
    levels = Counter(row.level for row in rows)
    assert levels == {"province": 1, "former-district": 20, "commune": 130, "former-commune": 412}
    kinds = Counter(row.name.split(" ")[0] for row in rows if row.level == "commune")
    assert kinds == {"Xã": 119, "Phường": 11}
    assert areas.load_units(loaded, now=now) == 0


def test_every_former_commune_leads_to_a_commune_of_the_same_former_district(loaded):
    with loaded.reading() as c:
        rows = {row.code: row for row in c.execute(select(table))}
    former = [row for row in rows.values() if row.level == "former-commune"]
    assert all(rows[row.now].level == "commune" for row in former)
    assert all(rows[row.now].former_district == row.former_district for row in former)
    assert {row.now for row in former} == {row.code for row in rows.values() if row.level == "commune"}


def test_a_changed_file_changes_only_what_it_changes(loaded, now, tmp_path):
    file = json.loads(areas.NGHE_AN.read_text(encoding="utf-8"))
    file["communes"][0]["name"] = "Phường Tên Mới"
    path = tmp_path / "units.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    assert areas.load_units(loaded, path, now=now) == 1
    with loaded.reading() as c:
        assert areas.names(c)[file["communes"][0]["code"]] == "Phường Tên Mới"


def test_ensure_loaded_leaves_what_is_there(loaded, now):
    with loaded.transaction() as c:
        c.execute(update(table).where(table.c.code == "426").values(name="Huyện khác"))
    areas.ensure_loaded(loaded, now=now)
    with loaded.reading() as c:
        assert areas.names(c)["426"] == "Huyện khác"


def test_the_tree_groups_by_former_district(loaded):
    tree = areas.tree(loaded)
    assert len(tree) == 20
    assert sum(len(branch.communes) for branch in tree) == 130
    yen_thanh = next(branch for branch in tree if branch.district.code == "426")
    assert (len(yen_thanh.communes), len(yen_thanh.former_communes)) == (9, 32)


@pytest.mark.parametrize(("text", "code"), [("426", "426"), ("huyện yên thành", "426"), ("do luong", None)])
def test_find(loaded, text, code):
    with loaded.reading() as c:
        if code:
            assert areas.find(c, text).code == code
        else:
            with pytest.raises(Mistake) as mistake:
                areas.find(c, text)
            # both the former district and today's commune: the person decides
            assert mistake.value.code == "area-ambiguous"
            assert "427 Huyện Đô Lương" in mistake.value.sentence("vi")


def test_find_nothing(loaded):
    with loaded.reading() as c, pytest.raises(Mistake) as mistake:
        areas.find(c, "Hà Nội")
    assert mistake.value.code == "area-unknown"


def another_province(**changes) -> bytes:
    file = {
        "province": {"code": "42", "name": "Tỉnh Hà Tĩnh"},
        "former_districts": [{"code": "436", "name": "Thành phố Hà Tĩnh", "valid_to": "2025-06-30"}],
        "communes": [{"code": "18073", "name": "Phường Thành Sen", "former_district": "436", "lat": 18.3}],
        "former_communes": [
            {"code": "18070", "name": "Phường Bắc Hà", "former_district": "436", "now": "18073",
             "valid_to": "2025-06-30"},
        ],
    }  # fmt: skip
    return json.dumps({**file, **changes}).encode()


def test_another_province_loads_the_same_way(loaded, now):
    found = areas.load(loaded, another_province(), name="ha-tinh.json", by=3, now=now)
    assert (found.province, found.units, found.added, found.changed) == ("Tỉnh Hà Tĩnh", 4, 4, 0)
    assert areas.load(loaded, another_province(), name="ha-tinh.json", by=3, now=now).added == 0
    with loaded.reading() as c:
        assert areas.find(c, "bac ha").now == "18073"
        assert areas.resolver(c).resolve("Hà Tĩnh", "Bắc Hà").area == "18073"
        assert areas.home(c, "bac ha") == {"area": "18073", "former_district": "436", "former_commune": "18070-2025"}
        assert areas.home(c, "thanh pho ha tinh") == {"former_district": "436"}
        assert areas.home(c, "tinh ha tinh") == areas.home(c, " ") == {}


COMMUNE = {"code": "18073", "name": "Phường Thành Sen"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "units-unreadable"),
        (b"code;name", "units-unreadable"),
        (b"[]", "units-part"),
        (another_province(province="42"), "units-part"),
        (another_province(communes=None), "units-part"),
        (another_province(communes=[], former_communes=[]), "units-part"),
        (another_province(communes=["18073"]), "units-unit"),
        (another_province(communes=[{"code": 18073, "name": "x"}]), "units-unit"),
        (another_province(communes=[{"code": "18073", "name": " "}]), "units-unit"),
        (another_province(communes=[{**COMMUNE, "lat": "18"}]), "units-unit"),
        (another_province(communes=[{**COMMUNE, "valid_from": "1/7/2025"}]), "units-unit"),
        (another_province(former_communes=[{**COMMUNE, "now": "18073"}]), "units-unit"),
        (another_province(communes=[COMMUNE, COMMUNE]), "units-twice"),
        (another_province(communes=[{**COMMUNE, "former_district": "1"}]), "units-nowhere"),
        (another_province(former_districts=[]), "units-nowhere"),
        (another_province(communes=[{**COMMUNE, "code": "17506"}], former_communes=[]), "units-taken"),
    ],
)
def test_a_file_that_cannot_be_loaded_changes_nothing(loaded, now, content, code):
    with pytest.raises(Mistake) as mistake:
        areas.load(loaded, content, name="x.json", by=None, now=now)
    assert mistake.value.code == code
    assert mistake.value.sentence("vi") != mistake.value.sentence("en")
    with loaded.reading() as c:
        assert len(areas.names(c)) == 563
