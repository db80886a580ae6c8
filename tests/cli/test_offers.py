"""`offers check` as a person or a script at the terminal meets it."""

import json

import pytest
from click.testing import CliRunner

from cli.commands import commands

OFFER = "Đi Úc lương 90tr, cọc trước 30 triệu vào tài khoản cá nhân"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return lambda *arguments, given=None: CliRunner().invoke(commands, ["offers", "check", *arguments], input=given)


def test_one_document_with_level_flags_and_agency(run):
    result = run(OFFER, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["level"], told["agency"], told["language"]) == ("stop", None, "vi")
    assert [flag["id"] for flag in told["flags"]] == ["deposit-first", "personal-account", "wage-very-high"]
    assert all(flag["quote"] in OFFER and flag["reason"] and flag["ask"] for flag in told["flags"])


def test_standard_input_and_another_language(run):
    told = json.loads(run("-", "--json", "--lang", "en", given=OFFER + "\n").stdout)
    assert told["language"] == "en"
    assert told["flags"][0]["reason"].startswith("A deposit to keep a place")


def test_for_a_person(run):
    said = run(OFFER).stdout
    assert "[stop] deposit-first: “cọc trước 30 triệu”" in said
    assert "→ Hỏi: công ty nào thu" in said


def test_nothing_found_is_no_proof(run):
    told = json.loads(run("We never ask for money", "--json").stdout)
    assert (told["level"], told["flags"]) == ("nothing-found", [])
    assert "does not mean it is safe" in told["advice"]
    assert "does not mean it is safe" in run("We never ask for money").stdout


def test_a_text_is_needed(run):
    result = run()
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_a_named_company_is_told(run):
    told = json.loads(run(f"Công ty TNHH Hoàng Long Xanh. {OFFER}", "--json").stdout)
    assert told["agency"]["named"]
    assert told["agency"]["list"] is None
