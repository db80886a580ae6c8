"""A runtime on a test's own database, gateways and clock."""

from collections.abc import Callable, Mapping
from datetime import datetime

from db.engine import Database
from runtime.build import Runtime
from runtime.settings import load
from tests import make


def a_runtime(
    db: Database, gateways: Mapping, *, clock: Callable[[], datetime] = lambda: make.NOW, **settings: str
) -> Runtime:
    loaded = load(settings, env_file=None)
    return Runtime(settings=loaded, db=db, gateways=gateways, platforms={}, worker="test", clock=clock)
