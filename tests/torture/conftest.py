"""The size of the stories (TORTURE=full: `make torture`), and the machine they are told on."""

import os
import random
import time
from dataclasses import dataclass

import pytest

from runtime.build import build
from runtime.settings import load
from tests.torture.machine import Machine, counting_server, settings_of


@dataclass(frozen=True)
class Size:
    """`people` of a wave, and how often its senders are killed, on each kind of database."""

    people: dict[str, int]
    kills: dict[str, int]
    full: bool


SMALL = Size({"sqlite": 1200, "postgresql": 600}, {"sqlite": 5, "postgresql": 2}, full=False)
FULL = Size({"sqlite": 20_000, "postgresql": 20_000}, {"sqlite": 60, "postgresql": 50}, full=True)


@pytest.fixture(scope="session")
def size():
    return FULL if os.environ.get("TORTURE") == "full" else SMALL


@pytest.fixture
def chance(request):
    """Chance that can be met again: the seed is printed with what fails, TORTURE_SEED sets it."""
    seed = int(os.environ.get("TORTURE_SEED") or time.time_ns() % 1_000_000)
    print(f"TORTURE_SEED={seed}")
    request.node.user_properties.append(("seed", seed))
    return random.Random(seed)


@pytest.fixture
def server():
    with counting_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request, tmp_path, server):
    settings = settings_of(tmp_path / "data", server)
    if request.param == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    rt = build(load(settings, env_file=None))
    machine = Machine(rt, server, settings, tmp_path)
    yield machine
    machine.end()
    rt.close()


@pytest.fixture
def report(request, capsys):
    """Says what a story measured, also of one that passed."""

    def said(**figures: object) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))

    return said
