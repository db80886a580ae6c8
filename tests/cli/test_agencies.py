"""`agencies import`, `find` and `show` as a script meets them."""

import json

import pytest
from click.testing import CliRunner

from cli.commands import commands
from tests.bots.agencies.firms import ROWS


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    return lambda *arguments: CliRunner().invoke(commands, ["agencies", *map(str, arguments)])


@pytest.fixture
def file(tmp_path):
    rows = [";".join((name, also, licence, "Vinh", status)) for name, also, licence, status in ROWS]
    path = tmp_path / "danh-sach.csv"
    path.write_text("\n".join(("Tên doanh nghiệp;Tên viết tắt;Số giấy phép;Địa chỉ;Trạng thái", *rows, ";;1/X;;")))
    return path


def test_no_list_yet(run):
    found = run("find", "Sovana", "--json")
    told = json.loads(found.stdout)
    assert (found.exit_code, told["list"], told["matches"]) == (0, None, [])
    assert "www.dolab.gov.vn" in told["advice"]
    assert json.loads(run("show", "--json").stdout) == {"list": None, "kept": []}


def test_load_and_find(run, file):
    loaded = run("import", file, "--as-of", "15/11/2026", "--source", "Cục", "--json")
    assert loaded.exit_code == 0, loaded.stderr
    report = json.loads(loaded.stdout)
    assert (report["as_of"], report["accepted"], report["refused"]) == ("2026-11-15", len(ROWS), 1)
    assert report["lines"] == [{"line": len(ROWS) + 2, "code": "name-missing", "name": ""}]
    told = json.loads(run("find", "sovana", "--json").stdout)
    assert told["list"]["as_of"] == "2026-11-15" and told["list"]["agencies"] == len(ROWS)
    assert set(told["list"]) == {"as_of", "source", "loaded_at", "agencies"}
    assert told["matches"][0] == {
        "name": ROWS[0][0], "also": ["SOVANA"], "licence": "901/LĐTBXH-GP", "address": "Vinh", "status": "licensed",
        "score": 1.0, "exact": True,
    }  # fmt: skip
    assert "15/11/2026" in told["advice"]


def test_a_similar_name_says_that_it_is_another_firm(run, file):
    run("import", file, "--as-of", "2026-11-15", "--source", "Cục")
    told = json.loads(run("find", "Sovana Nghệ An", "--json").stdout)
    assert [match["exact"] for match in told["matches"]] == [False] * len(told["matches"])
    assert "gần giống" in told["advice"]
    assert "CHƯA PHẢI" in run("find", "Sovana Nghệ An").stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--as-of", "2026-13-45", "--source", "x"), ("--as-of", "soon", "--source", "x"),
        ("--as-of", "2099-01-01", "--source", "x"), ("--as-of", "2026-11-15", "--source", " "),
        ("--as-of", "2026-11-15", "--source", "x", "--encoding", "klingon"),
    ],
)
def test_the_callers_mistakes(run, file, options):
    refused = run("import", file, *options)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip()
    assert json.loads(run("show", "--json").stdout)["list"] is None


@pytest.mark.parametrize("name", ["", "  ", "???"])
def test_no_name(run, name):
    refused = run("find", name)
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_show_lists_what_is_kept(run, file):
    for as_of in ("2026-10-01", "2026-11-15", "2026-09-01"):
        assert run("import", file, "--as-of", as_of, "--source", "Cục").exit_code == 0
    told = json.loads(run("show", "--json").stdout)
    assert told["list"]["as_of"] == "2026-11-15"
    assert [one["as_of"] for one in told["kept"]] == ["2026-10-01", "2026-09-01"]
    assert "15" in run("show").stdout
