"""Pages without work: they say that they live, but nobody takes that for work being done."""

import pytest

from campaigns import workers
from campaigns.store import workers as store
from scheduler.serving import Serving
from tests import make
from tests.scheduler.make_rt import a_runtime


@pytest.fixture
def rt(db, tmp_path):
    return a_runtime(db, {}, DATA_DIR=str(tmp_path))


def test_pages_live_from_the_start_to_the_end(rt):
    serving = Serving(rt)
    with rt.db.reading() as c:
        [row] = store.everybody(c)
    assert (row.kind, row.host) == (workers.SERVING, workers.host())
    serving.stop()
    with rt.db.reading() as c:
        assert store.everybody(c) == []


def test_pages_alone_do_no_work(rt):
    serving = Serving(rt)
    assert workers.newest_beat(rt.db) is None
    workers.beat(rt.db, "m:1", kind="process", now=make.NOW)
    assert workers.newest_beat(rt.db) == make.NOW
    serving.stop()
