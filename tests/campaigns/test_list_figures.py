"""What is kept counted: of large lists and of everybody, until somebody comes, goes or becomes somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns import list_figures, lists, members
from campaigns.store import dead
from db.tables import contacts, keepsakes
from db.tables import lists as list_table
from tests import make
from tests.campaigns.uploading import take_in

QUARTER = list_figures.OLD


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    monkeypatch.setattr(list_figures, "LARGE", 3)


def counted(db, list_id) -> tuple[bool, int]:
    """Whether the page has a count, and how many people it is of."""
    figures = lists.figures(db, list_id, wait=False)
    return figures.counted, sum(area.people for area in figures.by_area)


def test_a_large_list_is_counted_by_itself(db, now):
    list_id = make.a_list(db, "A", make.people(db, 4))
    assert counted(db, list_id) == (False, 0)
    assert list_figures.refresh(db, now) == 1
    assert counted(db, list_id) == (True, 4)
    assert lists.figures(db, list_id).at == now
    assert list_figures.refresh(db, now) == 0


def test_a_small_one_is_counted_when_it_is_looked_at(db, now):
    list_id = make.a_list(db, "A", make.people(db, 2))
    list_figures.refresh(db, now)
    assert counted(db, list_id) == (True, 2)
    assert lists.figures(db, list_id).at is None


def test_a_count_is_shown_until_the_next_one(db, now):
    ids = make.people(db, 6)
    list_id = make.a_list(db, "A", ids[:5])
    list_figures.refresh(db, now)
    members.remove(db, list_id, ids[0], by=3, now=now)
    assert counted(db, list_id) == (True, 5)
    assert lists.show(db, "A").by_area[0].people == 4  # at the command line it is waited for
    assert list_figures.refresh(db, now + timedelta(minutes=1)) == 1
    assert counted(db, list_id) == (True, 4)


def test_who_opted_out_or_died_meanwhile_is_counted_again_after_a_while(db, now):
    ids = make.people(db, 4)
    list_id = make.a_list(db, "A", ids)
    list_figures.refresh(db, now)
    make.opted_out(db, make.number(1))
    with db.transaction() as c:
        dead.bury(c, ids[1:3], wave_id=1, now=now)
    assert list_figures.refresh(db, now + QUARTER - timedelta(seconds=1)) == 0
    assert list_figures.refresh(db, now + QUARTER) == 1
    figures = lists.figures(db, list_id, wait=False)
    assert (figures.opted_out, figures.dead) == (1, 2)


def test_a_changed_stay_is_counted_anew(db, now):
    ids = make.people(db, 4)
    list_id = make.a_list(db, "A", ids)
    list_figures.refresh(db, now)
    members.stay_until(db, list_id, ids[0], now + timedelta(days=1), by=3, now=now)
    assert list_figures.refresh(db, now) == 1


def test_everybody_is_counted_a_part_at_a_time(db, now, monkeypatch):
    monkeypatch.setattr("campaigns.store.kinds.BATCH", 3)
    make.people(db, 8)
    list_figures.refresh(db, now)
    with db.reading() as c:
        assert list_figures.everybody(c).total() == 8
        assert b'"last":8' in c.execute(select(keepsakes.c.value)).scalar_one()


def test_people_who_turn_out_to_be_made_up_are_counted_anew(db, tmp_path, now):
    file = "SĐT\n0912345678\n0912345679\n0912345680\n"
    take_in(db, tmp_path, file, now, list_name="A")
    list_figures.refresh(db, now)
    take_in(db, tmp_path, file, now, list_name="B", made_up=True)
    with db.reading() as c:
        assert c.execute(select(contacts.c.made_up)).scalars().all() == [True] * 3
        assert c.execute(select(list_table.c.figures).where(list_table.c.name == "A")).scalar_one() is None
        assert {kind.made_up for kind in list_figures.everybody(c)} == {True}


def test_the_same_exercise_again_forgets_nothing(db, tmp_path, now):
    file = "SĐT\n0912345678\n0912345679\n0912345680\n"
    take_in(db, tmp_path, file, now, list_name="A", made_up=True)
    list_figures.refresh(db, now)
    take_in(db, tmp_path, file, now, list_name="A", made_up=True)
    assert list_figures.refresh(db, now) == 0


def test_a_list_that_is_gone_is_not_counted(db, now):
    list_id = make.a_list(db, "A", make.people(db, 4))
    lists.delete(db, list_id, by=3, now=now)
    assert list_figures.refresh(db, now) == 0


def test_what_is_kept_of_a_list_is_not_read_with_all_lists(db, now):
    make.a_list(db, "A", make.people(db, 4))
    with db.transaction() as c:
        c.execute(update(list_table).values(figures="no JSON"))
    assert [row.name for row in lists.all(db)] == ["A"]
