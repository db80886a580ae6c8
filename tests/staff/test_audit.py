"""The audit chain shows a changed row, a missing row and a row put in between."""

import pytest
from sqlalchemy import text

from staff import audit


@pytest.fixture
def chain(db, now):
    with db.transaction() as c:
        for n in range(5):
            audit.record(c, at=now, actor="staff:1", action="waves.approve", object=f"wave:{n}", detail={"n": n})
    return db


def test_a_whole_chain_holds(chain):
    assert audit.first_broken(chain) is None
    assert [row.object for row in audit.latest(chain, limit=2)] == ["wave:4", "wave:3"]
    assert [row.object for row in audit.latest(chain, about="wave:1")] == ["wave:1"]


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        ("UPDATE audit SET actor = 'staff:2' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("UPDATE audit SET digest = 'x' WHERE id = 5", 5),
    ],
)
def test_harm_shows(chain, harm, broken):
    with chain.transaction() as c:
        c.execute(text(harm))
    assert audit.first_broken(chain) == broken


def test_what_rolls_back_leaves_no_record(chain, now):
    with pytest.raises(RuntimeError), chain.transaction() as c:
        audit.record(c, at=now, actor="system", action="x", object="y")
        raise RuntimeError
    assert len(audit.latest(chain)) == 5
