"""What the bot learns from the shipped content, learnt once for all tests of a run, in however many processes."""

import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

from bots.beside import learn_beside
from bots.engine import Engine
from db.lock import FileLock
from messages import catalog

#: Names the folder to the processes that pytest starts.
_NAME = "AN_LO_LEARNT"


@cache
def engine() -> Engine:
    lock = FileLock(_folder() / "lock")
    while not lock.take():  # another process of this run learns: its result is taken over
        time.sleep(0.2)
    try:
        return Engine.train(catalog.load(catalog.SHIPPED), _folder(), elsewhere=learn_beside)
    finally:
        lock.release()


def kept_in(folder: Path) -> Path:
    """`folder`, made and filled with what was learnt, as a start before would have left it."""
    engine()
    return shutil.copytree(_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("lock"))


def begin() -> None:
    """Makes the folder, in the process that starts the others."""
    os.environ[_NAME] = tempfile.mkdtemp(prefix="an-lo-learnt-")


def end() -> None:
    shutil.rmtree(os.environ.pop(_NAME, ""), ignore_errors=True)


def _folder() -> Path:
    if _NAME not in os.environ:  # outside pytest
        begin()
    return Path(os.environ[_NAME])
