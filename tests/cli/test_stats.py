"""`stats show` and `stats rebuild` as an officer of the machine uses them."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update

from campaigns import deliveries, waves
from campaigns.figures import breakdowns
from campaigns.pacing import day_of
from cli.commands import commands
from db.tables import optout_days, wave_figures
from runtime.build import build
from runtime.settings import load
from sms.gateway import Outcome
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}


@pytest.fixture
def house(tmp_path):
    rt = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield rt
    rt.close()


@pytest.fixture
def stats(tmp_path):
    def run(*words, language="en_GB.UTF-8"):
        env = {"LC_ALL": language, "DATA_DIR": str(tmp_path / "data")}
        return CliRunner(env=env).invoke(commands, ["stats", *words], standalone_mode=False, catch_exceptions=False)

    return run


@pytest.fixture
def wave(house):
    """Twenty readers with one carrier and three with another; all but one get it."""
    now = house.clock()
    ids = make.people(house.db, 20, carrier="Viettel") + make.people(house.db, 3, first=50, carrier="Gmobile")
    people = {"list_ids": [make.a_list(house.db, "l", ids)], "ignore_quiet_hours": True, "on_holidays": True}
    wave_id = make.a_wave(house.db, starts_at=now, **people)
    waves.open_due(house.db, GATEWAYS, now)
    line = deliveries.line(house.db, wave_id, GATEWAYS)
    claimed = deliveries.claim(house.db, line, worker="w", limit=100, now=now).rows
    results = [(each, Outcome.accepted(f"SM{each.id}")) for each in claimed[1:]]
    results.append((claimed[0], Outcome.refused("number-invalid")))
    deliveries.record(house.db, gateway="fake", worker="w", results=results, now=now)
    return wave_id


def test_of_a_wave(stats, wave):
    told = json.loads(stats("show", "--wave", str(wave), "--json").stdout)
    assert (told["accepted"], told["failed"], told["replied"], told["opened_link"]) == (22, 1, 0, 0)
    assert list(told["hours"].values()) == [22]
    assert told["carriers"]["Gmobile"]["under-way"] is None, "three people"
    said = stats("show", "--wave", str(wave)).stdout
    assert "accepted       22" in said and "carriers Gmobile: under-way hidden" in said


def test_of_the_last_days(stats, wave):
    told = json.loads(stats("show", "--json").stdout)
    assert (told["waves"], told["accepted"], told["opted_out"]) == (1, 22, 0)
    assert "failed" not in told, "what was refused was not handed over"


def test_few_who_opted_out_are_as_hidden_as_on_the_pages(stats, house, wave):
    with house.db.transaction() as c:
        c.execute(insert(optout_days).values(day=str(day_of(house.clock())), area="", channel="sms", n=3))
    assert json.loads(stats("show", "--json").stdout)["opted_out"] is None
    assert "opted_out      hidden" in stats("show").stdout


def test_the_terminal_hides_what_the_pages_hide(stats, house, wave):
    told = json.loads(stats("show", "--wave", str(wave), "--json").stdout)
    assert told["carriers"] == breakdowns.carriers(house.db, wave).cells


def test_a_wave_that_is_not_there(stats):
    assert stats("show", "--wave", "7").return_value == 2


def test_counters_that_are_wrong(stats, house, wave):
    of_three = (wave_figures.c.which == "Gmobile", wave_figures.c.status == "accepted")
    spoiled = update(wave_figures).where(*of_three).values(n=7)
    assert "every number was right" in stats("rebuild").stdout
    with house.db.transaction() as c:
        c.execute(spoiled)
    assert json.loads(stats("rebuild", "--json").stdout) == {"differences": [
        {"counter": ["wave_figures", wave, "carrier", "Gmobile", "accepted", ""], "said": 7, "rows": 3},
    ]}  # fmt: skip
    with house.db.transaction() as c:
        c.execute(spoiled)
    said = stats("rebuild", language="vi_VN.UTF-8").stdout.splitlines()
    assert said[0] == f"wave_figures {wave} carrier Gmobile accepted -: 7 → 3"
    assert "1 con số sai" in said[1]
