"""Learning in processes beside this one, so that nobody waits longer than for the largest part.

    python -m bots.beside PART FILE      takes (text, topic) lines from standard input, writes what was learnt to FILE

The memory that learning takes is theirs and goes with them. Whoever started them learns a part itself when they end
without leaving it, whatever the reason.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bots import kept
from bots.learning import Line, learn_part

HOME = Path(__file__).resolve().parents[1]


def learn_beside(paths: Mapping[str, Path], lines: Sequence[Line]) -> None:
    """Leaves a file for each part, all learnt at once; a part that failed leaves none."""
    with TemporaryDirectory() as folder:
        told = Path(folder, "lines.json")
        told.write_text(json.dumps(lines), encoding="utf-8")
        started = [_start(part, path, told) for part, path in paths.items()]
        for process in filter(None, started):
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
