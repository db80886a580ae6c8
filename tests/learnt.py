"""What the bot learns from the shipped content, learnt once for all tests of a run."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bots.beside import learn_beside
from bots.engine import Engine
from messages import catalog


@cache
def engine() -> Engine:
    return Engine.train(catalog.load(catalog.SHIPPED), _folder(), elsewhere=learn_beside)


def kept_in(folder: Path) -> Path:
    """`folder`, made and filled with what was learnt, as a start before would have left it."""
    engine()
    return shutil.copytree(_folder(), folder, dirs_exist_ok=True)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="an-lo-learnt-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
