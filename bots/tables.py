"""Reading the tables of `words/`: they are data, cached, and part of what a trained model is keyed by."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
BACKGROUND = Path(__file__).parent / "background"
ALARM = Path(__file__).parent / "alarm"
#: The modules that turn text into what is learnt. A change in another one needs no new training.
_LEARNT_BY = ("alarm", "both", "confidence", "cues", "features", "kept", "language", "learning", "lessons", "letters",
              "machine", "normalise", "phrases", "residue", "router", "spelling", "tables", "views")


@cache
def table(name: str) -> dict:
    """`words/<name>.toml` as it stands."""
    with open(FOLDER / f"{name}.toml", "rb") as file:
        return tomllib.load(file)


@cache
def words(name: str, key: str) -> frozenset[str]:
    """The words of one key that holds a text of words separated by spaces."""
    return frozenset(table(name)[key].split())


@cache
def background() -> tuple[str, ...]:
    """The lines of `background/*.txt`: what people also write, and what no topic answers."""
    return tuple(line for path in sorted(BACKGROUND.glob("*.txt")) for line in _lines(path))


@cache
def alarm_lines(kind: str) -> tuple[str, ...]:
    """The lines of `alarm/<kind>.txt`: red, amber or lookalike."""
    return _lines(ALARM / f"{kind}.txt")


def _lines(path: Path) -> tuple[str, ...]:
    stripped = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in stripped if line and not line.startswith("#"))


@cache
def digest() -> str:
    """SHA-256 over every table, every list of lines and the modules that learn: what a trained model depends on."""
    modules = [Path(__file__).with_name(f"{name}.py") for name in _LEARNT_BY]
    seen = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.toml"), *BACKGROUND.glob("*.txt"), *ALARM.glob("*.txt"), *modules]):
        seen.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()
