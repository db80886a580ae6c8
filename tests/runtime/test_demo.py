"""The demo: made-up people who can never be handed to a gateway that leaves the machine."""

import hashlib
import tomllib
from pathlib import Path

import campaigns
import runtime


def test_the_demos_own_lists_are_known_as_made_up():
    known = tomllib.loads((Path(campaigns.__file__).parent / "made_up_files.toml").read_text(encoding="utf-8"))
    lists = (Path(runtime.__file__).parent / "demo_lists").glob("*.csv")
    prints = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in lists}
    assert prints
    assert set(prints.values()) <= set(known.values()), prints
