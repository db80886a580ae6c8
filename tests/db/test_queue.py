"""The job queue's tables come with the migrations, and are those of the package that works on them."""

from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import inspect, text

from db import migrate, queue
from db.engine import open_database
from tests.conftest import SEAL

SCRIPT = Path(migrate.__file__).parent / "migrations" / "versions" / "0010_queue.sql"


def test_the_script_is_the_installed_package_s_own():
    """A newer Procrastinate brings changes of its own: then a revision with them is due."""
    assert SCRIPT.read_text(encoding="utf-8").endswith(SchemaManager.get_schema())


def test_migrations_make_the_queue_where_there_is_one(db):
    with db.reading() as c:
        there = {name for name in inspect(c).get_table_names() if name.startswith("procrastinate_")}
        assert there == ({"procrastinate_jobs", "procrastinate_workers", "procrastinate_events",
                          "procrastinate_periodic_defers"} if db.dialect == "postgresql" else set())


@pytest.mark.postgresql
def test_where_a_worker_made_it_before_it_stays(postgres_template):
    """Before revision 0010 the first worker made the tables; its jobs are kept."""
    db = open_database(postgres_template.create("queue_before"), SEAL)
    try:
        with db.transaction() as c:
            c.connection.driver_connection.execute(SchemaManager.get_schema())
            job = "'bulk', 'send_batch', jsonb_build_object('wave_id', 7)"
            c.execute(text(f"INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ({job})"))
        assert migrate.upgrade(db) is None
        with db.reading() as c:
            assert queue.batches_waiting(c, "send_batch") == {7: 1}
    finally:
        db.close()
        postgres_template.drop("queue_before")
