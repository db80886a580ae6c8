"""`waves rehearse`: JSON alone on standard output, sentences for a person, and nothing sent."""

import json
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from campaigns import prices, waves
from cli.commands import commands
from runtime.build import build
from runtime.settings import load
from tests import make


@pytest.fixture
def rt(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield runtime
    runtime.close()


@pytest.fixture
def wave_id(rt):
    make.area(rt.db, "16936", "Xã Tam Thái")
    list_id = make.a_list(rt.db, "all", make.people(rt.db, 90, first=1000, area="16936"))
    prices.put(rt.db, gateway="simulator", vnd_per_segment=500, valid_from=date(2026, 1, 1), by=None, now=rt.clock())
    return make.a_wave(rt.db, list_ids=[list_id], gateway="simulator", rate=0.5, ready=False, ignore_quiet_hours=True)


def run(*args: str, status: int = 0):
    result = CliRunner().invoke(commands, ["waves", "rehearse", *map(str, args)], standalone_mode=False)
    code = result.return_value if isinstance(result.return_value, int) else result.exit_code
    assert code == status, result.output + repr(result.exception)
    return result


def test_a_wave_rehearsed(rt, wave_id):
    told = json.loads(run(wave_id, "--json").stdout)
    assert (told["wave"], told["rehearsal"]) == (wave_id, 1)
    assert (told["recipients"], told["messages"], told["segments"], told["cost_vnd"]) == (90, 90, 90, 45_000)
    assert [(area["code"], area["name"], area["people"]) for area in told["areas"]] == [("16936", "Xã Tam Thái", 90)]
    assert told["begins"] == told["areas"][0]["first"] < told["areas"][0]["last"] == told["ends"]
    assert sum(told["failures"].values()) == 3
    assert waves.show(rt.db, wave_id).figures.total == 0


def test_told_to_a_person(rt, wave_id):
    said = run(wave_id).stdout
    assert said.startswith("90 messages go out, from ")
    assert "90 segments, which cost 45000 VND." in said
    assert "Xã Tam Thái" in said


def test_with_an_outage(rt, wave_id):
    begins = json.loads(run(wave_id, "--json").stdout)["begins"]
    until = (datetime.fromisoformat(begins) + timedelta(hours=1)).isoformat()
    told = json.loads(run(wave_id, "--outage", begins, until, "--json").stdout)
    assert told["outage"][0] == begins
    assert told["later_by"] > 0
    assert "the last message leaves at" in run(wave_id, "--outage", begins, until).stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--outage", "noon", "10:00"], "noon"),
        (["--outage", "11:00", "10:00"], "must end after it begins"),
    ],
)
def test_what_cannot_be_rehearsed(rt, wave_id, args, says):
    result = run(wave_id, *args, status=2)
    assert (result.stdout, says in result.stderr) == ("", True)


def test_a_wave_that_is_not_there(rt):
    assert "99" in run("99", status=2).stderr
