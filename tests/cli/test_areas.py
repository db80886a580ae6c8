"""`areas load` and `areas find` as a script meets them."""

import json

import pytest
from click.testing import CliRunner

from campaigns.areas import NGHE_AN
from cli.commands import commands


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    return lambda *arguments: CliRunner().invoke(commands, ["areas", *map(str, arguments)])


def test_a_province_is_loaded_once(run):
    first = run("load", NGHE_AN, "--json")
    assert first.exit_code == 0, first.stderr
    assert json.loads(first.stdout) == {"province": "Tỉnh Nghệ An", "units": 563, "added": 563, "changed": 0}
    assert run("load", NGHE_AN).stdout == "Tỉnh Nghệ An: tệp có 563 đơn vị; thêm 0, sửa 0.\n"


def test_a_file_of_another_shape_is_one_sentence(run, tmp_path):
    (tmp_path / "x.json").write_text('{"province": {"code": "1", "name": "x"}}')
    refused = run("load", tmp_path / "x.json")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "former_districts" in refused.stderr


def test_found_by_an_old_name(run):
    found = json.loads(run("find", "do thanh", "--json").stdout)
    assert found == [{
        "code": "17527-2025", "name": "Xã Đô Thành", "level": "former-commune",
        "today": {"code": "17530", "name": "Xã Đông Thành"},
        "former_district": {"code": "426", "name": "Huyện Yên Thành"},
    }]  # fmt: skip
    assert run("find", "do thanh").stdout == "17527-2025\tXã Đô Thành → Xã Đông Thành, Huyện Yên Thành\n"
    assert "Không có nơi nào" in run("find", "Hà Nội").stdout
