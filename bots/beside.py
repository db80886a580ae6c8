"""Learning in processes beside this one, so that nobody waits longer than for the largest part.

    python -m bots.beside PART FILE      takes (text, topic) lines from standard input, writes what was learnt to FILE

The memory that learning takes is theirs and goes with them. Whoever started them learns a part itself when they end
without leaving it, whatever the reason.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bots import kept
from bots.learning import Line, learn_part

#: How soon learning hears that the process ends, in seconds.
LOOK_SECONDS = 0.2
HOME = Path(__file__).resolve().parents[1]


class CutOff(Exception):
    """The process ends: nothing more is learnt."""


def learn_beside(paths: Mapping[str, Path], lines: Sequence[Line], ending: threading.Event | None = None) -> None:
    """Leaves a file for each part, all learnt at once; a part that failed leaves none. Raises CutOff once `ending`."""
    with TemporaryDirectory() as folder:
        told = Path(folder, "lines.json")
        told.write_text(json.dumps(lines), encoding="utf-8")
        started = [process for part, path in paths.items() if (process := _start(part, path, told))]
        try:
            for process in started:
                _await(process, ending)
        finally:
            for process in started:
                _end(process)


def _await(process: subprocess.Popen, ending: threading.Event | None) -> None:
    while True:
        try:
            process.wait(LOOK_SECONDS if ending else None)
            return
        except subprocess.TimeoutExpired:
            if ending.is_set():
                raise CutOff from None


def _end(process: subprocess.Popen) -> None:
    """What it wrote so far is a draft that nobody reads."""
    if process.poll() is None:
        process.kill()
        process.wait()


def _start(part: str, path: Path, told: Path) -> subprocess.Popen | None:
    command = [sys.executable, "-m", "bots.beside", part, str(path.resolve())]
    try:
        with open(told, "rb") as lines:
            return subprocess.Popen(command, cwd=HOME, stdin=lines, stdout=subprocess.DEVNULL)
    except OSError:
        return None


def main() -> None:
    part, path = sys.argv[1], Path(sys.argv[2])
    kept.save(path, learn_part(part, json.load(sys.stdin)))


if __name__ == "__main__":
    main()
