"""A copy made while the database is in use comes back whole; a wrong file changes nothing."""

import pytest
from sqlalchemy import insert, select

from campaigns import stops
from db import backup
from db.tables import keepsakes, optouts
from db.watermark import COPIED_AT
from tests import make


def test_a_copy_is_whole_and_comes_back(sqlite_db, tmp_path, now):
    with sqlite_db.transaction() as c:
        c.execute(insert(keepsakes).values(name="before", value=b""))
    copy = tmp_path / "copy.db"
    assert backup.backup(sqlite_db, copy, now) > 0
    with sqlite_db.transaction() as c:
        c.execute(insert(keepsakes).values(name="after", value=b""))
    sqlite_db.close()
    kept, _ = backup.restore(copy, tmp_path / "an-lo.db")
    with sqlite_db.reading() as c:
        assert set(c.execute(select(keepsakes.c.name)).scalars()) == {"before", COPIED_AT}
    assert kept.exists()
    assert backup.faults(sqlite_db) == []


def test_who_said_stop_since_the_copy_is_taken_over_from_the_old_database(sqlite_db, tmp_path, now):
    make.opted_out(sqlite_db, make.number(1))
    copy = tmp_path / "copy.db"
    backup.backup(sqlite_db, copy, now)
    make.opted_out(sqlite_db, make.number(2), make.number(3))
    sqlite_db.close()
    assert backup.restore(copy, tmp_path / "an-lo.db")[1] == 2
    with sqlite_db.reading() as c:
        out = set(c.execute(select(optouts.c.person_index)).scalars())
    assert out == {sqlite_db.seal.index(make.number(n)) for n in (1, 2, 3)}


def test_a_stop_code_given_out_since_the_copy_is_still_known(sqlite_db, tmp_path, now):
    person = make.people(sqlite_db, 1)
    copy = tmp_path / "copy.db"
    backup.backup(sqlite_db, copy, now)
    [code] = stops.for_contacts(sqlite_db, person, now).values()
    sqlite_db.close()
    assert backup.restore(copy, tmp_path / "an-lo.db")[1] == 0
    assert stops.stop(sqlite_db, code, now)


def test_what_cannot_be_read_any_more_takes_nothing_over(sqlite_db, tmp_path, now):
    copy = tmp_path / "copy.db"
    backup.backup(sqlite_db, copy, now)
    sqlite_db.close()
    (tmp_path / "an-lo.db").write_bytes(b"damaged" * 5000)
    assert backup.restore(copy, tmp_path / "an-lo.db")[1] == 0
    assert backup.faults(sqlite_db) == []


def test_a_file_that_is_no_database_is_refused_and_touches_nothing(sqlite_db, tmp_path):
    wrong = tmp_path / "photo.db"
    wrong.write_bytes(b"\x89PNG" * 1000)
    with pytest.raises(backup.NotADatabase):
        backup.restore(wrong, tmp_path / "an-lo.db")
    assert backup.faults(sqlite_db) == []


def test_faults_are_found(sqlite_db, tmp_path, now):
    with sqlite_db.engine.connect() as c:
        raw = c.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO list_members (list_id, contact_id, joined_at) VALUES (1, 1, 'x')")
        raw.execute("PRAGMA foreign_keys=ON")
    assert len(backup.faults(sqlite_db)) == 2
