"""Migrations: numbered in one line, equal to the tables, refused by an older program."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from db import migrate
from db.engine import open_database
from db.seal import Seal
from db.tables import metadata


def test_migrated_tables_are_the_tables_of_the_code(db):
    opts = {"compare_type": True, "include_name": lambda name, kind, parents: not _of_the_queue(name, kind)}
    with db.reading() as c:
        differences = compare_metadata(MigrationContext.configure(c, opts=opts), metadata)
    assert differences == []


def _of_the_queue(name, kind) -> bool:
    """tests/db/test_queue.py looks after those."""
    return kind == "table" and name.startswith("procrastinate_")


def test_one_head_and_the_newest_is_it():
    folder = Path(migrate.__file__).parent / "migrations"
    assert ScriptDirectory(folder).get_heads() == [migrate.newest()]


def test_upgrading_again_changes_nothing(db):
    assert migrate.upgrade(db) == migrate.newest()


def test_a_newer_database_is_left_alone(db):
    with db.transaction() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.Newer, match="9999"):
        migrate.upgrade(db)


def test_a_place_that_cannot_be_opened_is_said(tmp_path):
    db = open_database(f"sqlite:///{tmp_path / 'nowhere' / 'an-lo.db'}", Seal([b"k" * 32]))
    with pytest.raises(migrate.Unreachable):
        migrate.upgrade(db)


def test_refused_rows_outlive_the_tables_rewriting(tmp_path):
    """0002 writes SQLite's imports anew, and what hangs on them would go with the old table."""
    db = open_database(f"sqlite:///{tmp_path / 'an-lo.db'}", Seal([b"k" * 32]))
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with db.transaction() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0001")
    with db.transaction() as c:
        c.execute(text("INSERT INTO lists (name, folded, created_at) VALUES ('A', 'a', '2026')"))
        columns = "list_id, filename, stored_as, source, created_at"
        c.execute(text(f"INSERT INTO imports ({columns}) VALUES (1, 'f', 's', 'x', '2026')"))
        c.execute(text("INSERT INTO import_refusals (import_id, line, code, row_sealed) VALUES (1, 7, 'empty', x'00')"))
    migrate.upgrade(db)
    with db.reading() as c:
        assert c.execute(text("SELECT import_id, line, code FROM import_refusals")).all() == [(1, 7, "empty")]
        assert c.execute(text("PRAGMA foreign_key_check")).all() == []
    db.close()
