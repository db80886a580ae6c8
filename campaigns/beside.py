"""An upload packed by a process beside this one, so that two processors share the work of a large list.

    python -m campaigns.beside      takes a Source and the keys from standard input, writes batches to standard output

It holds nothing and decides nothing: it may be killed at any moment, and ends by itself when nobody reads what it
writes. Whoever started it does the rest alone when it ends early, whatever the reason, and so meets the same mistake.
"""

import gc
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from campaigns.packing import Packed, Source, packed
from db.seal import Seal

HOME = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "campaigns.beside"]


class EndedEarly(Exception):
    """The process beside us is gone before its last batch."""


def packed_beside(source: Source, seal: Seal) -> Iterator[Packed]:
    """As packing.packed. Raises EndedEarly; batches that came before stand."""
    process = _started(source, seal)
    try:
        yield from iter(partial(_next, process), None)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _started(source: Source, seal: Seal) -> subprocess.Popen:
    try:
        process = subprocess.Popen(
            COMMAND, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise EndedEarly from error
    with suppress(BrokenPipeError), process.stdin:
        pickle.dump((source, seal.keys), process.stdin)
    return process


def _next(process: subprocess.Popen) -> Packed | None:
    try:
        return pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError) as error:
        raise EndedEarly from error


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us; it ends us
    # Rows make no rings, and looking for some among a million numbers costs a tenth of the time.
    gc.disable()
    source, keys = pickle.load(sys.stdin.buffer)
    for batch in packed(source, Seal(keys)):
        pickle.dump(batch, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
        del batch
    pickle.dump(None, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
