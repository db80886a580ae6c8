"""Turns at an upload: what a batch leaves in the tables, and a file that breaks whoever touches it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns import consent, imports, packing
from campaigns.import_work import MOST_TRIES, STALE
from db.tables import contacts, list_members, lists
from messages.errors import sentence
from tests.campaigns.uploading import receive, take_in

LINES = "SĐT\n0912345678\n0912345679\n0912345680\n"


@pytest.mark.parametrize("days", [None, 30])
def test_people_stay_on_the_list_as_long_as_was_said(db, tmp_path, now, days):
    until = now + timedelta(days=days) if days else None
    take_in(db, tmp_path, LINES, now, members_until=until)
    with db.reading() as c:
        assert c.execute(select(list_members.c.expires_at).distinct()).scalars().all() == [until]
        assert c.execute(select(lists.c.people, lists.c.newest_at)).all() == [(3, now)]


def test_who_is_on_the_list_already_stays_as_they_were(db, tmp_path, now):
    take_in(db, tmp_path, "SĐT\n0912345678\n", now)
    later = now + timedelta(days=1)
    again = take_in(db, tmp_path, LINES, later, members_until=later + timedelta(days=1), source="elsewhere")
    assert (again.accepted, again.known) == (3, 1)
    with db.reading() as c:
        rows = select(contacts.c.source, list_members.c.joined_at, list_members.c.expires_at)
        found = c.execute(rows.join(list_members).order_by(contacts.c.id)).all()
        assert c.execute(select(lists.c.people, lists.c.newest_at)).all() == [(3, later)]
    assert found[0] == ("test", now, None)
    assert {tuple(row) for row in found[1:]} == {("elsewhere", later, later + timedelta(days=1))}


def test_people_stand_in_the_order_of_the_file(db, tmp_path, now):
    numbers = [f"+8491234{n * 7919 % 10_000:04}" for n in range(3000)]
    take_in(db, tmp_path, "SĐT\n" + "".join(f"{number}\n" for number in numbers), now, batch=1000)
    with db.reading() as c:
        sealed = c.execute(select(contacts.c.number_sealed).order_by(contacts.c.id)).scalars()
        assert [db.seal.open(each, "contacts.number") for each in sealed] == numbers


def test_what_is_noted_of_somebody_who_opted_out_is_not_counted(db, tmp_path, now):
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index("+84912345678"), channel="sms", reason="STOP", now=now)
    rows = "SĐT,Xã\n912345678,Nơi Nào\n912345679,Nơi Nào\n0912345680,Nơi Nào\n"
    progress = take_in(db, tmp_path, rows, now)
    assert (progress.accepted, progress.opted_out, progress.rewritten) == (2, 1, 1)
    assert progress.notes == {"place-unknown": 2, "rewritten-lost-zero": 1}


def test_a_name_is_optional(db, tmp_path, now):
    take_in(db, tmp_path, "Tên,SĐT\n,0912345678\nA,0912345679\n", now)
    with db.reading() as c:
        assert c.execute(select(func.count(contacts.c.fields_sealed))).scalar_one() == 1


class Broken(Exception):
    """A fault of ours that nobody foresaw."""


@pytest.fixture
def breaks_at(monkeypatch):
    """Makes reading break at a number."""
    honest = packing.sort_out

    def set_up(number):
        def sort_out(entries, seen):
            entries = list(entries)
            if any(entry.e164 == number for entry in entries):
                raise Broken
            return honest(entries, seen)

        monkeypatch.setattr(packing, "sort_out", sort_out)

    return set_up


def test_what_breaks_every_worker_is_given_up(db, tmp_path, now, breaks_at):
    folder = tmp_path / "uploads"
    import_id = receive(db, folder, LINES, now)
    breaks_at("+84912345680")
    for turn in range(MOST_TRIES):
        moment = now + turn * 2 * STALE
        assert imports.waiting(db, moment) == [import_id]
        with pytest.raises(Broken):
            imports.work(db, folder, import_id, f"worker-{turn}", lambda moment=moment: moment)
        # nobody else tries at once
        assert imports.waiting(db, moment) == []
    last = now + MOST_TRIES * 2 * STALE
    progress = imports.work(db, folder, import_id, "last", lambda: last)
    assert (progress.status, progress.error, progress.accepted) == ("failed", "import-crashed", 0)
    assert imports.waiting(db, last + 2 * STALE) == []
    assert list(folder.iterdir()) == []
    assert sentence("import-crashed", "vi") != sentence("import-crashed", "en")


def test_a_turn_that_gets_on_or_ends_in_good_order_is_no_failure(db, tmp_path, now):
    import_id = receive(db, tmp_path, "SĐT\n" + "".join(f"09123456{n}\n" for n in range(10, 40)), now)
    for turn in range(MOST_TRIES + 3):
        stopped = imports.work(db, tmp_path, import_id, "w", lambda: now, 1, stop=lambda: True)
        assert (stopped.status, stopped.rows) == ("working", turn)
        with pytest.raises(Broken):
            imports.work(db, tmp_path, import_id, "w", lambda: now, 1, watch=_broken)
    assert imports.work(db, tmp_path, import_id, "w", lambda: now, 7).status == "done"


def _broken(done, total):
    raise Broken
