"""A pytest plugin: what hundreds of tests would work out anew with the same result is worked out once a process.

Nothing here changes what is tested: a template's code depends on its text alone, what was learnt on the bytes of its
file, the shipped content on the release.
"""

import gc
import hashlib
from functools import cache

import flask
import pytest
from jinja2 import BytecodeCache

from bots import kept
from messages import catalog

_load, _load_book = kept.load, catalog.load


class Compiled(BytecodeCache):
    """Templates' code by name; jinja2 compares the text's checksum itself."""

    def __init__(self):
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket):
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket):
        self._codes[bucket.key] = bucket.bytecode_to_string()


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(flask.Flask, "jinja_options", {"bytecode_cache": Compiled()})
    patch.setattr(kept, "load", _learnt)
    patch.setattr(catalog, "load", _book)
    config.add_cleanup(patch.undo)


def pytest_collection_finish() -> None:
    """What collecting left stays until the end: it need not be looked through at each collection of garbage."""
    gc.collect()
    gc.freeze()


def _learnt(path):
    try:
        content = path.read_bytes()
    except OSError:
        return _load(path)
    return _remembered(hashlib.sha256(content).digest(), path)


_by_content: dict[bytes, object] = {}


def _remembered(digest: bytes, path):
    """What could not be read is not remembered."""
    found = _by_content.get(digest) or _load(path)
    if found is not None:
        _by_content[digest] = found
    return found


def _book(folder):
    return _shipped() if folder == catalog.SHIPPED else _load_book(folder)


@cache
def _shipped():
    return _load_book(catalog.SHIPPED)
