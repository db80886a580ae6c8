"""`lists import` and `lists show` as a script meets them."""

import json
import os
import stat

import pytest
from click.testing import CliRunner

from cli.commands import commands
from tests.campaigns.office_files import with_password, xls
from tests.campaigns.uploading import SAMPLES


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    return lambda *arguments: CliRunner().invoke(commands, ["lists", *map(str, arguments)])


def test_a_list_is_imported_and_shown(run, tmp_path):
    result = run("import", SAMPLES / "yen-thanh.csv", "--list", "Yên Thành", "--source", "UBND huyện", "--json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert isinstance(report.pop("seconds"), float)
    refusals_file = report.pop("refusals_file")
    assert report == {
        "rows": 437,
        "accepted": 393,
        "rewritten": 50,
        "duplicates": 16,
        "refused": 28,
        "opted_out": 0,
        "refusals": {"empty": 1, "invalid": 9, "landline": 5, "not-a-number": 5, "too-short": 4, "two-numbers": 4},
    }
    assert refusals_file.startswith(str(tmp_path / "data" / "refusals"))
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(refusals_file).st_mode) == 0o600
    # progress and remarks went elsewhere; the example's people are marked
    assert "người bịa" in result.stderr

    shown = json.loads(run("show", "yen thanh", "--json").stdout)
    assert (shown["list"], shown["people"], shown["made_up"]) == ("Yên Thành", 393, 393)
    assert sum(area["people"] for area in shown["areas"]) == 393
    assert sum(shown["languages"].values()) == sum(shown["carriers"].values()) == 393


def test_mended_rows_go_in_by_the_same_door(run, tmp_path):
    first = run("import", SAMPLES / "hostile.csv", "--list", "Thử", "--source", "x", "--json")
    path = json.loads(first.stdout)["refusals_file"]
    with open(path, encoding="utf-8", newline="") as file:
        mended = file.read().replace("c,113,", "c,0912345700,")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8", newline="")
    second = json.loads(run("import", tmp_path / "mended.csv", "--list", "Thử", "--source", "x", "--json").stdout)
    assert (second["rows"], second["accepted"], second["refused"]) == (4, 1, 3)


def test_nothing_refused_writes_no_file(run, tmp_path):
    (tmp_path / "one.csv").write_text("SĐT\n0912345678\n", encoding="utf-8")
    report = run("import", tmp_path / "one.csv", "--list", "Một", "--source", "x", "--area", "426", "--json")
    assert json.loads(report.stdout)["refusals_file"] is None
    assert not (tmp_path / "data" / "refusals").exists()
    assert json.loads(run("show", "Một", "--json").stdout)["areas"] == [
        {"code": None, "name": None, "former_district": "Huyện Yên Thành", "people": 1}
    ]


def test_foreign_numbers_need_their_country(run):
    def accepted(country):
        options = ("--list", country, "--source", "x", "--country", country, "--json")
        result = run("import", SAMPLES / "partners-uk.tsv", *options)
        return json.loads(result.stdout)["accepted"]

    # "+44 7911…" is British anywhere; "07911…" only for who was told so
    assert accepted("VN") < 50
    assert accepted("GB") == 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "Không có"), "Không có danh sách nào"),
        (("import", SAMPLES / "yen-thanh.csv", "--list", "Thử", "--source", " "), "lấy từ đâu"),
        (("import", SAMPLES / "yen-thanh.csv", "--list", "Thử", "--source", "x", "--area", "Hà Nội"), "Hà Nội"),
        (("import", SAMPLES / "yen-thanh.csv", "--list", "Thử", "--source", "x", "--country", "Anh"), "Anh"),
        (("import", __file__, "--list", "Thử", "--source", "x"), "cột số điện thoại"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(run, arguments, said):
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def _write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_list_may_be_joined_until_a_day(run, tmp_path):
    file = _write(tmp_path / "one.csv", "SĐT\n0912345678\n")
    options = ("--list", "Một", "--source", "x", "--consent", "họp xóm", "--json")
    assert run("import", file, *options, "--until", "2099-06-30").exit_code == 0
    late = run("import", file, *options, "--until", "2020-06-30")
    assert (late.exit_code, late.stdout) == (2, "")
    assert "đã qua" in late.stderr
    assert run("import", file, *options, "--until", "mai").exit_code == 2


def test_a_sheet_and_an_encoding_may_be_said(run, tmp_path):
    book = _write(tmp_path / "hai.xls", xls({"Nam": [["SĐT"], [912345678]], "Nữ": [["SĐT"], ["x"], [912345679]]}))
    options = ("--list", "Hai", "--source", "x", "--json")
    refused = run("import", book, *options)
    assert refused.exit_code == 2
    assert "Nam, Nữ" in refused.stderr
    assert json.loads(run("import", book, *options, "--sheet", "Nữ").stdout)["rows"] == 2
    old = _write(tmp_path / "old.csv", "Hä tªn,Sè ®iÖn tho¹i\nNguyÔn ThÞ §µo,0912345678\n".encode("latin-1"))
    refused = run("import", old, *options)
    assert refused.exit_code == 2
    assert "--encoding tcvn3" in refused.stderr
    assert json.loads(run("import", old, *options, "--encoding", "tcvn3").stdout)["accepted"] == 1


def test_an_ambiguous_place_is_a_note_and_no_question(run, tmp_path):
    file = _write(tmp_path / "one.csv", "SĐT,Xã\n0912345678,Đồng Văn\n")
    result = run("import", file, "--list", "Một", "--source", "x", "--json")
    assert json.loads(result.stdout)["accepted"] == 1
    assert "1 người có tên xã trùng ở nhiều nơi" in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SĐT,SĐT,SĐT\n1,2,3\n", "A (SĐT), B (SĐT), C (SĐT)"),
        ("", "trống"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        (with_password(), "mật khẩu"),
        ("<html><body>đăng nhập</body></html>", "trang web"),
    ],
)
def test_bad_input_is_one_clear_line(run, tmp_path, content, said):
    result = run("import", _write(tmp_path / "bad.xlsx", content), "--list", "Thử", "--source", "x", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("import", "no-such-file.csv", "--list", "a", "--source", "b"), ("show",)])
def test_a_wrong_command_line_is_status_2(run, arguments):
    assert run(*arguments).exit_code == 2


def test_without_json_it_reads_like_a_sentence(run):
    result = run("import", SAMPLES / "hostile.csv", "--list", "Thử", "--source", "x")
    assert "16 dòng: nhận 11" in result.stdout
    assert "số tổng đài" in result.stdout
    shown = run("show", "Thử").stdout
    assert "Xã Đông Thành, Huyện Yên Thành" in shown
