"""The writer rules: nobody ever meets "database is locked", a reader never waits, an error leaves nothing behind."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select, text, update

from db.canary import key_fits
from db.engine import open_database
from db.seal import Seal
from db.tables import keepsakes


def count(db) -> int:
    with db.reading() as c:
        return c.execute(select(func.count()).select_from(keepsakes)).scalar_one()


def add(db, name: str) -> None:
    with db.transaction() as c:
        c.execute(select(keepsakes.c.name).where(keepsakes.c.name == name)).all()
        c.execute(insert(keepsakes).values(name=name, value=b""))


def test_every_writing_transaction_on_sqlite_starts_with_the_write_lock(sqlite_db):
    """A deferred transaction that reads first and writes later is what meets "database is locked"."""
    said = []
    with sqlite_db.engine.connect() as c:
        c.connection.driver_connection.set_trace_callback(said.append)
    with sqlite_db.transaction() as c:
        c.execute(select(keepsakes.c.name)).all()
    assert "BEGIN IMMEDIATE" in said
    assert "BEGIN" not in said


def test_two_writing_threads_another_process_and_a_web_request_never_meet_a_locked_database(sqlite_url):
    """Two databases on one file are two processes as far as locks go: each has its own in-process lock."""
    here, there = (open_database(sqlite_url, Seal([b"k" * 32])) for _ in range(2))

    def write(db, who):
        for n in range(150):
            add(db, f"{who}-{n}")

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, db, who) for who, db in enumerate((here, here, there))]
        request = pool.submit(lambda: [count(here) for _ in range(150)])
        assert [future.exception() for future in (*writers, request)] == [None] * 4
    assert count(here) == 450
    assert request.result() == sorted(request.result())
    here.close()
    there.close()


def test_a_reader_does_not_wait_for_a_writer(sqlite_db):
    with sqlite_db.transaction() as c:
        c.execute(insert(keepsakes).values(name="half", value=b""))
        seen = []
        reader = threading.Thread(target=lambda: seen.append(count(sqlite_db)))
        reader.start()
        reader.join(5)
        assert seen == [0]


def test_an_error_leaves_nothing_behind(db):
    with pytest.raises(RuntimeError), db.transaction() as c:
        c.execute(insert(keepsakes).values(name="gone", value=b""))
        raise RuntimeError
    assert count(db) == 0


def test_intent_to_send_waits_for_the_disk_and_the_rest_does_not(sqlite_db):
    def synchronous(**kind):
        with sqlite_db.transaction(**kind) as c:
            return c.execute(text("PRAGMA synchronous")).scalar_one()

    assert (synchronous(), synchronous(durable=True), synchronous()) == (1, 2, 1)


def test_another_key_is_noticed_before_it_does_harm(db_url):
    right, wrong = (open_database(db_url, Seal([key * 32])) for key in (b"r", b"w"))
    assert key_fits(right)
    assert key_fits(right)
    assert not key_fits(wrong)
    right.close()
    wrong.close()


def test_concurrent_writers_lose_no_update(db):
    add(db, "counter")

    def bump():
        for _ in range(20):
            with db.transaction() as c:
                row = select(keepsakes.c.value).where(keepsakes.c.name == "counter").with_for_update()
                value = bytes(c.execute(row).scalar_one())
                c.execute(update(keepsakes).where(keepsakes.c.name == "counter").values(value=value + b"x"))

    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as c:
        assert len(bytes(c.execute(select(keepsakes.c.value)).scalar_one())) == 80
