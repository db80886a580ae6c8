"""`maps load` as a script meets it."""

import json

import pytest
from click.testing import CliRunner

from campaigns.areas import NGHE_AN
from cli.commands import commands

UNITS = json.loads(NGHE_AN.read_text(encoding="utf-8"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    return lambda *arguments: CliRunner().invoke(commands, ["maps", *map(str, arguments)])


def a_map(folder, *names):
    unit = next(each for each in UNITS["communes"] if each.get("lat"))
    ring = [[unit["lon"], unit["lat"]], [unit["lon"] + 0.1, unit["lat"]], [unit["lon"], unit["lat"] + 0.1]]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    features = [{"type": "Feature", "properties": {"name": name or unit["name"]}, "geometry": shape} for name in names]
    file = folder / "xa.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def test_outlines_are_kept_beside_the_data(run, tmp_path):
    loaded = run("load", a_map(tmp_path, "", "Xã Lạ"), "--json")
    assert loaded.exit_code == 0, loaded.stderr
    assert json.loads(loaded.stdout) == {"province": "40", "units": 1, "corners": 4, "unmatched": ["Xã Lạ"]}
    assert (tmp_path / "data" / "maps" / "40.geojson").is_file()
    assert "Bỏ qua 1 vùng" in run("load", a_map(tmp_path, "", "Xã Lạ")).stdout


def test_another_file_is_refused_in_one_sentence(run, tmp_path):
    refused = run("load", a_map(tmp_path, "Xã Lạ"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Chỉ 0 trong 1 vùng" in refused.stderr
    assert not (tmp_path / "data" / "maps").exists()
