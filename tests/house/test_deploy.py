"""What deploy/ holds runs: its commands and settings exist, its units and its compose file are understood."""

import json
import re
import shutil
import subprocess

import click
import pytest

from cli.commands import commands
from runtime.settings import TABLE
from tests.house.tree import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
EVERYTHING = sorted(path for path in DEPLOY.iterdir() if path.is_file())
SETTINGS = {setting.name for setting in TABLE}
#: Other programs' own.
THEIRS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
#: SIGTERM is answered within ten seconds; who waits for less kills what was nearly done.
LEAST_STOP_SECONDS = 12
HARDENED = ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "UMask=0077",
            "CapabilityBoundingSet=\n", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
            "SystemCallFilter=@system-service")  # fmt: skip


def words_after_app(text: str) -> list[list[str]]:
    """The words of each command that stands in a unit (a line) or a container's file (a list in brackets)."""
    plain = [line.split() for line in re.findall(r"app\.py ([^#\n\"]+)$", text, re.MULTILINE)]
    listed = [json.loads(each) for each in re.findall(r"(\[\"python\".*\])", text)]
    return [words for words in plain if words] + [words[words.index("app.py") + 1 :] for words in listed]


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.name)
def test_its_commands_exist(path):
    for name, *options in words_after_app(path.read_text(encoding="utf-8")):
        with click.Context(commands) as context:
            command = commands.get_command(context, name)
            assert command is not None, name
            command.make_parser(context).parse_args(list(options))


def test_there_is_something_to_look_at():
    found = [words[0] for path in EVERYTHING for words in words_after_app(path.read_text(encoding="utf-8"))]
    assert sorted(found) == ["run", "run", "run", "worker", "worker"]


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.name)
def test_its_settings_exist(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"^(?:Environment=|    )?([A-Z][A-Z_]+)(?:=|: )", text, re.MULTILINE)
    named += re.findall(r"\b([A-Z][A-Z_]+)=", " ".join(re.findall(r"^ENV (.+)", text, re.MULTILINE)))
    assert set(named) - {"FROM", "RUN", "COPY"} <= SETTINGS | THEIRS


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_leaves_time_to_finish_and_may_do_little(path):
    text = path.read_text(encoding="utf-8")
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1]) >= LEAST_STOP_SECONDS
    assert [each for each in HARDENED if f"\n{each}" not in text] == []


def test_containers_are_given_time_to_finish():
    graces = re.findall(r"stop_grace_period: (\d+)s", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert [seconds for seconds in graces if int(seconds) < LEAST_STOP_SECONDS] == []
    assert len(graces) == 2


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(path, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    python = tmp_path / "opt" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    unit = tmp_path / path.name.replace("@.", "@1.")
    unit.write_text(path.read_text(encoding="utf-8").replace("/opt/an-lo", str(tmp_path / "opt")), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    ours = [line for line in told.stderr.splitlines() if unit.name in line or str(unit) in line]
    assert (ours, told.returncode) == ([], 0), told.stderr


def test_compose_understands_its_file(tmp_path):
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose here")
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    for name in ("an-lo.env", "postgres.env"):
        shutil.copy(DEPLOY / f"{name}.example", tmp_path / "deploy" / name)
    file = tmp_path / "deploy" / "compose.yaml"
    told = subprocess.run([docker, "compose", "-f", str(file), "config", "--quiet"], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


def test_what_the_compose_file_names_is_there():
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert (ROOT / re.search(r"dockerfile: (\S+)", text)[1]).is_file()
    files = re.findall(r"env_file: (\S+)", text)
    assert len(files) == 2
    assert [name for name in files if not (DEPLOY / f"{name}.example").is_file()] == []
