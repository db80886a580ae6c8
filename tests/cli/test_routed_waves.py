"""`waves create --gateway routes`: a wave by the routing table on the command line."""

import json

import pytest
from click.testing import CliRunner

from campaigns import route_table
from cli.commands import commands
from runtime.build import build
from runtime.settings import load
from tests import make


@pytest.fixture
def rt(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    make.a_list(runtime.db, "all", make.people(runtime.db, 4))
    yield runtime
    runtime.close()


def run(*args):
    """(exit status, what it said)"""
    result = CliRunner().invoke(commands, ["waves", *map(str, args), "--json"], standalone_mode=False)
    code = result.return_value if isinstance(result.return_value, int) else result.exit_code
    return code, json.loads(result.stdout) if code == 0 else result.stderr


CREATE = ("create", "--list", "all", "--text", "Chao", "--gateway", "routes", "--ignore-quiet-hours")


def test_a_wave_by_the_routing_table(rt, monkeypatch):
    monkeypatch.setattr("sms.gateways.simulator.latency_of", lambda *_: 0.1)
    code, said = run(*CREATE)
    assert (code, "any carrier and any language" in said) == (2, True)
    rows = {"known": rt.gateways, "by": None, "now": rt.clock()}
    route_table.put(rt.db, position=1, gateway="twilio", **rows)
    code, said = run(*CREATE)
    assert (code, "TWILIO_ACCOUNT_SID" in said) == (2, True)
    route_table.put(rt.db, position=2, gateway="simulator", **rows)
    code, made = run(*CREATE)
    assert (code, made["recipients"]) == (0, 4)
    code, ran = run("run", made["wave"])
    assert (code, ran["queued"], sum(ran[each] for each in ("delivered", "undelivered", "failed"))) == (0, 0, 4)
