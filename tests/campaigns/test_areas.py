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
