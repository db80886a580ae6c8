"""Who brings what no database takes spoils it for nobody who came at the same moment."""

import threading
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import insert, select

from db.tables import keepsakes
from db.together import Together


def _keep(c, rows: Sequence) -> None:
    c.execute(insert(keepsakes), rows)


@pytest.mark.parametrize("unfit", ["half \ud800", None], ids=["half a letter", "no name"])
def test_one_unfit_row_keeps_nobody_elses_back(db, unfit):
    begun, go_on, errors = threading.Event(), threading.Event(), {}

    def slowly(c, rows):
        begun.set()
        assert go_on.wait(10)
        _keep(c, rows)

    together = Together(db, slowly)

    def bring(name):
        try:
            together.add([{"name": name, "value": b""}])
        except Exception as why:
            errors[name] = why

    threads = [threading.Thread(target=bring, args=(name,)) for name in ("first", "good", unfit, "better")]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(together._waiting) < 3:
        time.sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert list(errors) == [unfit]
    with db.reading() as c:
        assert set(c.execute(select(keepsakes.c.name)).scalars()) == {"first", "good", "better"}
