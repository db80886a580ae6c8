"""A copy made while the database is in use comes back whole; a wrong file changes nothing."""

import pytest
from sqlalchemy import insert, select

from db import backup
from db.tables import keepsakes


def test_a_copy_is_whole_and_comes_back(sqlite_db, tmp_path):
    with sqlite_db.transaction() as c:
        c.execute(insert(keepsakes).values(name="before", value=b""))
    copy = tmp_path / "copy.db"
    assert backup.backup(sqlite_db, copy) > 0
    with sqlite_db.transaction() as c:
        c.execute(insert(keepsakes).values(name="after", value=b""))
    sqlite_db.close()
    kept = backup.restore(copy, tmp_path / "an-lo.db")
    with sqlite_db.reading() as c:
        assert c.execute(select(keepsakes.c.name)).scalars().all() == ["before"]
    assert kept.exists()
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
