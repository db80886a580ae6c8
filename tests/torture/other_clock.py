"""`app.py` on a clock that a test sets: python -m tests.torture.other_clock FILE COMMAND…

FILE holds the seconds by which this machine's clock is wrong; it may change while the program runs.
"""

import dataclasses
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from runtime import build as building

right = building.build


def wrong_by(file: Path):
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))

    return clock


if __name__ == "__main__":
    clock = wrong_by(Path(sys.argv.pop(1)))
    building.build = lambda settings: dataclasses.replace(right(settings), clock=clock)
    from app import commands, main  # late: commands take `build` from where it has just been put

    main(commands)
